-- lua/twilio/resource/open_list.lua: lists that need path arguments before they can do anything.

local fake = require "support.fake"
local raised = require "support.raised"

describe("a list whose path has placeholders", function()
   it("becomes a list when it is called with its arguments", function()
      local client, transport = fake.client()
      local open = client.numbers.v1.embedded_sessions
      assert.equal(
         "twilio resource /v1/SenderIdRegistrations/{BundleSid}/EmbeddedSessions", tostring(open))
      open("BU1"):create {}
      assert.equal("POST https://numbers.twilio.com/v1/SenderIdRegistrations/BU1/EmbeddedSessions",
         transport.last.method .. " " .. transport.last.url)
      open("a/b?c"):create {}
      assert.matches("/SenderIdRegistrations/a%%2Fb%%3Fc/EmbeddedSessions$", transport.last.url)
   end)

   it("can do nothing before, and says how to call it", function()
      local client, transport = fake.client()
      local open = client.numbers.v1.embedded_sessions
      assert.matches("bundle_sid", raised(function() open:create {} end))
      assert.matches("bundle_sid", raised(function() return open.list end))
      assert.equal(0, #transport.requests)
   end)

   it("raises for too few, too many and wrong arguments, at the caller's line", function()
      local open = fake.client().numbers.v1.embedded_sessions
      assert.equal("this resource has no instances", raised(function() open() end))
      assert.equal("this resource has no instances", raised(function() open("BU1", "x") end))
      assert.equal("path argument 'bundle_sid' is a table, expected text", raised(function()
         open {}
      end))
      assert.equal("path argument 'bundle_sid' is empty", raised(function() open "" end))
      assert.equal("path argument 'bundle_sid' is missing", raised(function() open(nil) end))
   end)

   it("has no fields of its own to be found by mistake", function()
      local open = fake.client().numbers.v1.embedded_sessions
      assert.is_nil(open._nothing)
      assert.is_nil(open[1])
   end)
end)

-- An instance's arguments may follow the list's in the same call.
describe("a list of instances whose path has placeholders", function()
   local function open_of(client)
      local version = { host = "x", path = "/v1", nodes = {} }
      local node = {
         list = { "/As/{A}/Bs", create = "POST" }, item = { "/As/{A}/Bs/{B}", fetch = "GET" },
      }
      return require("twilio.resource").list(
         client, version, node, { path = "/v1", template = "/v1" })
   end

   it("gives an instance for all arguments, and a list for its own", function()
      local client, transport = fake.client()
      open_of(client)("a", "b"):fetch()
      assert.equal("https://x.twilio.com/v1/As/a/Bs/b", transport.last.url)
      open_of(client)("a"):create()
      assert.equal("https://x.twilio.com/v1/As/a/Bs", transport.last.url)
      open_of(client)("a")("c"):fetch()
      assert.equal("https://x.twilio.com/v1/As/a/Bs/c", transport.last.url)
   end)

   it("says how many arguments it takes", function()
      local open = open_of(fake.client())
      assert.equal("expected (a), got 0 arguments", raised(function() open() end))
      assert.equal("expected (a), got 3 arguments", raised(function() open("a", "b", "c") end))
   end)
end)
