-- tools/mutate: the mutants of a small program, which of them a check notices, and the list.

package.path = "tools/?.lua;" .. package.path .. ";/usr/share/lua/5.1/?.lua"

local function load_tools()
   local ok, lua_source = pcall(require, "mutate.lua_source")
   return ok and lua_source or nil
end

-- Its instructions are compared by string.dump(f, true), which is Lua 5.3's.
local can_run = _VERSION ~= "Lua 5.1" and load_tools() ~= nil

local PROGRAM = [[
local function clamp(value, most)
   if value > most then return most end
   return value
end
return clamp
]]

describe("the mutator", function()
   local lua_source = can_run and load_tools()

   it("makes these mutants of a program, in which nothing else is changed", function()
      if not can_run then return pending "needs luacheck's parser and Lua 5.3" end
      local found = {}
      for i, mutant in ipairs(lua_source.mutants(PROGRAM)) do
         found[i] = mutant.line .. ": " .. mutant.what
      end
      assert.same({
         "2: value > most becomes true", "2: value > most becomes false", "2: > becomes >=",
         "2: most becomes nil", "3: value becomes nil",
      }, found)
   end)

   it("has one survivor where a check leaves out the border, which is an equivalent one", function()
      if not can_run then return pending "needs luacheck's parser and Lua 5.3" end
      local survivors = {}
      for _, mutant in ipairs(lua_source.mutants(PROGRAM)) do
         local clamp = load(lua_source.apply(PROGRAM, mutant))()
         if clamp(1, 2) == 1 and clamp(3, 2) == 2 then survivors[#survivors + 1] = mutant.what end
      end
      assert.same({ "> becomes >=" }, survivors)
   end)

   it("names a mutant by its line's text, and reads what it has written", function()
      if not can_run then return pending "needs luacheck's parser and Lua 5.3" end
      local ledger = require "mutate.ledger"
      local mutants = lua_source.mutants(PROGRAM)
      ledger.name(PROGRAM, mutants)
      local key = "> becomes >= | if value > most then return most end"
      assert.equal(key, mutants[3].key)
      local path, all = os.tmpname(), { ["a.lua"] = {
         noticed = 4, made = 4, by = { { spec = "spec/a_spec.lua", count = 4 } },
         survivors = { [key] = { equivalent = true, reason = "At the border both are it.\nTwo." } },
      } }
      ledger.write(path, all, { ["a.lua"] = { key } })
      local again = ledger.read(path)
      os.remove(path)
      assert.same(all, again)
   end)
end)
