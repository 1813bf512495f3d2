-- fuzz/targets/call.lua: any values as the arguments of calls.
--
-- A call raises the caller's mistake as text at the caller's line and sends nothing, or sends one
-- request: its URL is one word and leads to Twilio, no header holds a line break, and its form has
-- each text that was given.

local core = require "twilio.core"
local json = require "twilio.json"
local reader = require "reader"
local twilio = require "twilio"

local URL = "https://api.twilio.com/x"

local sent

local client = assert(twilio.client {
   account_sid = "AC" .. ("0"):rep(32), auth_token = "token", max_retries = 0,
   transport = {
      send = function(_, request)
         sent = request
         return { status = 200, headers = {}, body = "{}" }
      end,
   },
})

-- A call in its argument is no tail call, which would have no line.
local function both(value, err) return value, err end

local OPERATIONS = {
   function(a, o) return both(client.messages:create(a, o)) end,
   function(a, o) return both(client.messages(a):fetch(o)) end,
   function(a, o) return both(client.messages:list(a, o)) end,
   function(a, o) return both(client.messages("SM1"):update(a, o)) end,
   function(a, o) return both(client.calls:create(a, o)) end,
   function(a, o) return both(client.verify.v2.services:create(a, o)) end,
   function(a, o) return both(client.verify.v2.services("VA1").verifications:create(a, o)) end,
   function(a, o) return both(client.content.v1.contents:create(a, o)) end,
   function(a, o) return both(client.conversations.v1.conversations:create(a, o)) end,
   function(a, o) return both(client.trunking.v1.trunks(a):update(o)) end,
   function(a, o) return both(client.studio.v2.flows("FW1").executions:create(a, o)) end,
   function(a, o) return both(client:request("POST", URL, { form = a, query = o })) end,
   function(a, o) return both(client:request("POST", URL, { json = a, headers = o })) end,
   function(a, o) return both(client:request(a, o)) end,
   function(a, o) return both(client.messages:page_at(a, o)) end,
}

local NAMES = {
   "to", "from", "body", "media_url", "send_at", "content_variables", "url", "twiml", "timeout",
   "record", "friendly_name", "code_length", "channel", "parameters", "types", "attributes", "To",
   "limit", "page_size", "headers", "max_retries", "status_callback_event", "language", "end_",
   "message_status", "date_sent", "substitutions", "rate_limits",
}

local function arguments(bytes)
   if bytes:byte() % 8 == 0 then return bytes:value() end
   local given = {}
   for _ = 1, bytes:byte() % 5 do given[bytes:pick(NAMES)] = bytes:value() end
   return given
end

local function check(given)
   assert(sent.url:find "^https://[a-z0-9.-]+%.twilio%.com[/:]" and reader.is_word(sent.url),
      "an odd URL: " .. sent.url)
   for name, text in pairs(sent.headers) do
      assert(not (name .. tostring(text)):find "[\r\n%z]", "a header holds a line break")
   end
   assert(sent.body == nil or type(sent.body) == "string")
   local media = sent.headers["Content-Type"] or ""
   if media:find "json" then assert(json.decode(sent.body) ~= nil, "a body isn't JSON") end
   if not media:find "urlencoded" or type(given) ~= "table" then return end
   local form = core.form_decode(sent.body or "")
   local texts = {}
   for _, value in pairs(form) do
      for _, text in ipairs(type(value) == "table" and value or { value }) do texts[text] = true end
   end
   for name, value in pairs(given) do
      if type(value) == "string" then assert(texts[value], "lost: " .. tostring(name)) end
   end
end

return {
   covers = {
      "lua/twilio/call/operation.lua", "lua/twilio/call/serialize.lua", "lua/twilio/call/body.lua",
      "lua/twilio/call/request.lua", "lua/twilio/call/path.lua", "lua/twilio/call/headers.lua",
      "lua/twilio/util/options.lua", "lua/twilio/util/time.lua", "lua/twilio/client/request.lua",
   },
   run = function(input)
      local bytes = reader.bytes(input)
      local operation = bytes:pick(OPERATIONS)
      local given, options = arguments(bytes), arguments(bytes)
      sent = nil
      local ok, result, err = pcall(function()
         local value, why = operation(given, options)
         return value, why
      end)
      if not ok then
         assert(type(result) == "string" and result:find("targets/call.lua:", 1, true), result)
         assert(sent == nil, "a mistake is raised after something was sent")
      elseif result == nil then
         assert(type(err) == "table" and type(err.kind) == "string" and type(err.message) == "string")
      end
      if sent then check(given) end
   end,
}
