-- class_spec.lua: what all userdata have in common.

local core = require "twilio.core"

local function find_module(module)
   for pattern in package.cpath:gmatch("[^;]+") do
      local name = pattern:gsub("%?", (module:gsub("%.", "/")))
      local file = io.open(name, "rb")
      if file then return name, file:read "*a", file:close() end
   end
end

-- Another build of a part, as a program may load it that has two versions of this library.
local function load_copy()
   local _, bytes = find_module "twilio.core.crypto"
   local name = os.tmpname()
   local file = assert(io.open(name, "wb"))
   file:write(bytes)
   file:close()
   local open = assert(package.loadlib(name, "luaopen_twilio_core_crypto"))
   os.remove(name)
   return open()
end

describe("userdata", function()
   it("can be made by two builds in one state without clashing", function()
      local other = load_copy()
      local ours, theirs = require "twilio.core.crypto".validator "k", other.validator "k"
      assert.not_equal(require "twilio.core.crypto".validator, other.validator)
      assert.equal(ours:sign "u", theirs:sign "u")
      local ok, why = pcall(function() ours.sign(theirs, "u") end)
      assert.is_false(ok)
      assert.matches("twilio.validator expected, got userdata", why, 1, true)
   end)

   it("hide their metatables, so that nobody calls __gc on something else", function()
      assert.is_false(getmetatable(require "twilio.core.crypto".validator "k"))
      assert.is_false(getmetatable(core.credentials {}))
      assert.is_false(pcall(setmetatable, require "twilio.core.crypto".validator "k", {}))
   end)

   it("are closed when they are collected, whatever state they are in", function()
      for _ = 1, 100 do
         pcall(require "twilio.core.crypto".validator, { "k", {} }) -- half made
         require "twilio.core.crypto".validator("k"):close()
         require "twilio.core.crypto".validator "k"
      end
      collectgarbage()
      collectgarbage()
   end)

   if _VERSION >= "Lua 5.4" then
      it("are closed at the end of their scope", function()
         local kept = load([[
            local core = ...
            local kept
            do
               local v <close> = require "twilio.core.crypto".validator "k"
               kept = v
            end
            return kept
         ]])(core)
         assert.equal("twilio.validator (closed)", tostring(kept))
      end)
   end

   it("name the argument that isn't theirs", function()
      local ok, why = pcall(function() require "twilio.core.crypto".validator("k").sign(7, "u") end)
      assert.is_false(ok)
      assert.matches("bad argument #1 to '[^']+' %(twilio%.validator expected, got number%)", why)
   end)
end)
