-- call/serialize.lua: a Lua value -> the text that a form or a query holds.
--
-- Knows the API's value types (docs/architecture.md: b d t i n j x c s m), nothing of operations.
-- Everything returns nil, message for a value that has no such form; the public method raises it at
-- the caller's line.

local core = require "twilio.core"
local json = require "twilio.json"
local time = require "twilio.util.time"

local serialize = {}

local function is_null(value) return value == json.null end

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
   if type(mt) == "table" and mt.__tostring and not mt.twilio_resource then
      return tostring(value)
   end
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
         return nil, "is " .. describe(value)
            .. ", expected a date: epoch seconds, text or an os.date table"
      end
      if not is_moment(value) then
         return nil, "is not a date: " .. tostring(value) .. " seconds"
      end
      local ok, result = pcall(time.format, value, format)
      if ok and result then return result end
      return nil, "is not a date" .. (result and ": " .. result or "")
   end
end

local function json_text(value)
   if type(value) == "string" then return value end
   local encoded, message = json.encode(value)
   if not encoded then return nil, "holds " .. message end
   return encoded
end

local types = {
   b = text, i = text, n = text, d = moment("date"), t = moment("datetime"), j = json_text,
   x = json_text,
}

local function push(out, name, value, convert)
   local result, message = convert(value)
   if not result then return nil, message end
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
      local ok, message = push(out, name, list[i], convert)
      if not ok then return nil, "item " .. i .. " " .. message end
   end
   local odd -- the same one each time, whatever the table's order
   for key in pairs(list) do
      if type(key) ~= "number" and (not odd or tostring(key) < odd) then odd = tostring(key) end
   end
   if odd then return nil, "is a table with the key '" .. odd .. "', expected a list" end
   return true
end

-- One value with all items of a list in it.
local function push_joined(out, name, list, separator)
   local items = {}
   local ok, message = push_list(items, name, list, text)
   if not ok then return nil, message end
   local texts = {}
   for i = 2, #items, 2 do texts[i / 2] = items[i] end
   out[#out + 1], out[#out + 2] = name, table.concat(texts, separator)
   return true
end

local separators = { c = ",", s = " " }

local MAP_DEPTH = 100 -- a map that holds itself has no end

-- A map flattened into Prefix.a.b=v, keys sorted so that the same call gives the same URL. A list
-- in it repeats its key.
local function push_map(out, prefix, map, depth)
   if depth > MAP_DEPTH then return nil, "is nested too deeply, or holds itself" end
   local keys = {}
   for key in pairs(map) do
      if type(key) ~= "string" then
         local shown = type(key) .. " " .. tostring(key)
         return nil, ("is a map with the %s as a key, expected names"):format(shown)
      end
      keys[#keys + 1] = key
   end
   table.sort(keys, core.less)
   for _, key in ipairs(keys) do
      local value, name = map[key], prefix .. "." .. key
      local ok, message
      if not is_list(value) then
         ok, message = push(out, name, value, text)
      elseif #value > 0 then
         ok, message = push_list(out, name, value, text)
         if not ok then message = "'" .. name .. "' " .. message end
      else
         ok, message = push_map(out, name, value, depth + 1)
      end
      if not ok then return nil, message end
   end
   return true
end

local function push_whole_map(out, parameter, value)
   if not is_list(value) then
      return nil, "is " .. describe(value) .. ", expected a map: { name = value or a list of them }"
   end
   return push_map(out, (parameter.wire:gsub("Data$", "")), value, 1)
end

--- Appends a parameter to a list of pairs.
-- @param out (array) k1, v1, k2, v2, ...: what request.build encodes
-- @param parameter (table) { wire =, type =, array = } of operation.lua
-- @param value what the caller gave, not nil
-- @return true
-- @return[2] nil, (string) what is wrong with the value, to stand after the parameter's name
function serialize.push(out, parameter, value)
   if parameter.type == "m" then return push_whole_map(out, parameter, value) end
   -- Text passes through whatever the other types.
   if type(value) == "string" then
      local n = #out
      out[n + 1], out[n + 2] = parameter.wire, value
      return true
   end
   local separator = separators[parameter.type]
   if separator and is_list(value) then
      return push_joined(out, parameter.wire, value, separator)
   end
   local convert = types[parameter.type] or text
   -- json.null has no form outside JSON: an absent field is left out, an empty one is "".
   if is_null(value) and parameter.type ~= "j" then
      return nil, 'is null, which only JSON bodies can hold (use "" to clear it)'
   end
   -- A table without items is one JSON object, also where a list of them may stand.
   local is_items = parameter.array and is_list(value) and (convert ~= json_text or #value > 0)
   if is_items then return push_list(out, parameter.wire, value, convert) end
   return push(out, parameter.wire, value, convert)
end

--- The text of a path value.
-- @return (string), never empty
-- @return[2] nil, (string) why it can't stand in a path
function serialize.path(value)
   if value == nil then return nil, "is missing" end
   local result, message = text(value)
   if not result then return nil, message end
   if result == "" then return nil, "is empty" end
   -- As path segments these two would be resolved away, and the request would reach another
   -- resource.
   if result == "." or result == ".." then
      return nil, "is '" .. result .. "', which can't stand in a path"
   end
   return result
end

return serialize
