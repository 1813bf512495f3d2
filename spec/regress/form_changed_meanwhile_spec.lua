-- core.form_encode measured its pairs, made room, and wrote them. Making room can run a finalizer,
-- and one that put a longer text into the array made it write beyond that room. It measures again
-- now, until nothing has changed since.

local core = require "twilio.core"
local finalizers = require "support.finalizers"

it("form_encode writes what an array holds, also if a finalizer changes it meanwhile", function()
   local long, round, seen = ("y"):rep(200000), 0, 0
   local function text_of(n) return tostring(n):rep(100 + n * 7919 % 1000) end
   finalizers.during(2000, function()
      round = round + 1
      local list = { "a", "", "b", "x" }
      -- The last allocation before the call, of various sizes: the collector is due there on every
      -- Lua.
      list[2] = text_of(round)
      return list
   end, function(list)
      list[2] = long
      list[5], list[6] = "c", "1"
   end, core.form_encode, function(text)
      local changed = #text > #long
      local expected = changed and "a=" .. long .. "&b=x&c=1" or "a=" .. text_of(round) .. "&b=x"
      assert.is_true(expected == text)
      if changed then seen = seen + 1 end
      return seen == 5
   end)
   assert.equal(5, seen)
end)
