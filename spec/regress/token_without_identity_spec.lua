-- An access token with a voice, chat or video grant and without an identity was made, and refused
-- by each client SDK, far from the line that forgot it.

local raised = require "support.raised"
local twilio = require "twilio"

it("a token for the voice, chat and video SDKs has an identity", function()
   local arguments = { account_sid = "AC1", api_key = "SK1", api_secret = "s", now = 0 }
   for _, name in ipairs { "voice", "chat", "video" } do
      arguments.grants, arguments.identity = { [name] = {} }, nil
      assert.equal(("argument 'identity' is required with the %s grant"):format(name),
         raised(function() return twilio.jwt.access_token(arguments), 1 end))
      arguments.identity = "ada"
      assert.is_string(twilio.jwt.access_token(arguments))
   end
end)
