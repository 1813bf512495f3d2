-- Each file of lua/twilio and csrc has a spec of its name in the mirroring place, and each spec
-- there has a file: lua/twilio/x/y.lua and spec/x/y_spec.lua, csrc/z.c and spec/csrc/z_spec.lua.
-- The other specs have folders of their own.

local process = require "support.process"

-- Files without a spec, and why. A pattern stands for several.
local without_spec = {
   ["^lua/twilio/api/"] = "generated data: spec/system/api_spec.lua checks all of it",
   ["^lua/twilio/schema/"] = "the same: spec/system/schema_spec.lua",
   ["^lua/twilio/sandbox"] = "a tree of its own, with specs by behaviour",
   ["^lua/twilio/outbox%.lua$"] = "a link into cli/lua",
   ["^csrc/compat%.h$"] = "shims for older Luas: each spec runs on each Lua",
   ["^csrc/debug%.h$"] = "a macro: sanitizer builds have it on in each spec",
}

-- Specs without a file, and why.
local without_file = {
   ["^spec/system/"] = "concern the whole",
   ["^spec/regress/"] = "one a bug",
   ["^spec/examples/"] = "run the examples",
   ["^spec/tools/"] = "the generator",
   ["^spec/sandbox"] = "a tree of its own, with specs by behaviour",
   ["^spec/cli/"] = "a tree of its own: spec/system/architecture_spec.lua checks its mirror",
   ["^spec/webhook/genuine_spec%.lua$"] = "whole requests, which all files of webhook/ read together",
   ["^spec/webhook/hostile_spec%.lua$"] = "the same, forged",
}

local function is_listed(list, path)
   for pattern in pairs(list) do
      if path:find(pattern) then return true end
   end
   return false
end

local function spec_of(path)
   local name = path:match "^csrc/(.*)%.[ch]$"
   if name then return "spec/csrc/" .. name .. "_spec.lua" end
   return "spec/" .. path:match("^lua/(.*)%.lua$"):gsub("^twilio/", "") .. "_spec.lua"
end

local files = process.lines "find lua csrc -name '*.lua' -o -name '*.[ch]' | sort"
local specs = process.lines "find spec -name '*_spec.lua' | sort"

local exists = {}
for _, path in ipairs(specs) do exists[path] = true end

describe("each file", function()
   it("is found", function() assert.is_true(#files > 100 and #specs > 100) end)

   it("has a spec of its name", function()
      local missing = {}
      for _, path in ipairs(files) do
         if not exists[spec_of(path)] and not is_listed(without_spec, path) then
            missing[#missing + 1] = path .. ": no " .. spec_of(path)
         end
      end
      assert.same({}, missing)
   end)

   it("that is excepted has none", function()
      for _, path in ipairs(files) do
         if is_listed(without_spec, path) and not path:find "sandbox" then
            assert.is_nil(exists[spec_of(path)], path)
         end
      end
   end)
end)

describe("each spec", function()
   it("has a file of its name", function()
      local of_a_file = {}
      for _, path in ipairs(files) do of_a_file[spec_of(path)] = true end
      local strays = {}
      for _, path in ipairs(specs) do
         if not of_a_file[path] and not is_listed(without_file, path) then
            strays[#strays + 1] = path
         end
      end
      assert.same({}, strays)
   end)

   it("is a test: it has at least one case", function()
      for _, path in ipairs(specs) do assert.matches("%f[%w]it%(", process.read(path), path) end
   end)
end)

it("each spec that runs on one Lua alone (tools/once.txt) is there", function()
   local count = 0
   for line in io.lines "tools/once.txt" do
      if line ~= "" and not line:find "^#" then
         assert.is_true(exists[line], line)
         count = count + 1
      end
   end
   assert.is_true(count > 10)
end)
