-- json.lua: JSON as this library needs it.
--
-- Decoding is cjson's, with two repairs: null means absent, and 1 is an integer where Lua has them.
-- Encoding is written out here because cjson can't do three things that we need: members in a fixed
-- order (a signed token must be reproducible), empty tables as {} or [] on demand, and integers
-- without loss. Must not know anything of Twilio.

local cjson = require("cjson").new()
local core = require "twilio.core"

cjson.decode_invalid_numbers(false)
cjson.decode_max_depth(500)
cjson.encode_invalid_numbers(false)

local MAX_DEPTH = 500

local json = {}

--- JSON's null, for values to be sent. In OpenResty it is the same value as ngx.null.
json.null = require("cjson").null

local OBJECT = { __name = "json object" }
local ARRAY = { __name = "json array" }

--- Marks a table as a JSON object, so that it is {} even when empty.
function json.object(t) return setmetatable(t or {}, OBJECT) end

--- Marks a table as a JSON array, so that it is [] even when empty.
function json.array(t) return setmetatable(t or {}, ARRAY) end

local VERBATIM = { __name = "json verbatim" }

--- A value that is written as it is, by whoever would spell the names in it otherwise.
-- @param value any that has a JSON form; nil is null
function json.verbatim(value)
   if value == nil then value = json.null end
   return setmetatable({ value = value }, VERBATIM)
end

--- Returns true for what json.verbatim makes.
function json.is_verbatim(value) return getmetatable(value) == VERBATIM end

local null = json.null

--- Decodes a JSON text.
-- @param text (string)
-- @param keep_nulls (boolean | nil) true: null members of objects and lists are json.null;
--    otherwise they are absent
-- @return the value; a lone null is json.null
-- @return[2] nil, (string) what is wrong with the text
function json.decode(text, keep_nulls)
   local ok, value = pcall(cjson.decode, text)
   if not ok then return nil, tostring(value) end
   return core.json_repair(value, keep_nulls)
end

local encode_value

local function encode_number(n)
   if n ~= n or n == math.huge or n == -math.huge then
      error("a number that JSON can't hold: " .. tostring(n), 0)
   end
   if n % 1 == 0 and n > -2 ^ 53 and n < 2 ^ 53 then return ("%d"):format(n) end
   if math.type and math.type(n) == "integer" then return ("%d"):format(n) end
   local text = ("%.14g"):format(n)
   return tonumber(text) == n and text or ("%.17g"):format(n)
end

-- cjson writes every / as \/, which is allowed but longer, and not what a signature's other side
-- would write.
local function encode_string(s)
   return (cjson.encode(s):gsub("\\/", "/"))
end

local function array_length(t)
   local n = 0
   for k in pairs(t) do
      if type(k) ~= "number" or k < 1 or k % 1 ~= 0 then return nil end
      if k > n then n = k end
   end
   return n
end

local function encode_array(t, n, depth)
   local out = {}
   for i = 1, n do out[i] = encode_value(t[i] == nil and null or t[i], depth) end
   return "[" .. table.concat(out, ",") .. "]"
end

local function encode_object(t, depth)
   local keys, texts = {}, {}
   for k, v in pairs(t) do
      if type(k) ~= "string" and type(k) ~= "number" then
         error("a JSON object's key is a " .. type(k), 0)
      end
      local key = tostring(k)
      if texts[key] then error("a JSON object has the key " .. key .. " twice", 0) end
      keys[#keys + 1], texts[key] = key, encode_value(v, depth)
   end
   table.sort(keys)
   for i, key in ipairs(keys) do keys[i] = encode_string(key) .. ":" .. texts[key] end
   return "{" .. table.concat(keys, ",") .. "}"
end

-- A hole-ridden table (t[1], t[1000000]) is no array: it would be a megabyte of nulls.
local function is_array(t, n)
   local count = 0
   for _ in pairs(t) do count = count + 1 end
   return n > 0 and n <= 2 * count + 8
end

local function encode_table(t, depth)
   if depth > MAX_DEPTH then error("a table is nested too deeply, or contains itself", 0) end
   local kind = getmetatable(t)
   if kind == VERBATIM then return encode_value(t.value, depth) end
   if kind == OBJECT then return encode_object(t, depth + 1) end
   local n = array_length(t)
   if n and (kind == ARRAY or is_array(t, n)) then return encode_array(t, n, depth + 1) end
   return encode_object(t, depth + 1)
end

local encoders = {
   string = encode_string,
   number = encode_number,
   boolean = tostring,
   table = encode_table,
}

function encode_value(value, depth)
   if value == null then return "null" end
   local encode = encoders[type(value)]
   if not encode then error("a " .. type(value) .. " has no JSON form", 0) end
   return encode(value, depth)
end

--- Encodes a value. Members are sorted by name; an empty table is {} unless marked by json.array.
-- @return (string) the JSON text
-- @return[2] nil, (string) why the value has no JSON form
function json.encode(value)
   local ok, text = pcall(encode_value, value, 0)
   if ok then return text end
   return nil, text
end

return json
