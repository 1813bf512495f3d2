-- Calls in plain Lua over real connections: inside of run, where they suspend, and outside, where
-- they block.

local plain = require "twilio.runtime.plain"
local twilio = require "twilio"
local twilio_upstream = require "runtime.nginx.upstream"

describe("plain Lua", function()
   local shared = require("runtime.loop").new("plain", plain)
   setup(shared.setup)
   teardown(shared.teardown)
   before_each(shared.before_each)
   after_each(shared.after_each)
   for _, case in ipairs(shared.cases) do it(case[1], case[2]) end
end)

describe("plain Lua", function()
   local upstream, client

   setup(function()
      upstream = twilio_upstream.start()
      client = twilio.client {
         account_sid = "AC" .. ("0"):rep(32), auth_token = "x", base_url = upstream.url,
         ca_file = upstream.ca_file, proxy = "",
      }
   end)
   teardown(function()
      client:close()
      upstream:stop()
   end)

   it("blocks outside of run, and in a coroutine of the caller's own", function()
      assert.equal("main", client.messages:create({ to = "+1", from = "0.01", body = "main" }).body)
      local body
      coroutine.wrap(function()
         body = client.messages:create({ to = "+1", from = "0.01", body = "own" }).body
      end)()
      assert.equal("own", body)
   end)

   it("cancels what a task waits for, and the calls that it would make after", function()
      local first, second
      twilio.run(function()
         local task = twilio.spawn(function()
            first = select(
               2, client.messages:create { to = "+1", from = "silent", body = "to be cancelled" })
            second = select(
               2, client.messages:create { to = "+1", from = "0", body = "never sent" })
         end)
         twilio.sleep(0.1)
         task:cancel()
         task:wait()
      end)
      assert.equal("cancelled", first.kind)
      assert.same({ "cancelled", false }, { second.kind, second.sent })
      assert.equal(1, client:stats().cancelled)
      assert.equal("0", (client:request("GET", upstream.url .. "/seen?n=never%20sent")))
   end)
end)
