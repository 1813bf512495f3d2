-- sandbox/schema/convert.lua: a value as a field of an answer: of the kind that the API's files
-- give that field, or not at all.
--
-- A form's text "5" becomes the integer of an integer field, and what can't be such a value becomes
-- nil. Must not know records or operations.

local json = require "twilio.json"
local numbers = require "twilio.util.number"
local sid = require "twilio.sandbox.schema.sid"
local time = require "twilio.util.time"

local convert = {}

local days = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" }
local months = {
   "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
}

-- Most dates of an answer, and of answers in a row, are the same one.
local function with_last_kept(format)
   local last, text
   return function(seconds)
      if seconds ~= last then last, text = seconds, format(seconds) end
      return text
   end
end

--- Epoch seconds as the API's kinds of dates. Names of days and months are English whatever the
-- locale.
convert.dates = {
   date = with_last_kept(function(seconds) return time.format(seconds, "date") end),
   ["date-time"] = with_last_kept(function(seconds) return time.format(seconds, "datetime") end),
   rfc2822 = with_last_kept(function(seconds)
      local t = time.utc(seconds)
      return ("%s, %02d %s %04d %02d:%02d:%02d +0000"):format(days[t.wday], t.day, months[t.month],
         t.year, t.hour, t.min, t.sec)
   end),
}

local function within(schema, size)
   return size >= (schema.low or 0) and size <= (schema.high or math.huge)
end

local function as_text(value)
   if type(value) == "table" then return json.encode(value) end
   if type(value) == "number" then return json.encode(value) end
   return tostring(value)
end

local function text(schema, value)
   local result = as_text(value)
   return result and within(schema, #result) and result or nil
end

local function number(schema, value)
   value = numbers.parse(value) or tonumber(value)
   local is_finite = value and value - value == 0 -- JSON has no other numbers
   return is_finite and value >= (schema.low or -math.huge) and value <= (schema.high or math.huge)
      and value or nil
end

local function integer(schema, value)
   value = number(schema, value)
   if not value or value % 1 ~= 0 then return nil end
   return math.tointeger and math.tointeger(value) or value
end

local booleans = { ["true"] = true, ["false"] = false }

convert.LATEST = 253402300799 -- epoch seconds: the end of 9999, the last year that these dates hold

local function date(format)
   return function(_, value)
      local seconds = tonumber(value) or time.parse(value)
      return seconds and seconds >= 0 and seconds <= convert.LATEST and format(seconds) or nil
   end
end

local function resource_sid(schema, value)
   return sid.is(value, schema.prefixes) and value or nil
end

local function filled(_, value)
   return type(value) == "string" and value ~= "" and value or nil
end

local function uri(_, value)
   return type(value) == "string" and value:match("^[A-Za-z][A-Za-z0-9+.-]*:[^ \t-\r]+$") or nil
end

local kinds = {
   string = text, integer = integer, number = number, sid = resource_sid, pattern = filled,
   uri = uri,
   boolean = function(_, value)
      if type(value) == "boolean" then return value end
      return booleans[value]
   end,
   date = date(convert.dates.date), ["date-time"] = date(convert.dates["date-time"]),
   rfc2822 = date(convert.dates.rfc2822),
   enum = function(schema, value) return schema.values[value] and value or nil end,
   any = function(_, value) return value end,
}

-- A member that was null when the value was decoded is one still.
local function member_of(value, name)
   local member, nulls = value[name], json.nulls(value)
   return member == nil and nulls and nulls[name] and json.null or member
end

kinds["uri-map"] = function(_, value)
   return type(value) == "table" and json.object(value) or nil
end

local function plain_object(schema, value)
   if type(value) ~= "table" or json.is_array(value) then return nil end
   for name in pairs(schema.required or {}) do
      if value[name] == nil then return nil end
   end
   return value
end

-- A structure fits if all that is in it fits; what the files don't name stays unless they forbid
-- it.
local function object(schema, value)
   if not plain_object(schema, value) then return nil end
   local out, seen = {}, {}
   local function add(name, member)
      if seen[name] or schema.extra == false then return end
      out[name] = schema.extra and convert.value(schema.extra, member) or member
   end
   for _, property in ipairs(schema.properties or {}) do
      seen[property.name] = true
      local member = member_of(value, property.name)
      if member ~= nil then
         out[property.name] = convert.value(property.schema, member)
         if out[property.name] == nil and schema.required[property.name] then return nil end
      end
   end
   for name, member in pairs(value) do add(name, member) end
   for name in pairs(json.nulls(value) or {}) do add(name, json.null) end
   return json.object(out)
end

local function array(schema, value)
   if type(value) ~= "table" or next(value) ~= nil and not json.is_array(value) then
      value = { value }
   end
   local last = #value
   for i in pairs(json.nulls(value) or {}) do last = math.max(last, i) end
   if not within(schema, last) then return nil end
   local out = {}
   for i = 1, last do
      local member = member_of(value, i)
      out[i] = member == json.null and member or convert.value(schema.items, member)
      if out[i] == nil then return nil end
   end
   return json.array(out)
end

local function one(schema, value)
   for _, choice in ipairs(schema.choices) do
      local result = convert.value(choice, value)
      if result ~= nil then return result end
   end
   return nil
end

kinds.object, kinds.array, kinds.one = object, array, one

--- A value as a field of a schema.
-- @param schema (table) of schemas.lua
-- @return the value, or nil if it can't be one
function convert.value(schema, value)
   if value == json.null then
      if schema.nullable then return value end
      return nil
   end
   local kind = kinds[schema.kind] or text
   return kind(schema, value)
end

return convert
