-- util/options.lua: tables of named options, checked against rules.
--
-- Every option table of the library has a table of rules, name -> rule. A rule is a text:
--
--   "string"              a type of Lua, or "any"
--   "function|boolean"    one of several types
--   "string!"             required, and not ""
--
-- or a table: such a text (if none, "any"), and what it doesn't say:
--
--   { "number", above = 0, finite = true, unit = "seconds" }
--   { "integer", from = 0, to = 5 }            a number without a fraction; both are inclusive
--   { one_of = { "RS256", "PS256" } }
--   { "table", fields = rules }                its own names, called NAME.FIELD; `what = "grant"`
--                                              calls them so instead; a function that returns the
--                                              rules loads them with the first such option
--   { "string", check = f }                    f(value, given) -> true | nil, message: the rest of
--                                              a sentence that begins with the name
--
-- A message holds names and types and never a value, which may be a secret in the wrong place.

local core = require "twilio.core"
local mistakes = require "twilio.util.lazy" "twilio.util.mistakes"

local options = {}

--- The names in a table, sorted: whoever goes through them does so alike each time.
function options.names(t)
   local list = {}
   for name in pairs(t) do list[#list + 1] = name end
   table.sort(list, function(a, b) return core.less(tostring(a), tostring(b)) end)
   return list
end

--- The sentence for a name that isn't known; see mistakes.unknown.
function options.unknown(...) return mistakes.unknown(...) end

--- Checks a credential: one that was copied from a file or a web page with what stood around it
-- would end in a bare 401. Credentials are printable ASCII. Fit for a rule's `check`.
-- @return true; or nil, (string) the rest of a sentence, without the value
function options.credential(value)
   if value == "" or value:find("^[\128-\255 \t-\r]") or value:find("[\128-\255 \t-\r]$")
      or value:find("[%z\1-\31\127]") then
      return nil, mistakes.credential(value)
   end
   return true
end

local function has_type(types, value)
   local found = types:find(type(value), 1, true) or types:find("any", 1, true)
   return found or (type(value) == "number" and types:find("integer", 1, true))
end

-- Written so that NaN is outside of every range.
local function is_in_range(types, rule, value)
   if types:find("integer", 1, true) and value % 1 ~= 0 then return false end
   if rule.finite and not (value > -math.huge and value < math.huge) then return false end
   return (not rule.above or value > rule.above) and (not rule.from or value >= rule.from)
      and (not rule.to or value <= rule.to)
end

local function is_among(list, value)
   for _, one in ipairs(list) do
      if one == value then return true end
   end
   return false
end

-- The parts of a rule that is a table, for a value of the right type.
-- @return true; or nil, (string) the rest of a sentence
local function check_value(types, rule, value, given)
   if type(value) == "number" and not is_in_range(types, rule, value) then
      return nil, mistakes.range(types, rule)
   end
   if rule.one_of and not is_among(rule.one_of, value) then
      return nil, mistakes.one_of(rule.one_of)
   end
   if rule.check then return rule.check(value, given) end
   return true
end

local BARE = {} -- a rule that says no more than its types

local function types_of(rule)
   if type(rule) == "table" then return rule[1] or "any", rule end
   return rule, BARE
end

-- Checks one name of the caller's table. @return true; or nil, message
local function check_one(given, name, known, prefix, what)
   local value = given[name]
   if known[name] == nil then
      return nil, mistakes.unknown(what, name, options.names(known), prefix)
   end
   local types, rule = types_of(known[name])
   if value == "" and types:find("!", 1, true) then
      return nil, mistakes.required(what, prefix .. name)
   end
   if not has_type(types, value) then
      return nil, mistakes.type(what, prefix .. name, types, value)
   end
   if rule == BARE then return true end
   if rule.fields and type(value) == "table" then
      local fields = type(rule.fields) == "function" and rule.fields() or rule.fields
      local below = rule.what and "" or prefix .. name .. "."
      local ok, message = options.check(value, fields, below, rule.what or what)
      if not ok then return nil, message end
   end
   local ok, message = check_value(types, rule, value, given)
   if not ok then return nil, mistakes.value(what, prefix .. name, message) end
   return true
end

-- rules -> the names that are required, sorted
local required = setmetatable({}, { __mode = "k" })

local function required_names(known)
   if not required[known] then
      local list = {}
      for name, rule in pairs(known) do
         if types_of(rule):find("!", 1, true) then list[#list + 1] = name end
      end
      table.sort(list, core.less)
      required[known] = list
   end
   return required[known]
end

--- Checks a table of options: names, types and values. Of several mistakes the same one is told
-- each time.
-- @param given (table | nil) the caller's; not changed
-- @param known (table) name -> rule, as above
-- @param prefix (string | nil) where the names stand: "oauth."
-- @param what (string | nil) what they are called in messages: "option", "argument", ...
-- @return (table) the options: `given`, or an empty table
-- @return[2] nil, (string) the caller's mistake
function options.check(given, known, prefix, what)
   what, prefix = what or "option", prefix or ""
   if given == nil then given = {} end
   if type(given) ~= "table" then
      return nil, ("%ss are one table, got a %s"):format(what, type(given))
   end
   local first, message
   for name in pairs(given) do
      local ok, text = check_one(given, name, known, prefix, what)
      if not ok and (not first or core.less(tostring(name), first)) then
         first, message = tostring(name), text
      end
   end
   if first then return nil, message end
   for _, name in ipairs(required_names(known)) do
      if given[name] == nil then return nil, mistakes.required(what, prefix .. name) end
   end
   return given
end

return options
