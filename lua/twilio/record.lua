-- record.lua: what the API sent: plain tables that have the methods and the sub-resources of the instance they stand for.
--
-- Builds on catalog and operation. Loaded with the first answer; what it needs of lists and instances is handed in by
-- resource.lua as `line` (see record.class). A record stays what the API sent and nothing else: where it came from is known by its
-- metatable, one for each list and each instance. Must not know how a request is made or sent.

local catalog = require "twilio.catalog"
local operation = require "twilio.operation"

local record = {}

local Record = {}

--- Makes the metatable of the records of a list or an instance.
-- @param target (table) the list or the instance
-- @param line (table) method(side, name) -> { body, ... } | nil, child(instance, name), is_instance(target),
--    instance(list, path arguments), MISUSE
function record.class(target, line)
   local class = {
      origin = target, line = line, __index = Record.__index, __tostring = Record.__tostring, __name = "twilio.record",
      -- Tells serialize that a record isn't a text, though it has a __tostring.
      twilio_resource = true,
   }
   target._record = class
   return class
end

-- The list or the instance that was called for a record, and `line`; nil for anything else.
local function origin_of(value)
   local class = getmetatable(value)
   if type(class) ~= "table" or class.__index ~= Record.__index then return nil end
   return class.origin, class.line
end

-- The field that holds a path argument in a record: its own name mostly; "id" or "sid" where that is all there is.
local function own_value(self, wire)
   local name = operation.snake(wire)
   local value = rawget(self, name) or rawget(self, wire)
   if value == nil and name:match("sid$") then value = rawget(self, "sid") end
   if value == nil and name:match("id$") then value = rawget(self, "id") end
   return value
end

-- The instance that a record is. What was fetched from an instance is that instance; what came from a list says so itself.
local function instance_of(self)
   local origin, line = origin_of(self)
   if not origin or line.is_instance(origin) then return origin end
   local node = origin._node
   if not node.item then return nil end
   local given = {}
   for i, wire in ipairs(catalog.arguments(node).item) do given[i] = own_value(self, wire) end
   return line.instance(origin, given)
end

-- A method of a record is its instance's.
local function record_method(line, side, name)
   local made = line.method(side, name)
   if made and not made.of_record then
      made.of_record = function(self, first, second)
         if not origin_of(self) then error(("call it with a colon: record:%s{...}"):format(name), 2) end
         local instance, why = instance_of(self)
         if not instance then error(("this record can't '%s': %s"):format(name, why or "it has no path of its own"), 2) end
         local value, err, result = made.body(instance, first, second)
         if value == line.MISUSE then error(err, 2) end
         return value, err, result
      end
   end
   return made and made.of_record
end

function Record:__index(name)
   local origin, line = origin_of(self)
   local item = origin and origin._node.item
   if not item or type(name) ~= "string" then return nil end
   local method = record_method(line, item, name)
   if method then return method end
   if not catalog.node(item, name) then return nil end
   local instance = instance_of(self)
   return instance and line.child(instance, name)
end

local shown = { "sid", "id", "status", "friendly_name", "unique_name", "to", "from" }

-- Short: which resource, its SID, its state. Never bodies; numbers are cut, as this ends up in logs.
function Record:__tostring()
   local origin = origin_of(self)
   local parts = {}
   for _, name in ipairs(shown) do
      local value = rawget(self, name)
      local is_number = type(value) == "string" and value:match("^%+?%d%d%d%d%d+$")
      if is_number then value = value:sub(1, 3) .. "..." .. value:sub(-2) end
      if type(value) == "string" or type(value) == "number" then parts[#parts + 1] = name .. "=" .. value end
   end
   local path = origin and (origin._template or "") or ""
   local label = path:gsub("%.json$", ""):gsub("/?{[^}]*}$", ""):match("([^/]*)$")
   return ("twilio %s {%s}"):format(label, table.concat(parts, ", "))
end

return record
