-- sandbox/lua/twilio/sandbox/server/events.lua: changes as server-sent events.

local console = require "twilio.sandbox.server.console"
local json = require "twilio.json"
local sandbox_client = require "support.sandbox_client"

describe("sandbox.server.events", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   local function connect(last_id, headers)
      local response = console.answer(box, {
         method = "GET", url = "/__sandbox/events",
         headers = { host = "localhost", ["last-event-id"] = last_id, origin = headers },
      })
      return response.events, response
   end

   -- The fields of an event's text.
   local function read(text)
      local id, name, data = text:match "^id: ([^\n]*)\nevent: ([^\n]*)\ndata: ([^\n]*)\n\n$"
      assert(name, text)
      return id, name, assert(json.decode(data))
   end

   it("gives the state at once, and again only when it has changed", function()
      client.messages:create { to = sandbox_client.OTHER, from = sandbox_client.NUMBER, body = "a\nb" }
      local events, response = connect()
      assert.same({ 200, "text/event-stream", "no-store" },
         { response.status, response.headers["content-type"], response.headers["cache-control"] })
      local first, name, state = read(events:next())
      assert.same({ "state", "a\nb" }, { name, state.messages[1].body })
      assert.is_nil(events:next())
      client.messages:list()
      local second, _, after = read(events:next())
      assert.is_not_equal(first, second)
      assert.equal("GET", after.requests[1].method)
   end)

   it("tells who comes again only of what it hasn't seen", function()
      local id = read(connect():next())
      assert.is_nil(connect(id):next())
      client.messages:list()
      assert.is_string(connect(id):next())
      assert.is_string(connect("nonsense"):next())
   end)

   it("has a beat with the clock, whose data is one line", function()
      local text = connect():beat()
      local data = text:match "^event: clock\ndata: ([^\n]*)\n\n$"
      assert.equal(box:now(), json.decode(data).now)
   end)

   it("is over when the sandbox was removed", function()
      local events = connect()
      assert.is_false(events:is_over())
      box.is_removed = true
      assert.is_true(events:is_over())
      assert.matches("^event: removed\ndata: [^\n]+\n\n$", events.REMOVED)
   end)

   it("is for pages of the sandbox's own only", function()
      local _, response = connect(nil, "http://evil.example")
      assert.equal(403, response.status)
      assert.is_nil(response.events)
   end)
end)
