-- Waiting in cqueues, the real one.

local found, cqueues = pcall(require, "cqueues")
if not found then
   pending "cqueues isn't installed for this Lua"
   return
end

local runtime = require "twilio.runtime.cqueues"
local twilio = require "twilio"
local twilio_upstream = require "runtime.nginx.upstream"

describe("cqueues", function()
   local shared = require("runtime.loop").new("cqueues", runtime)
   setup(shared.setup)
   teardown(shared.teardown)
   before_each(shared.before_each)
   after_each(shared.after_each)
   for _, case in ipairs(shared.cases) do it(case[1], case[2]) end
end)

describe("in a controller of the program's own", function()
   it("calls suspend their functions, and it ends when they have", function()
      local upstream, bodies, ticks = twilio_upstream.start(), {}, 0
      local client = twilio.client {
         account_sid = "AC" .. ("0"):rep(32), auth_token = "x", base_url = upstream.url,
         ca_file = upstream.ca_file, runtime = runtime, proxy = "",
      }
      local controller = cqueues.new()
      for i = 1, 10 do
         controller:wrap(function()
            bodies[i] = client.messages:create({ to = "+1", from = "0.1", body = "own" .. i }).body
         end)
      end
      controller:wrap(function()
         while #bodies < 10 do cqueues.sleep(0.01) ticks = ticks + 1 end
      end)
      assert(controller:loop())
      for i = 1, 10 do assert.equal("own" .. i, bodies[i]) end
      assert.is_true(ticks > 2)
      client:close()
      upstream:stop()
   end)
end)
