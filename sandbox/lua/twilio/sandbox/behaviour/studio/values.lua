-- sandbox/behaviour/studio/values.lua: texts of a flow with {{names}} of what the execution knows,
-- and the conditions that compare them.

local core = require "twilio.core"
local json = require "twilio.json"
local number = require "twilio.util.number"
local trim = require("twilio.util.text").trim

local values = {}

local function at(context, path)
   local value = context
   for name in path:gmatch("[^.]+") do
      value = type(value) == "table" and value[name] or nil
   end
   return value
end

local function text_of(value)
   if value == nil or value == json.null then return "" end
   if type(value) == "table" then return json.encode(value) or "" end
   return number.plain(value)
end

--- Fills a text: "Hello {{trigger.message.Body}}". A name that isn't known leaves nothing. Filters
-- after a "|" are left out.
-- @return (string)
function values.fill(text, context)
   if type(text) ~= "string" then return text_of(text) end
   return (text:gsub("{{([^{}]*)}}", function(inner)
      return text_of(at(context, inner:match "^[ \t]*([^| \t]*)"))
   end))
end

local function words(text)
   local list = {}
   for word in text:gmatch("[^,]+") do
      list[#list + 1] = trim(word)
   end
   return list
end

local function is_any(value, list)
   for _, word in ipairs(words(list)) do
      if value == word then return true end
   end
   return false
end

local function holds(value, part) return value:find(part, 1, true) ~= nil end

local conditions = {
   equal_to = function(a, b) return a == b end,
   not_equal_to = function(a, b) return a ~= b end,
   matches_any_of = is_any,
   does_not_match_any_of = function(a, b) return not is_any(a, b) end,
   contains = holds,
   does_not_contain = function(a, b) return not holds(a, b) end,
   starts_with = function(a, b) return a:sub(1, #b) == b end,
   does_not_start_with = function(a, b) return a:sub(1, #b) ~= b end,
   is_blank = function(a) return a:find("^[ \t]*$") ~= nil end,
   is_not_blank = function(a) return a:find("[^ \t]") ~= nil end,
   less_than = function(a, b)
      return (number.parse(a) or math.huge) < (number.parse(b) or -math.huge)
   end,
   greater_than = function(a, b)
      return (number.parse(a) or -math.huge) > (number.parse(b) or math.huge)
   end,
}

--- Returns true if a condition of split-based-on holds; letters' case doesn't matter.
-- @param given (table) { type, arguments = array of texts, value }
function values.matches(given, context)
   local compare = conditions[given.type]
   local left = type(given.arguments) == "table" and given.arguments[1]
   if not compare or not left then return false end
   local right = values.fill(given.value, context)
   return compare(core.lower(values.fill(left, context)), core.lower(right))
end

return values
