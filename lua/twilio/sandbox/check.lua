-- sandbox/check.lua: is a value one that a request's shape allows?
--
-- A JSON null counts as a member that isn't there: that is how JSON bodies clear a field. Of
-- several shapes one must fit. Must not know operations, or where the value stood.

local core = require "twilio.core"
local ids = require "twilio.sandbox.ids"
local json = require "twilio.json"
local options = require "twilio.util.options"
local pattern = require "twilio.sandbox.pattern"
local problem = require "twilio.sandbox.problem"
local time = require "twilio.util.time"

local check = {}

local function invalid(name, why) return problem.invalid(name == "" and "body" or name, why) end

local function bounds(it, what)
   if it.low and it.high then return ("must have %s from %.14g to %.14g"):format(what, it.low, it.high) end
   if it.low then return ("must have %s of at least %.14g"):format(what, it.low) end
   return ("must have %s of at most %.14g"):format(what, it.high)
end

local function is_within(it, n) return n >= (it.low or -math.huge) and n <= (it.high or math.huge) end

-- In characters: bytes that don't go on with one.
local function length(text) return select(2, text:gsub("[^\128-\191]", "")) end

local function is_list(value)
   for key in pairs(value) do
      if type(key) ~= "number" then return false end
   end
   return true
end

local function fits(value, regex) return type(value) == "string" and value:find(regex) ~= nil end

-- The API's files write them in capitals here and small there, also for the same parameter.
local verbs = { GET = true, POST = true, PUT = true }

local function is_value(it, value)
   if type(value) ~= "string" then return false end
   return it.values[value] or (verbs[core.upper(value)] and (it.values[core.upper(value)] or it.values[core.lower(value)])) or false
end

local function number(it, value, words)
   if type(value) ~= "number" then return "must be " .. words end
   return not is_within(it, value) and bounds(it, "a value") or nil
end

local function date(_, value) return not time.parse(value) and "must be a date" or nil end

-- kind -> function(shape, value) -> what is wrong, if anything
local kinds = {
   string = function(it, value)
      if type(value) ~= "string" then return "must be a text" end
      return not is_within(it, length(value)) and bounds(it, "a length") or nil
   end,
   integer = function(it, value)
      if type(value) == "number" and value % 1 ~= 0 then return "must be an integer" end
      return number(it, value, "an integer")
   end,
   number = function(it, value) return number(it, value, "a number") end,
   boolean = function(_, value) return type(value) ~= "boolean" and "must be true or false" or nil end,
   enum = function(it, value) return not is_value(it, value) and "must be one of " .. it.words or nil end,
   sid = function(it, value)
      if fits(value, "^[A-Z][A-Z]%x+$") and #value == 34 and ids.has_prefix(value, it.prefixes) then return nil end
      return ("must be a SID: %s and 32 hexadecimal digits"):format((it.prefixes:gsub("|", " or ")))
   end,
   pattern = function(it, value)
      return not (type(value) == "string" and pattern.matches(it.pattern, value)) and "must match " .. it.pattern or nil
   end,
   uri = function(_, value) return not fits(value, "^[A-Za-z][A-Za-z0-9+.-]*:.") and "must be a URL with its scheme" or nil end,
   email = function(_, value) return not fits(value, "^[^@]+@[^@]+$") and "must be an e-mail address" or nil end,
   ["iso-country-code"] = function(_, value) return not fits(value, "^[A-Za-z][A-Za-z]$") and "must be a country's two letters" or nil end,
   date = date, ["date-time"] = date, rfc2822 = date,
   any = function() return nil end,
}

local function lacking(it, value, name)
   for _, property in ipairs(it.properties) do
      local member = value[property.name]
      local absent = member == nil or (member == json.null and not property.shape.nullable)
      if absent and it.required[property.name] then return problem.missing(name .. property.name) end
   end
   return nil
end

-- Objects without properties of their own are read without them.
local function members(it, value, name)
   local known = {}
   for _, property in ipairs(it.properties or {}) do known[property.name] = property.shape end
   for _, member in ipairs(options.names(value)) do
      local content, expected = value[member], known[member]
      if expected == nil then expected = it.extra end
      local where = name .. tostring(member)
      if expected == false then return problem.unknown(where) end
      local wrong = expected and check.value(expected, content, where)
      if wrong then return wrong end
   end
   return nil
end

local function object(it, value, name)
   if type(value) ~= "table" or (next(value) ~= nil and is_list(value)) then return invalid(name, "must be an object") end
   if name ~= "" then name = name .. "." end
   return it.properties and lacking(it, value, name) or members(it, value, name)
end

local function array(it, value, name)
   if type(value) ~= "table" or not is_list(value) then return invalid(name, "must be a list") end
   if not is_within(it, #value) then return invalid(name, bounds(it, "a number of items")) end
   for i, item in ipairs(value) do
      local wrong = check.value(it.items, item, ("%s[%d]"):format(name, i - 1))
      if wrong then return wrong end
   end
   return nil
end

-- Returns true if a value says that it is of this choice, by a required member that can have one
-- value only: { type = "Web" }?
local function is_named(choice, value)
   for _, property in ipairs(type(value) == "table" and choice.properties or {}) do
      local only = choice.required[property.name] and property.shape.words == property.shape.first and property.shape.first
      if only and value[property.name] == only then return true end
   end
   return false
end

local function one(it, value, name)
   local wrong_of_named
   for _, choice in ipairs(it.choices) do
      local wrong = check.value(choice, value, name)
      if not wrong then return nil end
      if #it.choices == 1 or is_named(choice, value) then wrong_of_named = wrong end
   end
   return wrong_of_named or invalid(name, "is none of the kinds that it may be")
end

local structures = { object = object, ["uri-map"] = object, array = array, one = one }

--- @param it (table) of shape.lua
-- @param value of JSON, or an argument
-- @param name (string) how to call it; "" for a whole body
-- @return (table | nil) the problem, if the shape doesn't allow the value
function check.value(it, value, name)
   if value == json.null then return nil end
   local structure = structures[it.kind]
   if structure then return structure(it, value, name) end
   local wrong = (kinds[it.kind] or kinds.string)(it, value)
   return wrong and invalid(name, wrong) or nil
end

return check
