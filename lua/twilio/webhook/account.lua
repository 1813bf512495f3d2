-- webhook/account.lua: the account that a webhook request names.
--
-- A token is looked up by it, and a program is told of it; the two must be the same. Each tenant
-- can sign whatever it likes with its own token, so where a function gives the tokens, a request
-- that names two accounts is refused: in its query, a form or a JSON body, as AccountSid or under
-- the name by which programs find it here, account_sid.

local address = require "twilio.webhook.address"
local core = require "twilio.core"

local account = {}

-- The one text that a parameter has; nil without one; false if there are several, or no text.
local function only(value)
   if value == nil or type(value) == "string" then return value end
   if type(value) ~= "table" then return false end
   for i = 2, #value do
      if value[i] ~= value[1] then return false end
   end
   return type(value[1]) == "string" and value[1] or false
end

-- The same, of a form or a query as it came.
local function only_in(form)
   local value, another = core.form_value(form, "AccountSid")
   if another then return false end
   return value
end

--- The account that a request names, before its signature is checked.
-- @param parameters (string: a form | table: decoded | false | nil: none)
-- @param url (string) its query counts as much as the parameters
-- @return (string | nil), or false if it names several
function account.named(parameters, url)
   local in_query, inside = only_in(address.query_of(url)), nil
   if type(parameters) == "string" then inside = only_in(parameters) end
   if type(parameters) == "table" then inside = only(parameters.AccountSid) end
   if in_query == false or inside == false then return false end
   if in_query and inside and in_query ~= inside then return false end
   return inside or in_query
end

--- The account of a request whose token was looked up, after a look at what its parameters say.
-- @param known (string | nil) the one for which the token was looked up
-- @param params (table) decoded
-- @return (string | nil), or false if they name another
function account.confirmed(known, params)
   for _, name in ipairs { "AccountSid", "account_sid" } do
      local told = only(params[name])
      if told == false or told and known and told ~= known then return false end
      known = known or told
   end
   return known
end

--- The account that a request names, where no token depends on it: its parameters', else its
-- query's; nil if there isn't just one.
function account.told(params, url)
   local value = only(params.AccountSid)
   if value == nil then value = only_in(address.query_of(url)) end
   return value or nil
end

return account
