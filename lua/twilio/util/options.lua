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
local lazy = require "twilio.util.lazy"

local limits = lazy "twilio.util.limits" -- with the first number
local mistakes = lazy "twilio.util.mistakes" -- with the first mistake

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
   if value:find("^[!-~]+$") then return true end -- nearly all
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

-- @return (string) the types that a rule allows
local function types_of(rule)
   return type(rule) == "table" and (rule[1] or "any") or rule
end

-- Checks one name of the caller's table. @return true; or nil, message
local function check_one(given, name, known, prefix, what)
   local rule, value = known[name], given[name]
   if rule == nil then
      return nil, mistakes.unknown(what, name, options.names(known), prefix)
   end
   local types = types_of(rule)
   if value == "" and types:find("!", 1, true) then
      return nil, mistakes.required(what, prefix .. name)
   end
   if not has_type(types, value) then
      return nil, mistakes.type(what, prefix .. name, types, value)
   end
   if type(rule) ~= "table" then return true end
   if rule.fields and type(value) == "table" then
      local fields = type(rule.fields) == "function" and rule.fields() or rule.fields
      local below = rule.what and "" or prefix .. name .. "."
      local ok, message = options.check(value, fields, below, rule.what or what)
      if not ok then return nil, message end
   end
   local ok, message = true, nil
   if rule.one_of or type(value) == "number" then ok, message = limits.check(types, rule, value) end
   if ok and rule.check then ok, message = rule.check(value, given) end
   if not ok then return nil, mistakes.value(what, prefix .. name, message) end
   return true
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
   for name, rule in pairs(known) do
      if given[name] == nil and types_of(rule):find("!", 1, true)
         and (not first or core.less(name, first)) then
         first = name
      end
   end
   if first then return nil, mistakes.required(what, prefix .. first) end
   return given
end

return options
