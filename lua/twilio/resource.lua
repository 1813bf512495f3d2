-- resource.lua: the objects that callers hold.
--
-- Three kinds, all made from data on first use:
--   a list        client.messages                     create, list, each, page, page_at; called
--   with a SID:
--   an instance   client.messages("SM...")            fetch, update, patch, delete, wait_until;
--   sub-resources
--   a record      what the API sent                   a plain table with the methods of its
--   instance (record.lua)
-- A method prepares a request (call.lua), raises a message at the caller's line, sends, and wraps
-- the payload. Must not know products by name, nor what is under client.transport.

local call = require "twilio.call"
local model = require "twilio.call.model"
local lazy = require "twilio.util.lazy"

local record = lazy "twilio.resource.record" -- with the first answer
local wording = lazy "twilio.call.wording" -- with the first mistake

local resource = {}

--- Texts about names that nothing has, loaded with the first mistake.
resource.suggestions = lazy "twilio.resource.suggestions"
local suggestions = resource.suggestions

local LIST, ITEM = {}, {}

--- A payload with the methods of its resource. It keeps the marks of its JSON (json.lua).
function resource.wrap(target, payload)
   if type(payload) ~= "table" then return payload end
   local class, marks = target._record, getmetatable(payload)
   if marks then marks = marks.twilio_json or marks end
   if not class or class.twilio_json ~= marks then class = record.class(target, resource, marks) end
   return setmetatable(payload, class)
end

-- Whom a method is called on: the list or the instance itself. @return (table); or nil, (string)
-- the caller's mistake
local function own_target(self, name)
   -- A client, whose other names raise, isn't one.
   if type(self) ~= "table" or not rawget(self, "_client") then
      return nil, "resource:" .. name .. ": call it with a colon, as in client.messages:create{...}"
   end
   if self._client.closed then return nil, wording.in_call(self, name, "the client is closed") end
   return self
end

-- A method that is one call. `find` tells whom it is called on. Never a tail call: error level 2 is
-- the caller's line.
local function new_method(name, op, find)
   return function(self, arguments, options)
      local target, message = find(self, name)
      if not target then error(message, 2) end
      local request, message = call.prepare(target, op, arguments, options)
      if not request then error(wording.in_call(target, name, message), 2) end
      local payload, err, response = call.send(target._client, request)
      if err then return nil, err, response end
      return resource.wrap(target, payload), nil, response
   end
end

-- Methods that are ways to use an operation of another name, and where they are made.
local uses = {
   list = "list", each = "list", page = "list", page_at = "list", wait_until = "fetch",
   download = "fetch",
}
local made_in = {
   list = "resource.list", each = "resource.list", page = "resource.list",
   page_at = "resource.list",
   wait_until = "resource.waiter", download = "file.download",
}

local function make_method(side, name, find)
   local op = model.operation(side, uses[name] or name)
   if not op or (name == "download" and not side.file) then return false end
   if made_in[name] then
      return lazy.require("twilio." .. made_in[name]).method(name, op, find, resource.wrap)
   end
   return new_method(name, op, find)
end

-- find -> side of a resource -> name -> method, or false: made once, whichever client asks.
local made_methods = setmetatable({}, { __mode = "k" })

--- The method of one side of a resource.
-- @param side (table) node.list or node.item of the data
-- @param find (function | nil) tells whom it is called on: find(self, name) -> target | nil,
--    message
-- @return (function | nil)
function resource.method(side, name, find)
   find = find or own_target
   local sides = made_methods[find]
   if not sides then
      sides = setmetatable({}, { __mode = "k" })
      made_methods[find] = sides
   end
   local methods = sides[side]
   if not methods then
      methods = {}
      sides[side] = methods
   end
   if methods[name] == nil then methods[name] = make_method(side, name, find) end
   return methods[name] or nil
end

local function fill(template, values)
   return (template:gsub("{([^}]+)}", values))
end

-- Gives an object its place: below its parent, or by itself on the host where the path starts with
-- "=".
local function place(object, parent, own_path, values)
   local absolute = own_path:match("^=(.*)$")
   object._path = (absolute and "" or parent.path) .. fill(absolute or own_path, values)
   object._template = (absolute and "" or parent.template) .. (absolute or own_path)
   object._absolute = absolute and true
   return object
end

--- A list that can do something. @param values (table) its own path arguments, encoded
function resource.new_list(client, version, node, parent, values)
   local side = node.list
   local list = {
      _client = client, _version = version, _node = node, _side = side or {}, _parent = parent,
      _values = values,
      _address = false, _record = false, -- made with their first use
   }
   return setmetatable(side and place(list, parent, side[1], values) or list, LIST)
end

local function new_item(list, values)
   local item = list._node.item
   for name, value in pairs(list._values) do values[name] = value end
   local object = {
      _client = list._client, _version = list._version, _node = list._node, _side = item,
      _address = false, _record = false,
   }
   return setmetatable(place(object, list._parent, item[1], values), ITEM)
end

--- The instance of a list that path arguments name. @return (instance); or nil, (string) what is
-- wrong with them
function resource.instance(list, given)
   local path = require "twilio.call.path"
   local values, message = path.bind(model.arguments(list._node).item, given)
   if not values then return nil, message end
   return new_item(list, values)
end

--- Returns true for an instance, false for a list.
function resource.is_instance(target) return getmetatable(target) == ITEM end

-- A list, called with the path arguments of one instance.
function LIST:__call(...)
   if not self._node.item then
      error(suggestions.of_call(self, "this resource has no instances", ...), 2)
   end
   local names = model.arguments(self._node).item
   if select("#", ...) > #names then
      local count = select("#", ...)
      local message = ("expected %s, got %d arguments"):format(suggestions.arguments(names), count)
      error(suggestions.of_call(self, message, ...), 2)
   end
   local instance, message = resource.instance(self, { ... })
   if not instance then error(suggestions.of_call(self, message, ...), 2) end
   return instance
end

function ITEM:__call()
   local label = suggestions.label(self)
   error(label .. " is one instance already: use it without further parentheses", 2)
end

--- A sub-resource of an object. @return (table | nil)
function resource.child(self, name)
   local node = model.node(self._side, name)
   return node and resource.list(
      self._client, self._version, node, { path = self._path, template = self._template })
end

local function find(self, name)
   if type(name) ~= "string" or name:sub(1, 1) == "_" then return nil end
   local found = resource.method(self._side, name) or resource.child(self, name)
   if not found then error(suggestions.of_resource(self, name, uses), 3) end
   return found
end

-- A list is mostly used again: it keeps what was found.
function LIST:__index(name)
   local found = find(self, name)
   if found then rawset(self, name, found) end
   return found
end

function ITEM:__index(name)
   local found = find(self, name)
   return found
end

local function describe(self)
   return "twilio resource "
      .. (self._template or self._parent.template .. (self._node.list or self._node.item)[1])
end

LIST.__tostring, ITEM.__tostring = describe, describe

-- Tells serialize that these aren't texts, though they have a __tostring.
LIST.twilio_resource, ITEM.twilio_resource = true, true

--- The list object of a resource.
-- @param client (table) settings, transport, authorization()
-- @param version (table) data of model.version
-- @param node (table) of that data
-- @param parent (table) { path = encoded, template = with placeholders }
function resource.list(client, version, node, parent)
   if #model.arguments(node).list == 0 then
      return resource.new_list(client, version, node, parent, {})
   end
   return lazy.require("twilio.resource.open_list").new(resource, client, version, node, parent)
end

return resource
