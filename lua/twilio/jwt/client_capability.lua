-- jwt/client_capability.lua: the arguments of jwt.client_capability -> header, payload, secret.
--
-- `scope` tells in one text what a client may do: for each capability "scope:SERVICE:PRIVILEGE?QUERY",
-- where a query's value can be a query again, encoded twice.

local arguments = require "twilio.jwt.arguments"
local core = require "twilio.core"
local number = require "twilio.util.number"
local token = require "twilio.jwt.token"

local ARGUMENTS = {
   account_sid = "string!", auth_token = "string!",
   outgoing = "table", incoming = "string", events = "table|boolean",
   ttl = "number", nbf = "number", now = "number",
}

local OUTGOING = { application_sid = "string!", params = "table", client_name = "string" }

local encode = core.percent_encode

local function scalar(value)
   if type(value) == "table" or type(value) == "function" then return nil end
   if type(value) == "number" and value % 1 == 0 then return ("%d"):format(value) end
   return number.plain(value)
end

local function add_pairs(pairs_of, name, value)
   for _, item in ipairs(type(value) == "table" and value or { value }) do
      local text = scalar(item)
      if not text then return ("parameter '%s' must be a text, a number, a boolean or a list of them"):format(name) end
      pairs_of[#pairs_of + 1] = encode(name) .. "=" .. encode(text)
   end
end

-- A table of parameters as a query, sorted by name; nil, message for what has no text.
local function query(params)
   local names, out = {}, {}
   for name in pairs(params) do names[#names + 1] = name end
   table.sort(names, function(a, b) return core.less(tostring(a), tostring(b)) end)
   for _, name in ipairs(names) do
      local problem = add_pairs(out, tostring(name), params[name])
      if problem then return nil, problem end
   end
   return table.concat(out, "&")
end

-- Appends "&name=<the table as a query, encoded>" unless there is nothing in it.
local function with_params(scope, name, params)
   if not params or next(params) == nil then return scope end
   local text, problem = query(params)
   if not text then return nil, problem end
   return scope .. "&" .. name .. "=" .. encode(text)
end

local function outgoing_scope(a)
   if not a.outgoing then return "" end
   local problem = arguments("field of outgoing:", a.outgoing, OUTGOING)
   if problem then return nil, problem end
   local scope, why = with_params("scope:client:outgoing?appSid=" .. encode(a.outgoing.application_sid), "appParams", a.outgoing.params)
   if not scope then return nil, why end
   local client_name = a.outgoing.client_name or a.incoming
   return client_name and scope .. "&clientName=" .. encode(client_name) or scope
end

local function incoming_scope(a)
   return a.incoming and "scope:client:incoming?clientName=" .. encode(a.incoming) or ""
end

local function events_scope(a)
   if not a.events then return "" end
   local filters = type(a.events) == "table" and a.events or {}
   return with_params("scope:stream:subscribe?path=/2010-04-01/Events", "params", filters)
end

local function scopes(a)
   local list = {}
   for _, make in ipairs { outgoing_scope, incoming_scope, events_scope } do
      local scope, problem = make(a)
      if not scope then return nil, problem end
      if scope ~= "" then list[#list + 1] = scope end
   end
   return table.concat(list, " ")
end

--- @return header, payload (tables), the secret (string)
-- @return[2] nil, (string) what is wrong with the arguments
return function(a)
   local problem = arguments("argument", a, ARGUMENTS)
   if problem then return nil, problem end
   local scope, why = scopes(a)
   if not scope then return nil, why end
   local payload = token.claims(a.account_sid, a)
   payload.scope = scope
   return { alg = "HS256", typ = "JWT" }, payload, a.auth_token
end
