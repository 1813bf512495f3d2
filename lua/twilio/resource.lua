-- resource.lua: the objects that callers hold, and the straight line of one call (see `send`).
--
-- Builds on catalog, operation, request and response, and on listing and wait, which are loaded with their first use.
-- Three kinds of objects, all made from data on first use:
--   a list        client.messages                     create, list, each, page, page_at; called with a SID:
--   an instance   client.messages("SM...")            fetch, update, patch, delete, wait_until; sub-resources
--   a record      what the API sent                   a plain table with the methods of its instance
-- Must not know products by name, nor what is under client.transport.

local catalog = require "twilio.catalog"
local core = require "twilio.core"
local lazy = require "twilio.lazy"
local operation = require "twilio.operation"
local options = require "twilio.options"
local request = require "twilio.request"
local serialize = require "twilio.serialize"

local response = lazy "twilio.response"

local resource = {}

local LIST, ITEM = {}, {}

local Record = {}

-- First result of an inner function when the caller made a mistake; the second says which. Public methods raise it.
local MISUSE = {}

-- The metatable of the records of one list or instance: it knows where they came from. A record itself stays what the API
-- sent and nothing else.
local function new_record_class(target)
   local class = { origin = target }
   for name, value in pairs(Record) do class[name] = value end
   target._record = class
   return class
end

local function wrap(target, payload)
   if type(payload) ~= "table" then return payload end
   return setmetatable(payload, target._record or new_record_class(target))
end

-- The list or the instance that was called for a record; nil for anything else.
local function origin_of(record)
   local class = getmetatable(record)
   return type(class) == "table" and class.__index == Record.__index and class.origin or nil
end

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
   local ok, wrong = request.check_headers(checked and checked.headers)
   if not checked or not ok then return nil, why or wrong end
   return arguments or NONE, checked
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

-- What those files need of a call.
local line = { send = send, check = check_call, address = address, wrap = wrap, MISUSE = MISUSE }

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
      local text, why = serialize.path(given[i])
      if not text then return nil, ("path argument '%s' %s"):format(operation.snake(name), why) end
      values[name] = core.percent_encode(text)
   end
   return values
end

local function named(names)
   local list = {}
   for i, name in ipairs(names) do list[i] = operation.snake(name) end
   return "(" .. table.concat(list, ", ") .. ")"
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
      return nil, ("expected %s, got %d arguments"):format(named(open > 0 and names.list or names.item), count)
   end
   local values, why = encode_path_values(names.item, given)
   if not values then return nil, why end
   return new_item(self, values)
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

-- A method name that the other side of the resource has.
local function other_side(self, name)
   local node = self._node
   if self._open then return "call this resource with " .. named(catalog.arguments(node).list) .. " first" end
   local other = self._side == node.item and node.list or node.item
   if not other or not (other[uses[name] or name] or catalog.node(other, name)) or name == "nodes" then return nil end
   if other == node.item then return ("call it with %s first"):format(named(catalog.arguments(node).item)) end
   return "it belongs to the list, not to one instance"
end

local function unknown_name(self, name)
   local hint = other_side(self, name)
   if hint then return ("unknown method or resource '%s' (%s)"):format(name, hint) end
   return options.unknown("method or resource", name, catalog.names(self._side))
end

local function find(self, name)
   if type(name) ~= "string" or name:sub(1, 1) == "_" then return nil end
   if rawget(self, "_open") then error(unknown_name(self, name), 3) end
   local made = find_method(self._side, name)
   local found = made and made.method or child(self, name)
   if not found then error(unknown_name(self, name), 3) end
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

-- The field that holds a path argument in a record: its own name mostly; "id" or "sid" where that is all there is.
local function own_value(record, wire)
   local name = operation.snake(wire)
   local value = rawget(record, name) or rawget(record, wire)
   if value == nil and name:match("sid$") then value = rawget(record, "sid") end
   if value == nil and name:match("id$") then value = rawget(record, "id") end
   return value
end

-- The instance that a record is. What was fetched from an instance is that instance; what came from a list says so itself.
local function instance_of(record)
   local origin = origin_of(record)
   if not origin or getmetatable(origin) == ITEM then return origin end
   local node = origin._node
   if not node.item then return nil end
   local given = {}
   for i, wire in ipairs(catalog.arguments(node).item) do given[i] = own_value(record, wire) end
   local values, why = encode_path_values(catalog.arguments(node).item, given)
   if not values then return nil, why end
   return new_item(origin, values)
end

-- A method of a record is its instance's.
local function record_method(side, name)
   local made = find_method(side, name)
   if made and not made.of_record then
      made.of_record = function(record, first, second)
         if not origin_of(record) then error(("call it with a colon: record:%s{...}"):format(name), 2) end
         local instance, why = instance_of(record)
         if not instance then error(("this record can't '%s': %s"):format(name, why or "it has no path of its own"), 2) end
         local value, err, result = made.body(instance, first, second)
         if value == MISUSE then error(err, 2) end
         return value, err, result
      end
   end
   return made and made.of_record
end

function Record.__index(record, name)
   local origin = origin_of(record)
   local item = origin and origin._node.item
   if not item or type(name) ~= "string" then return nil end
   local method = record_method(item, name)
   if method then return method end
   if not catalog.node(item, name) then return nil end
   local instance = instance_of(record)
   return instance and child(instance, name)
end

local shown = { "sid", "id", "status", "friendly_name", "unique_name", "to", "from" }

-- Short: which resource, its SID, its state. Never bodies; numbers are cut, as this ends up in logs.
function Record.__tostring(record)
   local origin = origin_of(record)
   local parts = {}
   for _, name in ipairs(shown) do
      local value = rawget(record, name)
      local is_number = type(value) == "string" and value:match("^%+?%d%d%d%d%d+$")
      if is_number then value = value:sub(1, 3) .. "..." .. value:sub(-2) end
      if type(value) == "string" or type(value) == "number" then parts[#parts + 1] = name .. "=" .. value end
   end
   local path = origin and (origin._template or "") or ""
   local label = path:gsub("%.json$", ""):gsub("/?{[^}]*}$", ""):match("([^/]*)$")
   return ("twilio %s {%s}"):format(label, table.concat(parts, ", "))
end

Record.__name = "twilio.record"
-- Tells serialize that a record isn't a text, though it has a __tostring.
Record.twilio_resource = true

return resource
