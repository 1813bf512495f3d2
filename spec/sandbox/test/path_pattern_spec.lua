-- sandbox/lua/twilio/sandbox/test/path_pattern.lua

local path_pattern = require "twilio.sandbox.test.path_pattern"

local function generator(seed)
   return function(n)
      seed = (seed * 16807) % 2147483647
      return seed % n + 1
   end
end

describe("sandbox.test.path_pattern", function()
   it("matches as string.find does", function()
      local pick, pieces = generator(7), { "a", "b", ".", "[ab]", "[^a]", "%a", "%%", "/", "*", "+", "-", "?", "(", ")", "()", "$", "^",
         "%f[a]", "[a-]", "[]a]", "%d", "x", "[%a/]" }
      local compared = 0
      for _ = 1, 4000 do
         local parts, text = {}, {}
         for i = 1, pick(6) do parts[i] = pieces[pick(#pieces)] end
         for i = 1, pick(8) - 1 do text[i] = ("ab/1%$x^-"):sub(pick(9)):sub(1, 1) end
         local pattern, subject = table.concat(parts), table.concat(text)
         local ok, found = pcall(string.find, subject, pattern)
         local matches = path_pattern.compile(pattern)
         if ok and matches then
            compared = compared + 1
            assert.equal(found ~= nil, matches(subject), ("%q in %q"):format(pattern, subject))
         end
         -- Lua notices a mistake only where it gets that far.
         if not ok then assert.is_nil(matches, pattern) end
      end
      assert.is_true(compared > 2000)
   end)

   it("refuses what Lua refuses, and what can't be matched in linear time", function()
      for _, pattern in ipairs {
         "[", "[a", "[%", "%", "(", ")", "a)", "(a", "%1", "(a)%1", "%b()", "%b", "%f", "%fa",
         "%f[", "a\0", ("a"):rep(513),
      } do
         local matches, message = path_pattern.compile(pattern)
         assert.is_nil(matches, pattern)
         assert.is_string(message)
      end
   end)

   it("takes time in proportion to the text", function()
      local matches = path_pattern.compile((".-"):rep(20) .. "x")
      local function time_of(n)
         local before = os.clock()
         for _ = 1, 5 do assert.is_false(matches(("a"):rep(n))) end
         return os.clock() - before
      end
      local function least(n) return math.min(time_of(n), time_of(n), time_of(n)) end
      assert.is_true(least(4000) < 20 * least(500) + 0.02) -- 64 times would be quadratic
   end)
end)
