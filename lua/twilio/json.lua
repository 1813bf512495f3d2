-- json.lua: JSON as this library needs it: what was received can be sent back unchanged.
--
-- cjson decodes; csrc/cjson_fix.c puts right what it can't tell, and leaves a metatable, the marks,
-- where a table alone doesn't say enough:
--
--   kind       "array" or "object": an empty table is [] or {}
--   nulls      member -> true: absent in Lua, written again as null unless the program has set it
--   numerals   member -> the digits of a number that Lua would write otherwise
--
-- Encoding is written out here because cjson can't do what we need: members in a fixed order (a
-- signed token must be reproducible), marks, and integers without loss. Nothing depends on the
-- locale. Must not know anything of Twilio.

local cjson = require "cjson"
local core = require "twilio.core"
local number = require "twilio.util.number"

local MAX_DEPTH = 500

local json = {}

--- JSON's null, for values to be sent. In OpenResty it is the same value as ngx.null.
json.null = cjson.null

local null = json.null

-- A metatable of ours holds itself in the field twilio_json; a record's class holds there the one
-- that its payload had (resource/record.lua).
local function new_marks(kind, nulls, numerals)
   local marks = { __name = "json " .. kind, kind = kind, nulls = nulls, numerals = numerals }
   marks.twilio_json = marks
   return marks
end

local NONE = {} -- of a table of the program's own
local OBJECT, ARRAY = new_marks "object", new_marks "array"

-- The metatables of cjson's own arrays, where it has them (2.1.0.5 and newer).
local theirs = {}
if cjson.empty_array_mt then theirs[cjson.empty_array_mt] = { kind = "empty array" } end
if cjson.array_mt then theirs[cjson.array_mt] = ARRAY end

local ARRAY_MT = cjson.decode_array_with_array_mt and cjson.array_mt or ARRAY

local function marks_of(t)
   local mt = getmetatable(t)
   if type(mt) ~= "table" then return NONE end
   local marks = rawget(mt, "twilio_json")
   return marks and (theirs[marks] or marks) or theirs[mt] or NONE
end

--- Marks a table as a JSON object, so that it is {} even when empty.
function json.object(t)
   if t and marks_of(t).kind == "object" then return t end
   return setmetatable(t or {}, OBJECT)
end

--- Marks a table as a JSON array, so that it is [] even when empty.
function json.array(t)
   if t and marks_of(t).kind == "array" then return t end
   return setmetatable(t or {}, ARRAY)
end

--- The members of a decoded table that were null and that the program has not set.
-- @param t (table)
-- @return (table | nil) member -> true; not to be changed
function json.nulls(t) return marks_of(t).nulls end

--- Marks of which a member is no longer null, because the program has set it.
-- @param marks (table) of a decoded table, with nulls
-- @return (table) the same if the member wasn't null
function json.without_null(marks, name)
   if not marks.nulls[name] then return marks end
   if not marks.is_own then -- others may have the same
      local nulls = {}
      for key in pairs(marks.nulls) do nulls[key] = true end
      marks = new_marks(marks.kind, nulls, marks.numerals)
      marks.is_own, marks.__newindex = true, json.set
   end
   marks.nulls[name] = nil
   return marks
end

--- Sets a member that is absent: the __newindex of tables with nulls.
function json.set(t, name, value)
   if name == nil or name ~= name then error("index is " .. (name and "NaN" or "nil"), 2) end
   rawset(t, name, value)
   local marks = getmetatable(t)
   local after = json.without_null(marks, name)
   if after ~= marks then setmetatable(t, after) end
end

-- Objects of one resource mostly have the same members null, and share their marks: the shape of an
-- object is found by walking from `root` along the names of its nulls. Shapes that a stranger
-- invents are not kept.
local MOST_SHAPES = 1000
local shape_count = 0

local function extend(shape, name)
   local longer = { nil, shape, name }
   if shape_count < MOST_SHAPES then
      shape_count = shape_count + 1
      shape[name] = longer
   end
   return longer
end

local function mark(is_array, nulls, numerals)
   local shape = not is_array and nulls or nil
   if shape then
      nulls = {}
      local at = shape
      while at[2] do
         nulls[at[3]] = true
         at = at[2]
      end
   end
   local marks = new_marks(is_array and "array" or "object", nulls, numerals)
   if nulls then marks.__newindex = json.set end
   if shape and not numerals then shape[1] = marks end
   return marks
end

local function new_cjson(depth)
   local instance = cjson.new()
   instance.decode_invalid_numbers(false)
   instance.decode_max_depth(depth)
   if ARRAY_MT ~= ARRAY then instance.decode_array_with_array_mt(true) end
   return instance
end

local ours = new_cjson(MAX_DEPTH)
local decode_escaped -- a number that is escaped stands one deeper
local MARKS = { ARRAY_MT, ARRAY_MT ~= ARRAY, {}, extend, mark }

-- Tried only if the text failed: there may be a lone surrogate, or cjson expects another decimal
-- point than the locale's. @return the value; or nil if that wasn't it
local function decode_mended(text, keep_nulls)
   decode_escaped = decode_escaped or new_cjson(MAX_DEPTH + 1).decode
   return core.json_decode(text, keep_nulls, decode_escaped, MARKS, true)
end

--- Decodes a JSON text.
-- @param text (string)
-- @param keep_nulls (boolean | nil) true: null members of objects and lists are json.null;
--    otherwise they are absent, and written again by json.encode unless the program has set them
-- @return the value; a lone null is json.null. An integer that neither Lua's integers nor a double
--    can hold is text.
-- @return[2] nil, (string) what is wrong with the text
function json.decode(text, keep_nulls)
   if shape_count >= MOST_SHAPES then MARKS[3], shape_count = {}, 0 end
   local value, message = core.json_decode(text, keep_nulls, ours.decode, MARKS)
   if not message then return value end
   value = decode_mended(text, keep_nulls)
   if value == nil then return nil, message end
   return value
end

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
   return (ours.encode(s):gsub("\\/", "/"))
end

-- A member: the digits that were received, if the program has left the number as it was.
local function encode_member(value, numeral, depth)
   local is_left = numeral and (value == numeral or type(value) == "number" and tonumber(numeral) == value)
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
   table.sort(keys)
   for i, key in ipairs(keys) do keys[i] = encode_string(key) .. ":" .. texts[key] end
   return "{" .. table.concat(keys, ",") .. "}"
end

-- A hole-ridden table (t[1], t[1000000]) is no array: it would be a megabyte of nulls.
local function is_array(kind, n, count)
   if kind == "array" then return n <= 2 * count + 10000 end
   return (n > 0 or kind == "empty array") and n <= 2 * count + 8
end

local function encode_table(t, depth)
   if depth > MAX_DEPTH then error("a table nested too deeply, or holding itself", 0) end
   local marks = marks_of(t)
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
   if value == null then return "null" end
   if value == cjson.empty_array and value ~= nil then return "[]" end
   local encode = encoders[type(value)]
   if not encode then error("a " .. type(value) .. " has no JSON form", 0) end
   return encode(value, depth)
end

--- Encodes a value. Members are sorted by name; an empty table is {} unless it was decoded from an
-- array or marked by json.array, or by cjson's own marks where the installed one has them.
-- @return (string) the JSON text
-- @return[2] nil, (string) why the value has no JSON form
function json.encode(value)
   local ok, text = pcall(encode_value, value, 0)
   if ok then return text end
   return nil, text
end

return json
