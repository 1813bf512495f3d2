-- outbox_client.lua: a client whose transport answers messages:create as a spec wants, and counts
-- what was asked.
--
--   local client, api = outbox_client.new(function(params, request) return status, body, headers end)
--   -- api.count: requests; api.bodies: body -> how often
--
-- Without a function each message is taken: 201 and a SID. Lists are empty. A function may also return a table with
-- `kind`: then no response came.

local core = require "twilio.core"
local json = require "twilio.json"
local twilio = require "twilio"

local outbox_client = {}

function outbox_client.new(answer)
   local api = { count = 0, bodies = {}, params = {} }
   local transport = {}
   function transport.send(_, request)
      if request.method == "GET" then
         return { status = 200, headers = {}, body = '{"messages":[],"next_page_uri":null}' }
      end
      local params = core.form_decode(request.body or "")
      api.count = api.count + 1
      api.params[api.count] = params
      local body = params.Body or ""
      api.bodies[body] = (api.bodies[body] or 0) + 1
      local status, fields, headers = 201, { sid = ("SM%032d"):format(api.count) }, {}
      if answer then
         local given, more, others = answer(params, request, api.count)
         if type(given) == "table" then return nil, given end
         if given then status, fields, headers = given, more or {}, others or {} end
      end
      return { status = status, headers = headers, body = json.encode(fields) }
   end
   local client = twilio.client {
      account_sid = "AC" .. ("a"):rep(32), auth_token = ("b"):rep(32), transport = transport,
   }
   return client, api
end

-- So many messages, each with a text of its own.
function outbox_client.fill(outbox, count)
   local items = {}
   for i = 1, count do
      items[i] = { key = "k" .. i, to = "+15558675310", from = "+14155552344", body = "text " .. i }
   end
   assert(outbox:add_all(items))
   return items
end

return outbox_client
