-- sandbox/http/webhook.lua: the requests that Twilio makes to its users' programs: signed as the
-- real ones.
--
-- How a request gets there is the sandbox's `deliver`: a function of the test, or HTTP when served.
-- Everything sent is kept in a log. Must not know what the parameters mean.

local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local options = require "twilio.util.options"

local webhook = {}

local KEPT = 1000 -- requests in the log
local LONGEST_ANSWER = 4096 -- bytes of a body that is kept

local function pairs_of(params)
   local out = {}
   for _, name in ipairs(options.names(params)) do
      out[#out + 1], out[#out + 2] = name, tostring(params[name])
   end
   return out
end

local function sign(token, url, params)
   local validator = crypto.validator(token)
   local signature = assert(validator:sign(url, params))
   validator:close()
   return signature
end

local function request_of(sandbox, account_sid, method, url, params)
   url = url:gsub("#.*$", "") -- connection overrides: they are Twilio's, and aren't sent or signed
   local form = core.form_encode(pairs_of(params))
   local headers = {
      ["User-Agent"] = "TwilioProxy/1.1", Accept = "*/*",
      ["I-Twilio-Idempotency-Token"] = sandbox.ids:hex(32),
   }
   if method == "GET" then
      url = url .. (url:find("?", 1, true) and "&" or "?") .. form
      form = ""
   else
      headers["Content-Type"] = "application/x-www-form-urlencoded"
   end
   headers["X-Twilio-Signature"] = sign(sandbox.accounts:token(account_sid), url, form)
   local query = core.form_decode(url:match "^[^#?]*%??([^#]*)")
   return {
      method = method, url = url, headers = headers, body = form, params = params, query = query,
   }
end

local function keep(sandbox, entry)
   local log = sandbox.webhook_log
   sandbox.webhook_count = sandbox.webhook_count + 1
   sandbox.changes = sandbox.changes + 1
   entry.id = sandbox.webhook_count
   log[#log + 1] = entry
   if #log > KEPT then table.remove(log, 1) end
   return entry
end

-- A handler may answer with a whole response or with its body alone.
local function as_response(value, message)
   if type(value) == "table" and getmetatable(value) == nil and value.status then return value end
   if value == nil or value == false then return nil, message or "no answer" end
   return { status = 200, headers = { ["content-type"] = "text/xml" }, body = tostring(value) }
end

--- Sends a request to a user's program and waits for its answer.
-- @param params (table) name -> value
-- @return (table) { status, headers, body }
-- @return[2] nil, (string) why there is no answer
function webhook.ask(sandbox, account_sid, method, url, params)
   local request = request_of(sandbox, account_sid, method or "POST", url, params)
   local entry = keep(sandbox, {
      at = sandbox.clock.now, method = request.method, url = request.url, params = params,
      account_sid = account_sid, target = url,
      signature = request.headers["X-Twilio-Signature"],
   })
   if not sandbox.deliver then
      entry.error = "not sent: the sandbox was made without `webhook`"
      return nil, entry.error
   end
   local response, message = as_response(sandbox.deliver(request))
   entry.status, entry.error = response and response.status, message
   local body = response and response.body
   -- The log is shown as JSON: neither media (by its control bytes) nor a long answer.
   if type(body) == "string" and #body <= LONGEST_ANSWER
      and not body:find("[%z\1-\8\254\255]") then
      entry.answer = body
   end
   sandbox.changes = sandbox.changes + 1
   return response, message
end

--- Sends a request of the log once more, signed anew.
-- @param id (integer) of its entry
-- @return (table) the new entry; nil: the log has no such entry
function webhook.replay(sandbox, id)
   for _, entry in ipairs(sandbox.webhook_log) do
      if entry.id == id then
         local new_id = sandbox.webhook_count + 1 -- others may come while the answer is waited for
         webhook.ask(sandbox, entry.account_sid, entry.method, entry.target, entry.params)
         for i = #sandbox.webhook_log, 1, -1 do
            if sandbox.webhook_log[i].id == new_id then return sandbox.webhook_log[i] end
         end
      end
   end
   return nil
end

--- Tells a user's program something, without waiting.
function webhook.tell(sandbox, account_sid, method, url, params)
   if type(url) ~= "string" or url == "" then return end
   sandbox:spawn(function() webhook.ask(sandbox, account_sid, method, url, params) end)
end

return webhook
