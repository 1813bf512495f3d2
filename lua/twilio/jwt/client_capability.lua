-- jwt/client_capability.lua: the arguments of jwt.client_capability -> header, payload, secret.
--
-- `scope` tells in one text what a client may do: for each capability
-- "scope:SERVICE:PRIVILEGE?QUERY",
-- where a query's value can be a query again, encoded twice.

local core = require "twilio.core"
local number = require "twilio.util.number"
local options = require "twilio.util.options"
local token = require "twilio.jwt.token"

local known = {
   account_sid = token.CREDENTIAL, auth_token = token.CREDENTIAL,
   outgoing = {
      "table", what = "field of outgoing:",
      fields = { application_sid = "string!", params = "table", client_name = "string" },
   },
   incoming = "string", events = "table|boolean",
   ttl = "number", nbf = "number", now = "number",
}

local encode = core.percent_encode

local function scalar(value)
   if type(value) == "table" or type(value) == "function" then return nil end
   if type(value) == "number" and value % 1 == 0 then return ("%d"):format(value) end
   return number.plain(value)
end

local function add_pairs(pairs_of, name, value)
   for _, item in ipairs(type(value) == "table" and value or { value }) do
      local text = scalar(item)
      if not text then
         local message = "parameter '%s' must be a text, a number, a boolean or a list of them"
         return nil, message:format(name)
      end
      pairs_of[#pairs_of + 1] = encode(name) .. "=" .. encode(text)
   end
   return true
end

-- A table of parameters as a query, sorted by name; nil, message for what has no text.
local function query(params)
   local out = {}
   for _, name in ipairs(options.names(params)) do
      local ok, message = add_pairs(out, tostring(name), params[name])
      if not ok then return nil, message end
   end
   return table.concat(out, "&")
end

-- Appends "&name=<the table as a query, encoded>" unless there is nothing in it.
local function with_params(scope, name, params)
   if not params or next(params) == nil then return scope end
   local text, message = query(params)
   if not text then return nil, message end
   return scope .. "&" .. name .. "=" .. encode(text)
end

local function outgoing_scope(a)
   if not a.outgoing then return "" end
   local application = "scope:client:outgoing?appSid=" .. encode(a.outgoing.application_sid)
   local scope, message = with_params(application, "appParams", a.outgoing.params)
   if not scope then return nil, message end
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
      local scope, message = make(a)
      if not scope then return nil, message end
      if scope ~= "" then list[#list + 1] = scope end
   end
   return table.concat(list, " ")
end

--- @return header, payload (tables), the secret (string)
-- @return[2] nil, (string) the caller's mistake
return function(a)
   local ok, message = options.check(a, known, nil, "argument")
   if not ok then return nil, message end
   local scope
   scope, message = scopes(a)
   if not scope then return nil, message end
   local payload = token.claims(a.account_sid, a)
   payload.scope = scope
   return { alg = "HS256", typ = "JWT" }, payload, a.auth_token
end
