-- resource/suggestions.lua: what a caller may have meant by a name that nothing has: what is there
-- instead, or where the name belongs.
--
-- Loaded with the first mistake. Makes texts, and never raises.

local core = require "twilio.core"
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local options = require "twilio.util.options"
local wording = require "twilio.call.wording"

local suggestions = {}

--- "(service_sid, sid)"
-- @param names (array) of catalog.arguments
function suggestions.arguments(names)
   local list = {}
   for i, name in ipairs(names) do list[i] = operation.snake(name) end
   return "(" .. table.concat(list, ", ") .. ")"
end

--- A list or an instance as one writes it: "messages", "workspaces(...)".
-- @param target (list | instance)
function suggestions.label(target)
   local is_instance = target._side == target._node.item
   return wording.name(target) .. (is_instance and "(...)" or "")
end

local function holds(side, node)
   for _, child in pairs(side and side.nodes or {}) do
      if child == node then return true end
   end
   return false
end

-- The object that stood before the colon, as one writes it. @return (string); nil if `value` is
-- something else
local function owner(list, value)
   local class = type(value) == "table" and getmetatable(value)
   if type(class) ~= "table" or not class.twilio_resource then return nil end
   if value == list._client then return "client" end
   if class.origin then return holds(class.origin._node.item, list._node) and "record" or nil end
   if rawget(value, "_name") then return "client." .. value._name end
   return holds(rawget(value, "_side"), list._node) and suggestions.label(value) or nil
end

--- Explains a list that can't be called so: "use a dot: client.messages(sid)" for
-- client:messages("SM...").
-- @param list (list) that was called
-- @param message (string) what is wrong, if not that
-- @param first its first argument
function suggestions.of_call(list, message, first)
   local before = owner(list, first)
   if not before then return message end
   local names = model.arguments(list._node)
   local own = list._open and names.list or names.item
   local arguments = (list._open or list._node.item) and suggestions.arguments(own) or ""
   return ("use a dot: %s.%s%s"):format(before, wording.name(list), arguments)
end

local methods = { "create", "fetch", "update", "patch", "delete", "list" }

--- Names that can follow a resource: its methods and its sub-resources, sorted.
function suggestions.names(side)
   local names = {}
   for _, method in ipairs(methods) do
      if side[method] then names[#names + 1] = method end
   end
   if side.fetch then names[#names + 1] = "wait_until" end
   if side.file then names[#names + 1] = "download" end
   if side.list then
      for _, method in ipairs { "each", "page", "page_at" } do names[#names + 1] = method end
   end
   for name in pairs(side.nodes or {}) do names[#names + 1] = name end
   table.sort(names, core.less)
   return names
end

-- A method name that the other side of the resource has.
local function other_side(self, name, uses)
   local node = self._node
   if self._open then
      return "call this resource with " .. suggestions.arguments(model.arguments(node).list)
         .. " first"
   end
   local other = self._side == node.item and node.list or node.item
   if not other or not (other[uses[name] or name] or model.node(other, name))
      or name == "nodes" then
      return nil
   end
   if other == node.item then
      return ("call it with %s first"):format(suggestions.arguments(model.arguments(node).item))
   end
   return "it belongs to the list, not to one instance"
end

--- Explains a name that a list or an instance hasn't got.
-- @param uses (table) method -> the operation that it is a way to use, where that has another name
function suggestions.of_resource(self, name, uses)
   if #name == 34 and name:find("^[A-Z][A-Z]%x+$") and self._side ~= self._node.item then
      return ("unknown method or resource '%s' (an instance is a call: %s(\"%s\"))")
         :format(name, suggestions.label(self), name)
   end
   local hint = other_side(self, name, uses)
   if hint then return ("unknown method or resource '%s' (%s)"):format(name, hint) end
   return options.unknown("method or resource", name, suggestions.names(self._side))
      .. wording.hint(self)
end

-- '; see twilio.describe("verify")'
local function hint(name) return ("; see twilio.describe(%q)"):format(name) end

--- Explains a name that a product's version hasn't got. @param label (string) "verify.v2"
function suggestions.of_version(data, name, label)
   return options.unknown("resource", name, options.names(data.nodes)) .. hint(label)
end

--- Explains a name that a product hasn't got: it has versions, and the resources of the one that a
-- bare name means.
function suggestions.of_product(product, name)
   local versions = model.domain(product)
   local names = options.names(model.version(product, versions[1]).nodes)
   for version in pairs(versions) do
      if version ~= 1 then names[#names + 1] = version end
   end
   return options.unknown("version or resource", name, names) .. hint(product)
end

--- Explains a name that a client hasn't got.
function suggestions.of_client(client, name)
   local list = model.domains()
   for _, shortcut in ipairs(model.shortcuts()) do list[#list + 1] = shortcut end
   for method in pairs(getmetatable(client)) do
      if method ~= "twilio_resource" then list[#list + 1] = method end
   end
   return options.unknown("resource or method", name, list) .. "; see twilio.describe()"
end

return suggestions
