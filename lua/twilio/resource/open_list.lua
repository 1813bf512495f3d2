-- resource/open_list.lua: a list whose own path has placeholders:
-- numbers.v1.embedded_sessions(bundle_sid).
--
-- Called with its path arguments it becomes a list that can do something; with those of an instance
-- after them, an instance. A few resources have such paths, so this file is loaded with the first
-- of them.

local model = require "twilio.call.model"
local path = require "twilio.call.path"
local suggestions = require "twilio.resource.suggestions"

local open_list = {}

local OPEN = { twilio_resource = true }

-- @return (list | instance); or nil, (string) the caller's mistake
local function call(self, count, given)
   local resource, node = self._resource, self._node
   local names = model.arguments(node)
   local own, whole = #names.list, #names.list + #names.item
   if count ~= own and not node.item then return nil, "this resource has no instances" end
   if count ~= own and count ~= whole then
      return nil, ("expected %s, got %d arguments"):format(suggestions.arguments(names.list), count)
   end
   local values, message = path.bind(names.list, given)
   if not values then return nil, message end
   local list = resource.new_list(self._client, self._version, node, self._parent, values)
   if count == own then return list end
   return resource.instance(list, { select(own + 1, (table.unpack or unpack)(given, 1, count)) })
end

function OPEN:__call(...)
   local object, message = call(self, select("#", ...), { ... })
   if not object then error(suggestions.of_call(self, message, ...), 2) end
   return object
end

function OPEN:__index(name)
   if type(name) ~= "string" or name:sub(1, 1) == "_" then return nil end
   if name == "describe" then return require("twilio.resource.describe").method end
   error(suggestions.of_resource(self, name, {}), 2)
end

function OPEN:__tostring()
   return "twilio resource " .. self._parent.template .. self._node.list[1]
end

--- Makes such a list.
-- @param resource (table) resource.lua, which loads this file
-- @param client, version, node, parent: as for resource.list
function open_list.new(resource, client, version, node, parent)
   return setmetatable({
      _resource = resource, _client = client, _version = version, _node = node, _side = node.list,
      _parent = parent, _open = true,
   }, OPEN)
end

return open_list
