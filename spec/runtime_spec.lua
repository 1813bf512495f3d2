-- lua/twilio/runtime.lua: which runtime a program has, and that each has the functions that are
-- asked of it.

local runtime = require "twilio.runtime"

describe("runtime.choose", function()
   local real = rawget(_G, "ngx")
   after_each(function() rawset(_G, "ngx", real) end)

   it("takes the caller's own, wherever it runs", function()
      local own = {}
      rawset(_G, "ngx", { get_phase = function() return "content" end })
      assert.equal(own, runtime.choose(own))
   end)

   it("is plain Lua's outside of nginx, also where something else is called ngx", function()
      for _, other in ipairs { false, {}, "nginx", { config = {} } } do
         rawset(_G, "ngx", other or nil)
         assert.equal(require "twilio.runtime.plain", runtime.choose())
      end
   end)
end)

describe("runtime.with_time_of", function()
   it("waits by the time of a transport that has its own", function()
      local now, base = 100, { now = print, sleep = print, run = print }
      local own_time = {
         now = function() return now end, sleep = function(seconds) now = now + seconds end,
      }
      local timed = runtime.with_time_of({ own_time = own_time }, base)
      timed.sleep(5)
      assert.equal(105, timed.now())
      assert.equal(print, timed.run)
      assert.equal(print, base.now)
   end)

   it("is the runtime itself for every other transport", function()
      local base = {}
      for _, transport in ipairs { false, {}, io.stdout } do
         assert.equal(base, runtime.with_time_of(transport or nil, base))
      end
   end)
end)

describe("each runtime", function()
   local functions = { "now", "sleep", "await", "run", "spawn", "join", "protect" }
   local optional = { is_blocking = true, prepare_wait = true, before_close = true, signal = true }

   for _, name in ipairs { "plain", "cqueues", "luv" } do
      it("has what runtime.lua says: " .. name, function()
         local found, one = pcall(require, "twilio.runtime." .. name)
         if not found then return pending(name .. " isn't installed for this Lua") end
         local missing, known = {}, {}
         for _, wanted in ipairs(functions) do
            known[wanted] = true
            if type(one[wanted]) ~= "function" then missing[#missing + 1] = wanted end
         end
         for wanted in pairs(optional) do known[wanted] = true end
         -- An event loop is the program's: no run.
         if #missing > 0 then assert.same({ "run" }, missing) end
         for field, value in pairs(one) do
            if type(value) == "function" then assert.is_true(known[field] or false, field) end
         end
         assert.is_number(one.now())
      end)
   end
end)
