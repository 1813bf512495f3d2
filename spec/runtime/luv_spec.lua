-- Waiting in libuv's loop, by the real luv.

local found, uv = pcall(require, "luv")
if not found then
   pending "luv isn't installed for this Lua"
   return
end

local runtime = require "twilio.runtime.luv"
local twilio = require "twilio"
local twilio_upstream = require "runtime.nginx.upstream"

describe("luv", function()
   local shared = require("runtime.loop").new("luv", runtime)
   setup(shared.setup)
   teardown(shared.teardown)
   before_each(shared.before_each)
   after_each(shared.after_each)
   for _, case in ipairs(shared.cases) do it(case[1], case[2]) end
end)

describe("in uv.run", function()
   local upstream, client

   setup(function()
      upstream = twilio_upstream.start()
      client = twilio.client {
         account_sid = "AC" .. ("0"):rep(32), auth_token = "x", base_url = upstream.url,
         ca_file = upstream.ca_file, runtime = runtime, proxy = "",
      }
   end)
   teardown(function()
      client:close()
      upstream:stop()
   end)

   it("calls suspend their coroutines, and the loop ends by itself when nobody waits", function()
      local bodies, ticks, timer = {}, 0, uv.new_timer()
      timer:start(10, 10, function() ticks = ticks + 1 if #bodies == 10 then timer:close() end end)
      for i = 1, 10 do
         coroutine.wrap(function()
            bodies[i] = client.messages:create({ to = "+1", from = "0.1", body = "own" .. i }).body
         end)()
      end
      uv.run()
      for i = 1, 10 do assert.equal("own" .. i, bodies[i]) end
      assert.is_true(ticks > 2)
      assert.is_falsy(uv.loop_alive())
   end)

   it("a call outside of a coroutine says what is missing, before anything is sent", function()
      local ok, why = pcall(function()
         return client.messages:create { to = "+1", from = "0", body = "main" }
      end)
      assert.is_false(ok)
      assert.matches("coroutine.wrap", why)
   end)
end)
