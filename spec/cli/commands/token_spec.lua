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

   local with_token = command.new { environment = {
      TWILIO_ACCOUNT_SID = ENVIRONMENT.TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN = "hush-token",
   } }

   it("makes capability tokens, as the library does, and reads them", function()
      local code, out, err = with_token { "token", "client", "--outgoing", "AP1", "--outgoing-params",
         '{"a":1}', "--incoming", "jenny", "--event", "to=x", "--ttl", "60" }
      assert.equal(0, code, err)
      local payload = assert(jwt.decode(out:gsub("\n", ""), "hush-token"))
      assert.is_true(payload.exp <= os.time() + 60)
      local same = assert(jwt.decode(jwt.client_capability {
         account_sid = ENVIRONMENT.TWILIO_ACCOUNT_SID, auth_token = "hush-token", incoming = "jenny",
         outgoing = { application_sid = "AP1", params = { a = 1 } }, events = { to = "x" },
      }, "hush-token"))
      assert.equal(same.scope, payload.scope)
      assert.equal(ENVIRONMENT.TWILIO_ACCOUNT_SID .. "\n",
         select(2, with_token("--query iss token decode " .. out)))
      code, out, err = with_token("token taskrouter --workspace-sid WS1 --channel WK1"
         .. " --allow update_activities --allow fetch_subresources")
      assert.equal(0, code, err)
      payload = assert(jwt.decode(out:gsub("\n", ""), "hush-token"))
      assert.equal("WK1", payload.worker_sid)
      local plain = assert(jwt.decode(jwt.taskrouter_capability {
         account_sid = "AC1", auth_token = "hush-token", workspace_sid = "WS1", channel = "WK1",
      }, "hush-token"))
      assert.equal(#plain.policies + 2, #payload.policies)
   end)

   it("tells mistakes in those", function()
      for line, text in pairs {
         ["token client --outgoing AP1 --outgoing-params x"] = "must be a JSON object",
         ["token client --outgoing-params {}"] = "needs %-%-outgoing",
         ["token client --event x"] = "is not NAME=VALUE",
         ["token taskrouter"] = "%-%-workspace%-sid WS%.%.%. is missing",
         ["token taskrouter --workspace-sid WS1 --allow fetch_slef"] = "did you mean 'fetch_self'",
      } do
         local code, _, err = with_token(line)
         assert.equal(2, code)
         assert.matches(text, err)
         assert.is_nil(err:find("%.lua:%d"))
      end
      local code, _, err = run "token client --incoming a"
      assert.equal(2, code)
      assert.matches("signed with the auth token", err)
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
