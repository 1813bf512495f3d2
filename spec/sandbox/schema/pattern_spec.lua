-- sandbox/lua/twilio/sandbox/schema/pattern.lua

local pattern = require "twilio.sandbox.schema.pattern"

local function first() return 1 end
local function last(n) return n end

describe("sandbox.schema.pattern", function()
   it("makes texts that match the API's regular expressions", function()
      local cases = {
         ["^AC[0-9a-f]{32}$"] = "^AC%x+$",
         ["^mem_(store|service)_[0-7][0-9a-z]{25}$"] = "^mem_store_[0-7][0-9a-z]+$",
         ["^(CLASSIFICATION|TEXT)$"] = "^CLASSIFICATION$",
         ["^[a-zA-Z][a-zA-Z0-9-.]*$"] = "^%a[%w.-]*$", ["^aia_know_.+$"] = "^aia_know_.+$",
         ["^\\d{3}-\\+x$"] = "^%d%d%d%-%+x$", ["^[a-zA-Z0-9_\\-\\.]+$"] = "^[%w_.-]+$",
      }
      for regex, check in pairs(cases) do
         for _, pick in ipairs { first, last } do
            assert.matches(check, pattern.text(regex, pick))
         end
      end
   end)

   it("repeats a unit as often as it says", function()
      assert.equal(34, #pattern.text("^AC[0-9a-f]{32}$", first))
      assert.equal("aab", pattern.text("^a{2,5}b?$", first))
   end)

   it("tells whether a text matches", function()
      local cases = {
         { "^AC[0-9a-f]{4}$", { "AC01af" }, { "AC01a", "AC01aff", "xAC01af", "AC01AF", "" } },
         {
            "^mem_(store|service)_[0-7][0-9a-z]{3}$", { "mem_store_0abc", "mem_service_7z09" },
            { "mem_shop_0abc", "mem_store_8abc" },
         },
         { "^[a-zA-Z0-9-_ ]+$", { "a-b_c 1" }, { "a.b", "" } },
         { "^[a-z][a-zA-Z0-9_\\-\\.]*$", { "a", "a-B._9" }, { "A", "a%", "a\\" } },
         { "^aia_plcy_.+$", { "aia_plcy_1", "aia_plcy_%" }, { "aia_plcy_", "aia+plcy_1" } },
         { "^\\d{2,3}-\\+x?$", { "12-+", "123-+x" }, { "1-+", "1234-+", "12-x" } },
         { "b", { "abc" }, { "ac" } },
      }
      for _, case in ipairs(cases) do
         for _, text in ipairs(case[2]) do
            assert.is_true(pattern.matches(case[1], text), case[1] .. " " .. text)
         end
         for _, text in ipairs(case[3]) do
            assert.is_false(pattern.matches(case[1], text), case[1] .. " " .. text)
         end
      end
   end)

   it("lets pass what it can't tell", function()
      assert.is_true(pattern.matches("^a(,a){0,3}$", "whatever"))
   end)
end)
