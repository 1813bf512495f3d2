-- call/serialize.lua: a Lua value -> the text that a form or a query holds.
--
-- Knows the API's value types (docs/architecture.md: b d t i n j m), nothing of operations.
-- Everything returns nil, message for a value that has no such form; the public method raises it at
-- the caller's line.

local core = require "twilio.core"
local lazy = require "twilio.util.lazy"

local json = lazy "twilio.json"
local time = lazy "twilio.util.time"

local serialize = {}

-- Without userdata there is no null, and no need for the module that knows it.
local function is_null(value)
   return type(value) == "userdata" and value == json.null
end

local function describe(value)
   if is_null(value) then return "null" end
   return "a " .. type(value)
end

-- Integers must not print as 1.0 on Lua 5.3 and later, nor large ones as 1e+15.
local function number_text(n)
   if n ~= n or n == math.huge or n == -math.huge then return nil, "is not a finite number" end
   return json.encode(n)
end

local plain = {
   string = function(s) return s end,
   number = number_text,
   boolean = tostring,
}

local function text(value)
   local convert = plain[type(value)]
   if convert then return convert(value) end
   -- An object with __tostring stands for its text (a TwiML document as the `twiml` of a call, a
   -- SID wrapper). Only tables: the text of a file handle or of other userdata is an address.
   local mt = type(value) == "table" and getmetatable(value)
   if type(mt) == "table" and mt.__tostring and not mt.twilio_resource then return tostring(value) end
   return nil, "is " .. describe(value) .. ", expected text"
end

-- Years 0 to 9999: all that the four digits hold. Beyond them os.date raises on some Luas and
-- returns nil or nonsense on others.
local FIRST_SECOND, LAST_SECOND = -62167219200, 253402300799

local function is_moment(value)
   return type(value) ~= "number" or (value >= FIRST_SECOND and value <= LAST_SECOND)
end

local function moment(format)
   return function(value)
      local kind = type(value)
      if kind ~= "string" and kind ~= "number" and kind ~= "table" then
         return nil, "is " .. describe(value) .. ", expected a date: epoch seconds, text or an os.date table"
      end
      if not is_moment(value) then return nil, "is not a date: " .. tostring(value) .. " seconds" end
      local ok, result = pcall(time.format, value, format)
      if ok and result then return result end
      return nil, "is not a date" .. (result and ": " .. result or "")
   end
end

local function json_text(value)
   if type(value) == "string" then return value end
   local encoded, why = json.encode(value)
   if not encoded then return nil, "holds " .. why end
   return encoded
end

local types = { b = text, i = text, n = text, d = moment("date"), t = moment("datetime"), j = json_text }

local function push(out, name, value, convert)
   local result, why = convert(value)
   if not result then return nil, why end
   out[#out + 1], out[#out + 2] = name, result
   return true
end

-- An object of our own with __tostring is one value, not a list.
local function is_list(value)
   if type(value) ~= "table" then return false end
   local mt = getmetatable(value)
   return not (type(mt) == "table" and mt.__tostring)
end

local function push_list(out, name, list, convert)
   for i = 1, #list do
      local ok, why = push(out, name, list[i], convert)
      if not ok then return nil, "item " .. i .. " " .. why end
   end
   for key in pairs(list) do
      if type(key) ~= "number" then return nil, "is a table with the key '" .. tostring(key) .. "', expected a list" end
   end
   return true
end

local MAP_DEPTH = 100 -- a map that holds itself has no end

-- A map flattened into Prefix.a.b=v, keys sorted so that the same call gives the same URL.
local function push_map(out, prefix, map, depth)
   if depth > MAP_DEPTH then return nil, "is nested too deeply, or holds itself" end
   local keys = {}
   for key in pairs(map) do keys[#keys + 1] = tostring(key) end
   table.sort(keys, core.less)
   for _, key in ipairs(keys) do
      local value = map[key] == nil and map[tonumber(key)] or map[key]
      local name = prefix .. "." .. key
      local ok, why
      if type(value) == "table" then ok, why = push_map(out, name, value, depth + 1) else ok, why = push(out, name, value, text) end
      if not ok then return nil, why end
   end
   return true
end

--- Appends a parameter to a list of pairs.
-- @param out (array) k1, v1, k2, v2, ...: what request.build encodes
-- @param parameter (table) { wire =, type =, array = } of operation.lua
-- @param value what the caller gave, not nil
-- @return true
-- @return[2] nil, (string) what is wrong with the value, to stand after the parameter's name
function serialize.push(out, parameter, value)
   -- Text passes through whatever the type.
   if type(value) == "string" then
      local n = #out
      out[n + 1], out[n + 2] = parameter.wire, value
      return true
   end
   if parameter.type == "m" and type(value) == "table" then return push_map(out, (parameter.wire:gsub("Data$", "")), value, 1) end
   local convert = types[parameter.type] or text
   -- json.null has no form outside JSON: an absent field is left out, an empty one is "".
   if is_null(value) and parameter.type ~= "j" then return nil, 'is null, which only JSON bodies can hold (use "" to clear it)' end
   -- A table without items is one JSON object, also where a list of them may stand.
   local is_items = parameter.array and is_list(value) and (parameter.type ~= "j" or #value > 0)
   if is_items then return push_list(out, parameter.wire, value, convert) end
   return push(out, parameter.wire, value, convert)
end

--- The text of a path value.
-- @return (string), never empty
-- @return[2] nil, (string) why it can't stand in a path
function serialize.path(value)
   if value == nil then return nil, "is missing" end
   local result, why = text(value)
   if not result then return nil, why end
   if result == "" then return nil, "is empty" end
   -- As path segments these two would be resolved away, and the request would reach another
   -- resource.
   if result == "." or result == ".." then return nil, "is '" .. result .. "', which can't stand in a path" end
   return result
end

return serialize
