-- json.lua: JSON as this library needs it: what was received can be sent back unchanged.
--
-- cjson decodes; csrc/cjson_fix.c puts right what it can't tell, and leaves a metatable, the marks,
-- where a table alone doesn't say enough:
--
--   kind       "array" or "object": an empty table is [] or {}
--   nulls      member -> true: absent in Lua, written again as null unless the program has set it
--   numerals   member -> the digits of a number that Lua would write otherwise
--
-- Nothing depends on the locale. Must not know anything of Twilio.

local core = require "twilio.core"
local cjson = core.json_load(require, "cjson")

local MAX_DEPTH = 500

local json = {}

--- JSON's null, for values to be sent. In OpenResty it is the same value as ngx.null.
json.null = cjson.null

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

local VERBATIM = new_marks "verbatim"

--- A value that is written as it is, by whoever would spell the names in it otherwise.
-- @param value any that has a JSON form; nil is null
function json.verbatim(value)
   if value == nil then value = json.null end
   return setmetatable({ value = value }, VERBATIM)
end

--- Returns true for what json.verbatim makes.
function json.is_verbatim(value) return getmetatable(value) == VERBATIM end

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

--- Returns true for a table that goes out as an array: a decoded array, one of json.array or of
-- cjson, or a plain table whose first key is an index. A plain empty table is an object.
function json.is_array(t)
   local kind = marks_of(t).kind
   if kind then return kind == "array" or kind == "empty array" end
   return type(next(t)) == "number"
end

--- The members of a decoded table that were null and that the program has not set.
-- @param t (table)
-- @return (table | nil) member -> true; not to be changed
function json.nulls(t) return marks_of(t).nulls end

local changed_marks -- loaded with the first change

local function changes()
   changed_marks = changed_marks or require "twilio.util.json_changes"(new_marks, marks_of)
   return changed_marks
end

--- Gives a copy of a decoded table its marks; see util/json_changes.lua.
function json.like(...) return changes().like(...) end

--- Marks of which a member is no longer null; see util/json_changes.lua.
function json.without_null(...) return changes().without_null(...) end

-- The __newindex of tables with nulls.
local function set(t, name, value) changes().set(t, name, value) end

local function mark(is_array, nulls, numerals)
   local marks = new_marks(is_array and "array" or "object", nulls, numerals)
   if nulls then marks.__newindex = set end
   return marks
end

local ours = core.json_load(cjson.new)
ours.decode_invalid_numbers(false)
ours.decode_max_depth(MAX_DEPTH)
if ARRAY_MT ~= ARRAY then ours.decode_array_with_array_mt(true) end

local MARKS = { ARRAY_MT, ARRAY_MT ~= ARRAY, mark }

--- Decodes a JSON text.
-- @param text (string)
-- @param keep_nulls (boolean | nil) true: null members of objects and lists are json.null;
--    otherwise they are absent, and written again by json.encode unless the program has set them
-- @return the value; a lone null is json.null. An integer that neither Lua's integers nor a double
--    can hold is text.
-- @return[2] nil, (string) what is wrong with the text
function json.decode(text, keep_nulls)
   local value, message = core.json_decode(text, keep_nulls, ours.decode, MARKS)
   if not message then return value end
   -- There may be a lone surrogate, or cjson expects another decimal point than the locale's.
   value = core.json_decode(text, keep_nulls, ours.decode, MARKS, true)
   if value == nil then return nil, message end
   return value
end

local encode -- loaded with the first value

--- Encodes a value. Members are sorted by name; an empty table is {} unless it was decoded from an
-- array or marked by json.array, or by cjson's own marks where the installed one has them.
-- @return (string) the JSON text
-- @return[2] nil, (string) why the value has no JSON form
function json.encode(value)
   encode = encode or require "twilio.util.json_encode"(ours.encode, marks_of)
   local ok, text = pcall(encode, value)
   if ok then return text end
   return nil, text
end

return json
