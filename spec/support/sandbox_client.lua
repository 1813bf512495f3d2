-- sandbox_client.lua: a sandbox and a client of it, for specs.
--
--   local sandbox_client = require "support.sandbox_client"
--   local box, client, asked = sandbox_client.new({ outcomes = ... }, { max_retries = 2 })
--
-- The sandbox has a seed (it begins at 2026-01-01, 00:00:00 UTC), and answers its webhooks with
-- an empty <Response/>, unless the options say otherwise; `asked` is the array of these requests.

local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local sandbox_client = {
   ACCOUNT = "AC" .. ("a"):rep(32), TOKEN = ("b"):rep(32), -- the client's
   NUMBER = "+14155552344", OTHER = "+15558675310",
   START = 1767225600, -- the sandbox's clock at its beginning, in epoch seconds
}

local function with(defaults, options)
   for name, value in pairs(options or {}) do defaults[name] = value end
   return defaults
end

--- Makes a client of a sandbox that is there.
-- @param options (table | nil) of twilio.client, over the defaults here
function sandbox_client.of(box, options)
   return twilio.client(with({
      account_sid = sandbox_client.ACCOUNT, auth_token = sandbox_client.TOKEN, transport = box,
      max_retries = 0,
   }, options))
end

--- Makes a sandbox and its client.
-- @param options (table | nil) of sandbox.new
-- @param client_options (table | nil) of twilio.client
-- @return (Sandbox), (client), (array) the webhooks' requests
function sandbox_client.new(options, client_options)
   local asked = {}
   local function webhook(request)
      asked[#asked + 1] = request
      return "<Response/>"
   end
   local box = sandbox.new(with({ seed = 1, webhook = webhook }, options))
   return box, sandbox_client.of(box, client_options), asked
end

--- Makes a sandbox, its client, and a shop (NUMBER) whose messages and calls http://app.example
-- answers.
-- @return (Sandbox), (client), (table) pages: path -> an answer, or function(request) -> answer;
--    (array) the webhooks' requests
function sandbox_client.shop()
   local pages, asked = {}, {}
   local box, client = sandbox_client.new { webhook = function(request)
      asked[#asked + 1] = request
      local page = pages[request.url:match("^http://app%.example(/[^?]*)")]
      if type(page) == "function" then return page(request) end
      return page
   end }
   assert(client.incoming_phone_numbers:create {
      phone_number = sandbox_client.NUMBER, sms_url = "http://app.example/sms",
      voice_url = "http://app.example/voice",
      sms_fallback_url = "http://app.example/spare",
      voice_fallback_url = "http://app.example/spare",
   })
   return box, client, pages, asked
end

--- The verbs of a transcript, as one text.
function sandbox_client.verbs(transcript)
   local out = {}
   for i, entry in ipairs(transcript) do out[i] = entry.verb end
   return table.concat(out, " ")
end

return sandbox_client
