-- jwt/arguments.lua: checks a table of named arguments against what a function takes.
--
-- Returns what is wrong as a message, for the public function to raise.

local options = require "twilio.util.options"

local function has_type(value, types)
   for wanted in types:gmatch("%a+") do
      if type(value) == wanted then return true end
   end
   return false
end

local function missing(what, t, known)
   for _, name in ipairs(options.names(known)) do
      if known[name]:find("!", 1, true) and (t[name] == nil or t[name] == "") then
         return ("%s '%s' is required"):format(what, name)
      end
   end
end

-- A token that is signed with them would be refused by Twilio without a reason.
local function blemished(what, t)
   for _, name in ipairs { "account_sid", "api_key", "api_secret", "auth_token" } do
      local found = options.blemish(t[name])
      if found then return ("%s '%s' %s"):format(what, name, found) end
   end
end

--- Checks arguments.
-- @param what (string) what they are called in messages: "argument"
-- @param t what the caller gave
-- @param known (table) name -> types, "string", "string|number"; with "!" it is required and can't
--    be ""
-- @return nil, or (string) what is wrong
return function(what, t, known)
   if type(t) ~= "table" then return ("expected a table of %ss, got a %s"):format(what, type(t)) end
   for name, value in pairs(t) do
      if not known[name] then return options.unknown(what, name, options.names(known)) end
      if not has_type(value, known[name]) then
         local wanted = known[name]:gsub("!", ""):gsub("|", " or ")
         return ("%s '%s' must be a %s, got a %s"):format(what, name, wanted, type(value))
      end
   end
   return missing(what, t, known) or blemished(what, t)
end
