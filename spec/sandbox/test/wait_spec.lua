-- sandbox/lua/twilio/sandbox/test/wait.lua, through sandbox:wait.

local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("sandbox:wait", function()
   local box, client

   before_each(function() box, client = sandbox_client.new() end)

   it("finds a message at once, or when time has brought it about", function()
      local message = assert(client.messages:create { to = OTHER, from = NUMBER, body = "Code 17" })
      local start = box:now()
      local found = box:wait { kind = "message", match = { to = OTHER, contains = "17" } }
      assert.same({ message.sid, start }, { found.sid, box:now() })
      found = box:wait { kind = "message", match = { status = "delivered" }, timeout = 60 }
      assert.same({ message.sid, 2 }, { found.sid, box:now() - start })
   end)

   it("finds only what is newer than what was found before, if it is told so", function()
      client.messages:create { to = OTHER, from = NUMBER, body = "One" }
      local first = box:wait { kind = "message" }
      assert.is_nil(box:wait { kind = "message", after = first.seq, timeout = 1 })
      client.messages:create { to = OTHER, from = NUMBER, body = "Two" }
      assert.equal("Two", box:wait({ kind = "message", after = first.seq }).body)
   end)

   it("gives up when the time is over", function()
      local start = box:now()
      assert.is_nil(box:wait { kind = "call", timeout = 7.5 })
      assert.equal(7.5, box:now() - start)
   end)

   it("finds calls with their transcript, requests and webhooks", function()
      assert(client.calls:create {
         to = OTHER, from = NUMBER, twiml = "<Response><Say>Hi</Say></Response>",
         status_callback = "http://app.example/done",
      })
      local call = box:wait { kind = "call", match = { status = "completed" } }
      assert.equal("Say", call.transcript[1].verb)
      local request = box:wait { kind = "request", match = { path = "/Calls" } }
      assert.equal(OTHER, request.params.To)
      local hook = box:wait { kind = "webhook", match = { params = { CallSid = call.sid } } }
      assert.equal("http://app.example/done", hook.url)
      assert.is_nil(box:wait { kind = "webhook", match = { url = "http://x" }, timeout = 1 })
   end)

   it("finds only newer requests, too, by a pattern that takes no long time", function()
      client.messages:list()
      local first = box:wait { kind = "request" }
      assert.is_nil(box:wait { kind = "request", after = first.id, timeout = 1 })
      client.messages:list()
      assert.equal(2, box:wait({ kind = "request", after = first.id }).id)
      client:request("GET", "https://api.twilio.com/" .. ("a"):rep(3000))
      local match = { path = (".-"):rep(60) .. "xyz" } -- by string.find: longer than anyone waits
      assert.is_nil(box:wait { kind = "request", match = match, timeout = 0 })
   end)

   it("takes real time where it is served, whatever the clock does", function()
      local real = 500
      box.is_served, box.real_time = true, function() return real end
      function box.pause(_, seconds) real = real + seconds end
      box:set_clock { frozen = true }
      local start = box:now()
      assert.is_nil(box:wait { kind = "message", timeout = 3 })
      assert.same({ 503, start }, { math.floor(real + 0.5), box:now() })
      box.is_removed = true
      assert.is_nil(box:wait { kind = "message", timeout = 300 })
      assert.is_true(real < 504)
   end)

   it("raises for mistakes in what the kind can match", function()
      for kind, matches in pairs {
         message = { { contains = 5 }, { to = {} }, { "x" }, function() end },
         request = { { url = "x" }, { path = "%" }, { params = 5 } },
         webhook = { { path = "x" }, { params = "x" }, { url = 5 }, function() end },
      } do
         for _, match in ipairs(matches) do
            local ok, message = pcall(box.wait, box, { kind = kind, match = match, timeout = 0 })
            assert.is_false(ok, kind)
            assert.matches("wait%.match'? must be ", message)
         end
      end
      client.messages:list()
      assert.is_table(box:wait { kind = "request", match = function() return true end })
   end)

   it("raises for mistakes", function()
      for _, given in ipairs { {}, { kind = "letter" }, { kind = "call", timeout = 301 } } do
         assert.has_error(function() box:wait(given) end)
      end
   end)
end)
