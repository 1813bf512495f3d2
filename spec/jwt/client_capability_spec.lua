-- client_capability_spec.lua: the scope of client capability tokens.

local client_capability = require "twilio.jwt.client_capability"

local function build(more)
   local arguments = { account_sid = "AC1", auth_token = "t", now = 1000 }
   for name, value in pairs(more or {}) do arguments[name] = value end
   return client_capability(arguments)
end

local function check(expected, more)
   local _, payload = build(more)
   assert.equal(expected, payload.scope)
end

describe("client capability tokens", function()
   it("have header and claims", function()
      local header, payload, secret = build { ttl = 60 }
      assert.same({ alg = "HS256", typ = "JWT" }, header)
      assert.same({ iss = "AC1", exp = 1060, scope = "" }, payload)
      assert.equal("t", secret)
   end)

   it("allow outgoing calls", function()
      check("scope:client:outgoing?appSid=AP1", { outgoing = { application_sid = "AP1" } })
      check(
         "scope:client:outgoing?appSid=AP1", {
            outgoing = { application_sid = "AP1", params = {} },
         })
      check(
         "scope:client:outgoing?appSid=AP1&appParams=foobar%3D3",
         { outgoing = { application_sid = "AP1", params = { foobar = 3 } } })
      check("scope:client:outgoing?appSid=AP1&appParams=a%3Db%2520%2526c%26d%3Dtrue%26e%3D1%26e%3D2",
         {
            outgoing = {
               application_sid = "AP1", params = { d = true, a = "b &c", e = { 1, 2.0 } },
            },
         })
   end)

   it("allow incoming calls, whose name outgoing ones have too", function()
      check("scope:client:incoming?clientName=andy%20b", { incoming = "andy b" })
      check("scope:client:outgoing?appSid=AP1&clientName=andy scope:client:incoming?clientName=andy",
         { outgoing = { application_sid = "AP1" }, incoming = "andy" })
      check(
         "scope:client:outgoing?appSid=AP1&clientName=bob",
         { outgoing = { application_sid = "AP1", client_name = "bob" } })
   end)

   it("allow events", function()
      check("scope:stream:subscribe?path=/2010-04-01/Events", { events = true })
      check("scope:stream:subscribe?path=/2010-04-01/Events", { events = {} })
      check(
         "scope:stream:subscribe?path=/2010-04-01/Events&params=foobar%3Dhey",
         { events = { foobar = "hey" } })
      check("", { events = false })
   end)

   it("say what is wrong", function()
      local function problem(more) return (select(2, build(more))) end
      assert.equal("field of outgoing: 'application_sid' is required", problem { outgoing = {} })
      assert.equal("argument 'incoming' must be a string, got a table", problem { incoming = {} })
      assert.equal(
         "parameter 'x' must be a text, a number, a boolean or a list of them",
         problem { events = { x = { {} } } })
   end)
end)
