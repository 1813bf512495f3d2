-- client/namespace.lua: the way from a client to its resources:
-- client.<domain>.<version>.<resource>.
--
-- Must not know products by name, but for api v2010, whose resources of the own account are at hand
-- as client.messages, client.calls, ...

local model = require "twilio.call.model"
local resource = require "twilio.resource"
local settings = require "twilio.client.settings"

local suggestions = resource.suggestions

local namespace = {}

local Domain, Version = { twilio_resource = true }, { twilio_resource = true }

-- client:verify(), client.verify("v2"), client.verify:v2(): none of these is a call.
local function no_call(self)
   error("use dots, and no parentheses: client." .. self._name, 2)
end

Domain.__call, Version.__call = no_call, no_call

-- api.v2010.account is the client's own account.
local function own_account(version)
   local sid = version._client.settings.account_sid
   return sid and version.accounts(sid)
end

local function find_resource(version, name)
   local node = type(name) == "string" and model.node(version._data, name)
   if not node then return name == "describe" and resource.help.method end
   return resource.list(
      version._client, version._data, node,
      { path = version._data.path, template = version._data.path })
end

function Version:__index(name)
   if name == "account" and self._data.nodes.accounts then
      local account = own_account(self)
      if not account then
         error("the client has no account_sid, which this resource's path needs", 2)
      end
      return account
   end
   local found = find_resource(self, name)
   if not found then error(suggestions.of_version(self._data, name, self._name), 2) end
   rawset(self, name, found)
   return found
end

function Version:__tostring() return "twilio product " .. self._data.host .. self._data.path end

local function new_version(owner, domain, name)
   local data = model.version(domain, name)
   if not data then return nil end
   return setmetatable({ _client = owner, _data = data, _name = domain .. "." .. name }, Version)
end

-- A bare client.<domain>.<resource>: the version that the data names first, else any that has it.
local function in_some_version(domain, versions, name)
   local order = { versions[1] }
   for version in pairs(versions) do
      if type(version) == "string" then order[#order + 1] = version end
   end
   for _, version in ipairs(order) do
      local found = find_resource(domain[version], name)
      if found then return found end
   end
   if versions.v2010 and (name == "account" or model.is_shortcut(name)) then
      local account = own_account(domain.v2010)
      return account and (name == "account" and account or account[name])
   end
   return nil
end

function Domain:__index(name)
   local versions = model.domain(self._name)
   local found = new_version(self._client, self._name, name)
      or in_some_version(self, versions, name)
   if not found then error(suggestions.of_product(self._name, name), 2) end
   rawset(self, name, found)
   return found
end

function Domain:__tostring() return "twilio product " .. self._name end

local function shortcut(client, name)
   local plain = name:match("^(.*)_$") or name
   if not model.is_shortcut(plain) then return nil end
   if not client.settings.account_sid then
      return nil, "the client has no account_sid, which client." .. name .. " needs"
   end
   return client.api.v2010.account[plain]
end

--- Finds the product or the resource that a name means to a client.
-- @param client (table) with settings.account_sid
-- @param name (string) a product's, or of a resource of the own account
-- @return (product | list)
-- @return[2] nil, (string) why there is none
function namespace.find(client, name)
   if model.domain(name) then return setmetatable({ _client = client, _name = name }, Domain) end
   local found, message = shortcut(client, name)
   if found then return found end
   if name == "describe" then return resource.help.method end
   if not message and settings.is_option(name) then
      message = "'" .. name .. "' is an option of twilio.client, not a resource:"
         .. " a client doesn't show its options"
   end
   return nil, message or suggestions.of_client(client, name)
end

return namespace
