-- resource/record.lua: what the API sent: plain tables that have the methods and the sub-resources
-- of the instance they stand for.
--
-- A record stays what the API sent and nothing else: where it came from, and which of its members
-- were null (json.lua), is known by its metatable, one for each list and each instance, and for
-- each set of nulls. Must not know how a request is made or sent.

local lazy = require "twilio.util.lazy"
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local wording = require "twilio.util.lazy" "twilio.call.wording"

local json = lazy "twilio.json"

local record = {}

local Record = {}

local MOST_CLASSES = 50 -- of one target, kept

-- The classes of a target by their marks. Marks that only one table has aren't kept.
local function keep(target, class, marks)
   local last = target._record
   local classes = last and last.classes or { count = 0 }
   if last and not last.classes then classes[last.twilio_json or false] = last end
   if classes.count >= MOST_CLASSES then classes = { count = 0 } end
   if not (marks and marks.is_own) then
      classes[marks or false], classes.count = class, classes.count + 1
   end
   class.classes = last and classes
   target._record = class
end

--- The metatable of the records of a list or an instance.
-- @param target (table) the list or the instance
-- @param resource (table) resource.lua, which loads this file with the first answer
-- @param marks (table | nil) of the payload's JSON
function record.class(target, resource, marks)
   local last = target._record
   local class = last and last.classes and last.classes[marks or false]
   if class then
      target._record = class
      return class
   end
   class = {
      origin = target, resource = resource,
      __index = Record.__index, __tostring = Record.__tostring, __name = "twilio.record",
      __newindex = marks and marks.nulls and Record.__newindex, twilio_json = marks,
      -- Tells serialize that a record isn't a text, though it has a __tostring.
      twilio_resource = true,
   }
   keep(target, class, marks)
   return class
end

-- The list or the instance that was called for a record, and resource.lua; nil for anything else.
local function origin_of(value)
   local class = getmetatable(value)
   if type(class) ~= "table" or class.__index ~= Record.__index then return nil end
   return class.origin, class.resource
end

-- The field that holds a path argument in a record: its own name mostly; "id" or "sid" where that
-- is all there is.
local function own_value(self, wire)
   local name = operation.snake(wire)
   local value = rawget(self, name) or rawget(self, wire)
   if value == nil and name:match("sid$") then value = rawget(self, "sid") end
   if value == nil and name:match("id$") then value = rawget(self, "id") end
   return value
end

-- The instance that a record stands for: the one that it was fetched from, or, for a record of a
-- list, the one that its own fields name.
local function instance_of(self)
   local origin, resource = origin_of(self)
   if not origin or resource.is_instance(origin) then return origin end
   local node = origin._node
   if not node.item then return nil end
   local given = {}
   for i, wire in ipairs(model.arguments(node).item) do given[i] = own_value(self, wire) end
   return resource.instance(origin, given)
end

-- Whom a record's method is called on: its instance. @return (instance); or nil, (string) the
-- caller's mistake
local function own_instance(self, name)
   if not origin_of(self) then
      return nil, "record:" .. name .. ": call it with a colon, as in message:update{...}"
   end
   local instance, message = instance_of(self)
   if not instance then
      message = message or "it has no path of its own"
      return nil, ("record:%s: this record can't '%s': %s"):format(name, name, message)
   end
   if instance._client.closed then
      return nil, wording.in_call(instance, name, "the client is closed")
   end
   return instance
end

function Record:__index(name)
   local origin, resource = origin_of(self)
   local item = origin and origin._node.item
   if name == "describe" and origin and not (item and model.node(item, name)) then
      return require("twilio.resource.describe").method
   end
   if not item or type(name) ~= "string" then return nil end
   local method = resource.method(item, name, own_instance)
   if method then return method end
   if not model.node(item, name) then return nil end
   local instance = instance_of(self)
   return instance and resource.child(instance, name)
end

-- A member that was null is no longer, once the program has set it.
function Record:__newindex(name, value)
   if name == nil or name ~= name then error("index is " .. (name and "NaN" or "nil"), 2) end
   rawset(self, name, value)
   local class = getmetatable(self)
   local marks = json.without_null(class.twilio_json, name)
   if marks == class.twilio_json then return end
   setmetatable(self, record.class(class.origin, class.resource, marks))
end

local shown = { "sid", "id", "status", "friendly_name", "unique_name", "to", "from" }

-- Short: which resource, its SID, its state. Never bodies; numbers are cut, as this ends up in
-- logs.
function Record:__tostring()
   local origin = origin_of(self)
   local parts = {}
   for _, name in ipairs(shown) do
      local value = rawget(self, name)
      local is_number = type(value) == "string" and value:match("^%+?%d%d%d%d%d+$")
      if is_number then value = value:sub(1, 3) .. "..." .. value:sub(-2) end
      if type(value) == "string" or type(value) == "number" then
         parts[#parts + 1] = name .. "=" .. value
      end
   end
   local path = origin and (origin._template or "") or ""
   local label = path:gsub("%.json$", ""):gsub("/?{[^}]*}$", ""):match("([^/]*)$")
   return ("twilio %s {%s}"):format(label, table.concat(parts, ", "))
end

return record
