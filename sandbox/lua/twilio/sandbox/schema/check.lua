-- sandbox/schema/check.lua: tells whether a request's schema allows a value.
--
-- A JSON null counts as a member that isn't there: that is how JSON bodies clear a field. Of
-- several schemas one must fit. Must not know operations, or where the value stood.

local core = require "twilio.core"
local json = require "twilio.json"
local options = require "twilio.util.options"
local pattern = require "twilio.sandbox.schema.pattern"
local sid = require "twilio.sandbox.schema.sid"
local time = require "twilio.util.time"

local check = {}

--- The texts by which the API refuses a parameter.
function check.missing(name) return "Missing required parameter " .. name end
function check.unknown(name) return "Unknown parameter " .. name end
function check.invalid(name, message) return ("Parameter %s %s"):format(name, message) end

local function invalid(name, message)
   return check.invalid(name == "" and "body" or name, message)
end

local function bounds(schema, what)
   if schema.low and schema.high then
      return ("must have %s from %.14g to %.14g"):format(what, schema.low, schema.high)
   end
   if schema.low then return ("must have %s of at least %.14g"):format(what, schema.low) end
   return ("must have %s of at most %.14g"):format(what, schema.high)
end

local function is_within(schema, n)
   return n >= (schema.low or -math.huge) and n <= (schema.high or math.huge)
end

-- In characters: bytes that don't go on with one.
local function length(text) return select(2, text:gsub("[^\128-\191]", "")) end

local function fits(value, regex) return type(value) == "string" and value:find(regex) ~= nil end

-- The API's files write them in capitals here and small there, also for the same parameter.
local verbs = { GET = true, POST = true, PUT = true }

local function is_value(schema, value)
   if type(value) ~= "string" then return false end
   if schema.values[value] then return true end
   local upper = core.upper(value)
   return verbs[upper] and (schema.values[upper] or schema.values[core.lower(value)]) or false
end

local function number(schema, value, words)
   if type(value) ~= "number" then return "must be " .. words end
   return not is_within(schema, value) and bounds(schema, "a value") or nil
end

local function date(_, value) return not time.parse(value) and "must be a date" or nil end

-- kind -> function(schema, value) -> what is wrong, if anything
local kinds = {
   string = function(schema, value)
      if type(value) ~= "string" then return "must be a text" end
      -- A character has one to four bytes: most texts needn't be counted.
      local is_sure = is_within(schema, #value) and is_within(schema, math.ceil(#value / 4))
      return not is_sure and not is_within(schema, length(value)) and bounds(schema, "a length")
         or nil
   end,
   integer = function(schema, value)
      if type(value) == "number" and value % 1 ~= 0 then return "must be an integer" end
      return number(schema, value, "an integer")
   end,
   number = function(schema, value) return number(schema, value, "a number") end,
   boolean = function(_, value)
      return type(value) ~= "boolean" and "must be true or false" or nil
   end,
   enum = function(schema, value)
      return not is_value(schema, value) and "must be one of " .. schema.words or nil
   end,
   sid = function(schema, value)
      if sid.is(value, schema.prefixes) then return nil end
      local prefixes = schema.prefixes:gsub("|", " or ")
      return ("must be a SID: %s and 32 hexadecimal digits"):format(prefixes)
   end,
   pattern = function(schema, value)
      return not (type(value) == "string" and pattern.matches(schema.pattern, value))
         and "must match " .. schema.pattern or nil
   end,
   uri = function(_, value)
      return not fits(value, "^[A-Za-z][A-Za-z0-9+.-]*:.") and "must be a URL with its scheme"
         or nil
   end,
   email = function(_, value)
      return not fits(value, "^[^@]+@[^@]+$") and "must be an e-mail address" or nil
   end,
   ["iso-country-code"] = function(_, value)
      return not fits(value, "^[A-Za-z][A-Za-z]$") and "must be a country's two letters" or nil
   end,
   date = date, ["date-time"] = date, rfc2822 = date,
   any = function() return nil end,
}

local function lacking(schema, value, name)
   for _, property in ipairs(schema.properties) do
      local member = value[property.name]
      local absent = member == nil or (member == json.null and not property.schema.nullable)
      if absent and schema.required[property.name] then
         return check.missing(name .. property.name)
      end
   end
   return nil
end

-- Objects without properties of their own are read without them.
local function members(schema, value, name)
   local known = {}
   for _, property in ipairs(schema.properties or {}) do known[property.name] = property.schema end
   for _, member in ipairs(options.names(value)) do
      local content, expected = value[member], known[member]
      if expected == nil then expected = schema.extra end
      local where = name .. tostring(member)
      if expected == false then return check.unknown(where) end
      local message = expected and check.value(expected, content, where)
      if message then return message end
   end
   return nil
end

local function object(schema, value, name)
   if type(value) ~= "table" or json.is_array(value) then
      return invalid(name, "must be an object")
   end
   if name ~= "" then name = name .. "." end
   return schema.properties and lacking(schema, value, name) or members(schema, value, name)
end

local function array(schema, value, name)
   if type(value) ~= "table" or not json.is_array(value) then
      return invalid(name, "must be a list")
   end
   if not is_within(schema, #value) then
      return invalid(name, bounds(schema, "a number of items"))
   end
   for i, item in ipairs(value) do
      local message = check.value(schema.items, item, ("%s[%d]"):format(name, i - 1))
      if message then return message end
   end
   return nil
end

-- Returns true if a value says that it is of this choice, by a required member that can have one
-- value only: { type = "Web" }?
local function is_named(choice, value)
   for _, property in ipairs(type(value) == "table" and choice.properties or {}) do
      local is_single = property.schema.words == property.schema.first
      local only = choice.required[property.name] and is_single and property.schema.first
      if only and value[property.name] == only then return true end
   end
   return false
end

local function one(schema, value, name)
   local message_of_named
   for _, choice in ipairs(schema.choices) do
      local message = check.value(choice, value, name)
      if not message then return nil end
      if #schema.choices == 1 or is_named(choice, value) then message_of_named = message end
   end
   return message_of_named or invalid(name, "is none of the kinds that it may be")
end

local structures = { object = object, ["uri-map"] = object, array = array, one = one }

--- Checks a value.
-- @param schema (table) of schemas.lua
-- @param value of JSON, or an argument
-- @param name (string) how to call it; "" for a whole body
-- @return (string | nil) the API's words, if the schema doesn't allow the value
function check.value(schema, value, name)
   if value == json.null then return nil end
   local structure = structures[schema.kind]
   if structure then return structure(schema, value, name) end
   local message = (kinds[schema.kind] or kinds.string)(schema, value)
   return message and invalid(name, message) or nil
end

return check
