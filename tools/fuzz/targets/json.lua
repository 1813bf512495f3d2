-- fuzz/targets/json.lua: JSON texts, and any Lua values as JSON.
--
-- A text is refused with a message, or its value is what lua-cjson makes of it, and encoding the
-- value undoes the decoding; encoding says why a value has no JSON form, or decoding undoes it.

local cjson = require "cjson"
local json = require "twilio.json"
local reader = require "reader"

local plain = cjson.new()
plain.decode_invalid_numbers(false)
plain.decode_max_depth(500)

-- Compares a value, its nulls kept, with cjson's. A long integer may be text here.
local function same(ours, theirs, place)
   if type(ours) == "table" and type(theirs) == "table" then
      for key, value in pairs(theirs) do same(rawget(ours, key), value, place .. "." .. key) end
      for key in pairs(ours) do
         assert(theirs[key] ~= nil, place .. " has a member too much")
      end
   elseif type(theirs) == "number" then
      local number = tonumber(ours)
      assert(number and number + 0.0 == theirs, ("%s: %s isn't %s"):format(place, tostring(ours), theirs))
   else
      assert(ours == theirs, place .. " differs")
   end
end

local function decoding(text)
   local value, message = json.decode(text)
   local whole, other = json.decode(text, true)
   assert((value == nil) == (whole == nil), "keep_nulls decides what is JSON")
   local ok, theirs = pcall(plain.decode, text)
   if value == nil then
      assert(type(message) == "string" and type(other) == "string")
      assert(not ok, "cjson takes it")
      return
   end
   local is_mended = text:find "\\u[dD][89a-fA-F]"
   if not ok then
      assert(is_mended, "cjson refuses it")
   else
      same(whole, theirs, "value")
   end
   local again = assert(json.encode(value))
   assert(again == json.encode(whole), "a null is lost")
   assert(again == json.encode((json.decode(again))), "what was encoded is decoded otherwise")
   local nulls = type(value) == "table" and json.nulls(value)
   local name = nulls and next(nulls) or nil
   if name == nil then return end
   value[name] = "set"
   again = assert(json.decode(assert(json.encode(value))))
   assert(again[name] == "set", "a null that was set is written as null")
end

local function encoding(bytes)
   local value = reader.bytes(bytes):value()
   local text, message = json.encode(value)
   if not text then return assert(type(message) == "string") end
   local decoded = json.decode(text)
   assert(decoded ~= nil, "what was encoded is no JSON")
   assert(json.encode(decoded) == text, "decoding doesn't undo encoding")
end

return {
   covers = {
      "lua/twilio/json.lua", "lua/twilio/util/json_encode.lua", "lua/twilio/util/json_changes.lua",
   },
   is_linear = true,
   run = function(input)
      decoding(input)
      if #input < 4096 then encoding(input) end
   end,
}
