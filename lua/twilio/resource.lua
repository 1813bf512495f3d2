-- resource.lua: the objects that callers hold, and the straight line of one call (see `send`).
--
-- Builds on catalog, operation, request and response, and on record, hints, listing and wait, loaded with their first use.
-- Three kinds of objects, all made from data on first use:
--   a list        client.messages                     create, list, each, page, page_at; called with a SID:
--   an instance   client.messages("SM...")            fetch, update, patch, delete, wait_until; sub-resources
--   a record      what the API sent                   a plain table with the methods of its instance (record.lua)
-- Must not know products by name, nor what is under client.transport.

local catalog = require "twilio.catalog"
local core = require "twilio.core"
local lazy = require "twilio.lazy"
local operation = require "twilio.operation"
local options = require "twilio.options"
local request = require "twilio.request"

local hints = lazy "twilio.hints"
local own_headers = lazy "twilio.headers"
local record = lazy "twilio.record"
local response = lazy "twilio.response"
local serialize = lazy "twilio.serialize"

local resource = {}

local LIST, ITEM = {}, {}

-- First result of an inner function when the caller made a mistake; the second says which. Public methods raise it.
local MISUSE = {}

-- Where an object's requests go, for request.build: the same for all of them.
local function address(target)
   if not target._address then
      local host = target._version.host .. ".twilio.com"
      local extension = not target._absolute and target._version.ext or ""
      target._address = {
         host = host, url = request.base(target._client.settings, host) .. target._path .. extension,
         template = "https://" .. host .. target._template .. extension,
      }
   end
   return target._address
end

-- The straight line. Returns the payload, or nil, err, and the response; or MISUSE, message.
-- @param where (table | nil) of address(): another place than the target's own, a next page
local function send(target, op, bound, opts, where)
   local client = target._client
   local authorization, err = client:authorization(op.auth)
   if err then return nil, err end
   local final, why = request.build(client.settings, op, where or address(target), bound, opts, authorization)
   if not final then return MISUSE, why end
   local result, failure = client.transport:send(final)
   if not result then return nil, response.failure(final, failure) end
   local payload, refusal = response.parse(final, result)
   return payload, refusal, result
end

-- The second table: how this one call is made.
local known_options = {
   timeout = "number", connect_timeout = "number", max_retries = "number", retry_unsafe = "boolean", retry_not_found = "boolean",
   headers = "table",
}

local NONE = {} -- never changed

-- Arguments and options of a call, checked. @return arguments, options; or nil, message
local function check_call(self, method, arguments, given)
   if type(self) ~= "table" or not self._client then
      return nil, ("call it with a colon: resource:%s{...}"):format(method)
   end
   if self._client.closed then return nil, "the client is closed" end
   if arguments ~= nil and type(arguments) ~= "table" then
      return nil, ("arguments are one table, got a %s"):format(type(arguments))
   end
   if given == nil then return arguments or NONE, NONE end
   local checked, why = options.check(given, known_options)
   if not checked then return nil, why end
   if checked.headers then
      local ok, wrong = own_headers.check(checked.headers)
      if not ok then return nil, wrong end
   end
   return arguments or NONE, checked
end

-- What listing, wait, download and record need of a call (at the end).
local line = {}

local function wrap(target, payload)
   if type(payload) ~= "table" then return payload end
   return setmetatable(payload, target._record or record.class(target, line))
end

-- The body of a method: function(target, arguments, options) -> results, or MISUSE, message.
local function plain(name, op)
   return function(target, arguments, given)
      local args, opts = check_call(target, name, arguments, given)
      if not args then return MISUSE, opts end
      local bound, why = operation.bind(op, args)
      if not bound then return MISUSE, why end
      local payload, err, result = send(target, op, bound, opts)
      if not payload or payload == MISUSE then return payload, err, result end
      return wrap(target, payload), nil, result
   end
end

-- Methods that are ways to use an operation of another name, and where they are made.
local uses = { list = "list", each = "list", page = "list", page_at = "list", wait_until = "fetch", download = "fetch" }
local made_in = { list = "listing", each = "listing", page = "listing", page_at = "listing", wait_until = "wait", download = "download" }

local function make_method(side, name)
   local op = catalog.operation(side, uses[name] or name)
   if not op or (name == "download" and not catalog.is_file(side)) then return nil end
   if made_in[name] then return require("twilio." .. made_in[name]).method(name, op, line) end
   return plain(name, op)
end

-- Made once for each side of each resource, whichever client asks: { body, method, record method }.
local made_methods = setmetatable({}, { __mode = "k" })

-- Never tail calls: error level 2 is the caller's line.
local function public(body)
   return function(self, first, second)
      local value, err, result = body(self, first, second)
      if value == MISUSE then error(err, 2) end
      return value, err, result
   end
end

local function find_method(side, name)
   local made = made_methods[side]
   if not made then
      made = {}
      made_methods[side] = made
   end
   if made[name] == nil then
      local body = make_method(side, name)
      made[name] = body and { body = body, method = public(body) } or false
   end
   return made[name] or nil
end

local function fill(template, values)
   return (template:gsub("{([^}]+)}", values))
end

-- Gives an object its place: below its parent, or by itself on the host where the path starts with "=".
local function place(object, parent, path, values)
   local absolute = path:match("^=(.*)$")
   object._path = (absolute and "" or parent.path) .. fill(absolute or path, values)
   object._template = (absolute and "" or parent.template) .. (absolute or path)
   object._absolute = absolute and true
   return object
end

local function new_list(client, version, node, parent, values)
   local side = node.list
   local list = {
      _client = client, _version = version, _node = node, _side = side or {}, _parent = parent, _values = values,
      _address = false, _record = false, -- made with their first use
   }
   return setmetatable(side and place(list, parent, side[1], values) or list, LIST)
end

local function new_item(list, values)
   local item = list._node.item
   for name, value in pairs(list._values) do values[name] = value end
   local object = {
      _client = list._client, _version = list._version, _node = list._node, _side = item, _address = false, _record = false,
   }
   return setmetatable(place(object, list._parent, item[1], values), ITEM)
end

-- Encodes path arguments. A missing one raises, as it would turn a fetch into a list.
local function encode_path_values(names, given)
   local values = {}
   for i, name in ipairs(names) do
      local text, why = given[i], nil
      -- A plain word, as SIDs are, is what serialize would make of it.
      if type(text) ~= "string" or not text:find("^%w+$") then text, why = serialize.path(text) end
      if not text then return nil, ("path argument '%s' %s"):format(operation.snake(name), why) end
      values[name] = core.percent_encode(text)
   end
   return values
end

-- Calls a list: with the path arguments of the list itself (numbers.v1.embedded_sessions(bundle_sid)), or with those of one
-- instance, or with both in one go.
local function called(self, count, given)
   local names = catalog.arguments(self._node)
   local open = self._open and #names.list or 0
   if count == open and open > 0 then
      local values, why = encode_path_values(names.list, given)
      if not values then return nil, why end
      return new_list(self._client, self._version, self._node, self._parent, values)
   end
   if not self._node.item then return nil, "this resource has no instances" end
   if open > 0 and count == open + #names.item then
      local list = called(self, open, given)
      return list and called(list, count - open, { select(open + 1, (table.unpack or unpack)(given, 1, count)) })
   end
   if count > #names.item or open > 0 then
      return nil, ("expected %s, got %d arguments"):format(hints.arguments(open > 0 and names.list or names.item), count)
   end
   return line.instance(self, given)
end

function LIST:__call(...)
   local object, why = called(self, select("#", ...), { ... })
   if not object then error(why, 2) end
   return object
end

local function child(self, name)
   local node = catalog.node(self._side, name)
   return node and resource.list(self._client, self._version, node, { path = self._path, template = self._template })
end

local function find(self, name)
   if type(name) ~= "string" or name:sub(1, 1) == "_" then return nil end
   if rawget(self, "_open") then error(hints.of_resource(self, name, uses), 3) end
   local made = find_method(self._side, name)
   local found = made and made.method or child(self, name)
   if not found then error(hints.of_resource(self, name, uses), 3) end
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
   return "twilio resource " .. (self._template or self._parent.template .. (self._node.list or self._node.item)[1])
end

LIST.__tostring, ITEM.__tostring = describe, describe

--- The list object of a resource.
-- @param client (table) settings, transport, authorization()
-- @param version (table) data of catalog.version
-- @param node (table) of that data
-- @param parent (table) { path = encoded, template = with placeholders }
function resource.list(client, version, node, parent)
   local list = new_list(client, version, node, parent, {})
   -- Placeholders in the path of the list itself: it must be called before it can do anything.
   if #catalog.arguments(node).list > 0 then list._open = true end
   return list
end

line.send, line.check, line.address, line.wrap, line.MISUSE = send, check_call, address, wrap, MISUSE
line.method, line.child = find_method, child

function line.is_instance(target) return getmetatable(target) == ITEM end

--- The instance of a list that path arguments name. @return (instance); or nil, (string) what is wrong with them
function line.instance(list, given)
   local values, why = encode_path_values(catalog.arguments(list._node).item, given)
   if not values then return nil, why end
   return new_item(list, values)
end

return resource
