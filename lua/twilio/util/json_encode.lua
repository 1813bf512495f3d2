-- util/json_encode.lua: a Lua value -> JSON text, for json.lua.
--
-- Written out here because cjson can't do what we need: members in a fixed order (a signed token
-- must be reproducible), the marks of decoded tables, and integers without loss. Loaded with the
-- first value that is encoded.

local cjson = require "cjson"
local core = require "twilio.core"
local number = require "twilio.util.number"

local find = string.find
local NULL, EMPTY_ARRAY = cjson.null, cjson.empty_array -- Debian's cjson has no empty_array

local MAX_DEPTH = 500

local NONE = {}

-- Given by json.lua: cjson's encode, for texts, and marks_of.
local encode_text, marks_of

local encode_value

local function encode_number(n)
   if n ~= n or n == math.huge or n == -math.huge then
      error("a number that JSON can't hold: " .. tostring(n), 0)
   end
   if n % 1 ~= 0 then return number.text(n) end
   if n > -2 ^ 53 and n < 2 ^ 53 or math.type and math.type(n) == "integer" then
      return ("%d"):format(n)
   end
   return n > -1e21 and n < 1e21 and ("%.0f"):format(n) or number.text(n)
end

-- cjson writes every / as \/, which is allowed but longer, and not what a signature's other side
-- would write.
local function encode_string(s)
   if not find(s, '[%c"\\]') then return '"' .. s .. '"' end -- nearly all
   return (encode_text(s):gsub("\\/", "/"))
end

-- A member: the digits that were received, if the program has left the number as it was.
local function encode_member(value, numeral, depth)
   local is_left = numeral
      and (value == numeral or type(value) == "number" and tonumber(numeral) == value)
   return is_left and numeral or encode_value(value, depth)
end

-- @return (integer | nil) the last index of a table that has only indexes, (integer) their number
local function array_length(t, nulls)
   local n, count = 0, 0
   for k in pairs(t) do
      if type(k) ~= "number" or k < 1 or k % 1 ~= 0 then return nil end
      n, count = k > n and k or n, count + 1
   end
   for k in pairs(nulls or NONE) do n, count = k > n and k or n, count + 1 end
   return n, count
end

local function encode_array(t, n, marks, depth)
   local out, numerals = {}, marks.numerals or NONE
   for i = 1, n do
      local value = rawget(t, i)
      out[i] = value == nil and "null" or encode_member(value, numerals[i], depth)
   end
   return "[" .. table.concat(out, ",") .. "]"
end

local function encode_object(t, marks, depth)
   local keys, texts, numerals = {}, {}, marks.numerals or NONE
   for k, v in pairs(t) do
      local key = type(k) == "number" and encode_number(k) or k
      if type(key) ~= "string" then error("a JSON object's key is a " .. type(k), 0) end
      if texts[key] then error("a JSON object has the key " .. key .. " twice", 0) end
      keys[#keys + 1], texts[key] = key, encode_member(v, numerals[k], depth)
   end
   for key in pairs(marks.nulls or NONE) do
      if not texts[key] then keys[#keys + 1], texts[key] = key, "null" end
   end
   table.sort(keys, core.less)
   for i, key in ipairs(keys) do keys[i] = encode_string(key) .. ":" .. texts[key] end
   return "{" .. table.concat(keys, ",") .. "}"
end

-- A hole-ridden table (t[1], t[1000000]) is no array: it would be a megabyte of nulls.
local function is_array(kind, n, count)
   if kind == "array" then return n <= 2 * count + 10000 end
   return (n > 0 or kind == "empty array") and n <= 2 * count + 8
end

local function encode_table(t, depth)
   if depth > MAX_DEPTH then error("a table is nested too deeply, or contains itself", 0) end
   local marks = marks_of(t)
   if marks.kind == "verbatim" then return encode_value(t.value, depth) end
   if marks.kind == "object" then return encode_object(t, marks, depth + 1) end
   local n, count = array_length(t, marks.nulls)
   if n and is_array(marks.kind, n, count) then return encode_array(t, n, marks, depth + 1) end
   return encode_object(t, marks, depth + 1)
end

local encoders = {
   string = encode_string,
   number = encode_number,
   boolean = tostring,
   table = encode_table,
}

function encode_value(value, depth)
   if value == NULL then return "null" end
   if value == EMPTY_ARRAY and value ~= nil then return "[]" end
   local encode = encoders[type(value)]
   if not encode then error("a " .. type(value) .. " has no JSON form", 0) end
   return encode(value, depth)
end

--- Makes the encoder.
-- @param text (function) cjson.encode
-- @param marks (function) table -> its marks: kind, nulls, numerals
-- @return (function) value -> JSON text; raises a string without position
return function(text, marks)
   encode_text, marks_of = text, marks
   return function(value) return encode_value(value, 0) end
end
