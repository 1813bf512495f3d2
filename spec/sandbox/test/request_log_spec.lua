-- sandbox/lua/twilio/sandbox/test/request_log.lua: the requests that came.

local sandbox = require "twilio.sandbox"
local sandbox_client = require "support.sandbox_client"

local MESSAGE = { to = sandbox_client.OTHER, from = sandbox_client.NUMBER, body = "Hello" }

local box, client

before_each(function() box, client = sandbox_client.new() end)

describe("requests", function()
   it("are remembered with their parameters and status, without the secret", function()
      client.messages:create(MESSAGE)
      client.messages:list { to = "+1" }
      local all = box:requests()
      assert.same(
         { 2, "POST", 201, "GET", 200 },
         { #all, all[1].method, all[1].status, all[2].method, all[2].status })
      assert.same({ "Hello", "+1" }, { all[1].params.Body, all[2].params.To })
      assert.equal("(hidden)", all[1].headers.authorization)
      assert.equal(1, #box:requests { method = "GET" })
      assert.equal(1, #box:requests { path = "/Messages%.json$", params = { Body = "Hello" } })
      assert.equal(0, #box:requests { params = { Body = "Other" } })
   end)

   it("have an id, a time, and the SID of what was answered", function()
      local message = client.messages:create(MESSAGE)
      box:forget()
      client.messages:list()
      client.messages(message.sid):fetch()
      local all = box:requests()
      assert.same({ 2, 3, box:now(), message.sid }, { all[1].id, all[2].id, all[1].at, all[2].sid })
      assert.is_nil(all[1].sid)
   end)

   it("are answered once more, with the credentials that they came with", function()
      client.messages:create(MESSAGE)
      client.messages:list()
      local entry = box:replay(1, "request")
      assert.same({ 3, "POST", 201, "(hidden)" },
         { entry.id, entry.method, entry.status, entry.headers.authorization })
      assert.equal(2, #client.messages:list())
      assert.is_not_equal(box:requests()[1].sid, entry.sid)
      box:fail { reset = true, times = 1 }
      assert.is_nil(box:replay(1, "request").status)
      for _, id in ipairs { 0, 99 } do
         assert.has_error(function() box:replay(id, "request") end,
            "replay.id: there is no request " .. id)
      end
      box:forget()
      assert.is_false(pcall(box.replay, box, 1, "request"))
   end)

   it("are only so many", function()
      box = sandbox.new { journal = 3 }
      client = sandbox_client.of(box)
      for i = 1, 5 do client.messages:create { to = "+1" .. i, from = "+1", body = "x" } end
      local all = box:requests()
      assert.same({ 3, "+13", "+15" }, { #all, all[1].params.To, all[3].params.To })
      assert.is_false(pcall(box.replay, box, 2, "request"))
      assert.equal("+13", box:replay(3, "request").params.To)
   end)

   it("can be expected", function()
      client.messages:create(MESSAGE)
      assert.equal(1, #box:expect { method = "POST", params = { To = MESSAGE.to } })
      box:expect { method = "DELETE", times = 0 }
      local ok, why = pcall(function() box:expect { method = "POST", params = { To = "+9" } } end)
      assert.is_false(ok)
      assert.matches("request_log_spec%.lua:%d+: expected at least one POST", why)
      assert.matches("Hello", why)
      assert.is_false(pcall(function() box:expect { method = "POST", times = 2 } end))
   end)

   it("are forgotten on demand", function()
      client.messages:create(MESSAGE)
      box:forget()
      assert.same({}, box:requests())
      assert.equal(1, #client.messages:list())
   end)
end)
