-- sandbox/lua/twilio/sandbox/http/codes.lua

local codes = require "twilio.sandbox.http.codes"
local router = require "twilio.sandbox.http.router"

describe("sandbox.http.codes", function()
   local function missing(host, path, verb, name)
      local err = codes.missing(router.find(host, path).place.verbs[verb], name)
      return err and { err.status, err.code, err.message }
   end

   local MESSAGES = "/2010-04-01/Accounts/AC1/Messages.json"

   it("has the codes that an operation's own parameters have", function()
      assert.same(
         { 400, 21604, "A 'To' is required." }, missing("api.twilio.com", MESSAGES, "POST", "to"))
      assert.same({ 400, 60200, "A 'Channel' is required." },
         missing("verify.twilio.com", "/v2/Services/VA1/Verifications", "POST", "channel"))
   end)

   it("has none for all others", function()
      assert.is_nil(missing("api.twilio.com", MESSAGES, "POST", "send_at"))
      assert.is_nil(missing("verify.twilio.com", "/v2/Services", "POST", "friendly_name"))
      assert.is_nil(missing("api.twilio.com", MESSAGES, "GET", "to"))
   end)
end)
