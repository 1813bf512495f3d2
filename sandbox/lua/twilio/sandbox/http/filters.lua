-- sandbox/http/filters.lua: which records a list's arguments let through.
--
-- A filter is an argument named as a field of the items, or as a date field with _before or _after;
-- others (they steer what only Twilio knows) let everything through.

local convert = require "twilio.sandbox.schema.convert"
local schemas = require "twilio.sandbox.schema.schemas"
local time = require "twilio.util.time"

local filters = {}

local paging = {
   page = true, page_size = true, page_token = true, size = true, token = true, limit = true,
   order = true, body_ = true,
}

local function moment(value) return tonumber(value) or time.parse(value) end

local function not_later(limit)
   return function(value)
      local at = moment(value)
      return at ~= nil and at <= limit
   end
end

local function not_earlier(limit)
   return function(value)
      local at = moment(value)
      return at ~= nil and at >= limit
   end
end

-- A day means all of it.
local function on_day(text)
   local from = moment(text)
   if #text > 10 then return function(value) return moment(value) == from end end
   return function(value)
      local at = moment(value)
      return at ~= nil and at >= from and at < from + 86400
   end
end

local function equal(wanted)
   local text = tostring(wanted)
   return function(value) return tostring(value) == text end
end

local function is_date(property) return convert.dates[property.schema.kind] ~= nil end

local function add(tests, field, test) tests[#tests + 1] = { field = field, test = test } end

local function add_filter(tests, items, name, wanted)
   local base, side = name:match("^(.*)_(%l+)$")
   local dated = (side == "before" or side == "after") and schemas.property(items, base)
   local property = schemas.property(items, name)
   if dated and moment(wanted) then
      add(tests, base, (side == "before" and not_later or not_earlier)(moment(wanted)))
   elseif property and is_date(property) and moment(wanted) then
      add(tests, name, on_day(wanted))
   elseif property and type(wanted) ~= "table" and wanted ~= "" then
      add(tests, name, equal(wanted))
   end
end

--- @param items (table) schema of one item
-- @param arguments (table) of the list
-- @return (function) record -> boolean; nil: all of them pass
function filters.new(items, arguments)
   local tests = {}
   for name, wanted in pairs(arguments) do
      if not paging[name] then add_filter(tests, items, name, wanted) end
   end
   if #tests == 0 then return nil end
   return function(record)
      for _, test in ipairs(tests) do
         local value = record.fields[test.field]
         if value == nil or not test.test(value) then return false end
      end
      return true
   end
end

return filters
