-- cli/commands/token.lua: access tokens from the command line.

local command = require "support.command"
local jwt = require "twilio.jwt"

local ENVIRONMENT = {
   TWILIO_ACCOUNT_SID = "AC" .. ("a"):rep(32), TWILIO_API_KEY = "SK1", TWILIO_API_SECRET = "hush-secret",
}

local run = command.new { environment = ENVIRONMENT }

describe("twilio token", function()
   it("makes a token with grants", function()
      local code, out, err = run("token --identity alice --ttl 60 --grant voice.outgoing_application_sid=AP1"
         .. " --grant voice.incoming-allow=true --grant video --grant chat.service_sid=IS1")
      assert.equal(0, code, err)
      local payload = assert(jwt.decode(out:gsub("\n", ""), "hush-secret"))
      assert.is_true(payload.exp < os.time() + 600)
      assert.same({
         identity = "alice", video = {}, chat = { service_sid = "IS1" },
         voice = { incoming = { allow = true }, outgoing = { application_sid = "AP1" } },
      }, payload.grants)
      assert.equal("SK1", payload.iss)
   end)

   it("reads one, and says why it isn't valid", function()
      local token = jwt.access_token {
         account_sid = "AC1", api_key = "SK1", api_secret = "hush-secret", identity = "bob",
      }
      assert.equal("bob\n", select(2, run("--query grants.identity token decode " .. token)))
      local stdin = command.new { environment = ENVIRONMENT, input = token .. "\n" }
      assert.equal("bob\n", select(2, stdin "--query grants.identity token decode"))
      local code, out, err = run("token decode " .. token:sub(1, -3) .. "xx")
      assert.equal(1, code)
      assert.equal("", out)
      assert.matches("signature", err)
      assert.equal(1, (run "token decode x"))
   end)

   it("tells mistakes", function()
      for line, text in pairs {
         ["token --grant voice.x"] = "neither NAME nor NAME.FIELD=VALUE",
         ["token --grant vidoe"] = "did you mean 'video'",
         ["token --grant video"] = "identity",
         ["token --grant video.rom=x --identity a"] = "did you mean 'room'",
      } do
         local code, _, err = run(line)
         assert.equal(2, code)
         assert.matches(text, err)
         assert.is_nil(err:find("%.lua:%d"))
      end
      local code, _, err = command.new { environment = {} } "token"
      assert.equal(2, code)
      assert.matches("tokens are signed with an API key", err)
   end)
end)
