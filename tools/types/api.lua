-- The API as LuaCATS: one file a version of a product, and one for the client's way to them. Made
-- of the same descriptions that `twilio.describe` gives (lua/twilio/resource/describe.lua).
--
-- Classes of a resource, named by its place ("twilio.verify.v2.services"): NAME.List,
-- NAME.Instance, NAME.Record, NAME.Page, NAME.Open (a list that is called first), and NAME.create
-- ... for the arguments of a call. Must not know files.

local describe = require "twilio.resource.describe"
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local place = require "twilio.call.place"

local api = {}

local reserved = place.reserved

-- A field's name, as the annotation has it.
local function key(name)
   return name:find("^[%a_][%w_]*$") and not reserved[name] and name or ("[%q]"):format(name)
end

local Writer = {}
Writer.__index = Writer

function Writer:line(text, ...)
   self[#self + 1] = select("#", ...) > 0 and text:format(...) or text
end

function Writer:class(name, parents)
   self:line("")
   self:line("---@class %s%s", name, parents and ": " .. parents or "")
end

function Writer:field(name, kind, is_optional)
   self:line("---@field %s%s %s", key(name), is_optional and "?" or "", kind)
   -- Words that Lua reserves are written with an underscore, too.
   if reserved[name] then
      self:line("---@field %s_%s %s", name, is_optional and "?" or "", kind)
   end
end

-- Types ------------------------------------------------------------------------------------------

local given = {
   text = "twilio.Text", pattern = "twilio.Text", SID = "string", URL = "string",
   ["phone number"] = "string", ["country code"] = "string", integer = "integer",
   number = "number", boolean = "boolean", date = "twilio.Date", ["date-time"] = "twilio.Date",
   JSON = "twilio.Json", ["JSON text"] = "twilio.Json", map = "table", list = "string|string[]",
   object = "table", any = "any",
}

local received = {
   SID = "string", integer = "integer", number = "number", boolean = "boolean", map = "table",
   object = "table", any = "any",
}

local function literals(values, others)
   local words = {}
   for i, value in ipairs(values) do words[i] = ("%q"):format(value) end
   if others then words[#words + 1] = "string" end
   return table.concat(words, "|")
end

local function list_of(kind)
   return (kind:find("|", 1, true) and "(" .. kind .. ")" or kind) .. "[]"
end

-- The type of a value that a call takes; classes of nested members are written on the way.
local function type_given(out, one, name)
   local kind
   if one.members then
      kind = name .. "." .. one.name
      api.put_arguments(out, kind, one.members)
   elseif one.values and one.type ~= "integer" then
      kind = literals(one.values, one.others)
   else
      kind = given[one.type] or "twilio.Text"
   end
   if one.map then kind = "table<string, " .. kind .. ">" end
   if one.array then kind = kind .. "|" .. list_of(kind) end
   if one.place == "body" or one.nullable then kind = kind .. "|twilio.Null" end
   return kind
end

-- The class of a call's arguments, or of an object among them. Nested ones come before it.
function api.put_arguments(out, name, list, parent)
   local lines = setmetatable({}, Writer)
   for _, one in ipairs(list) do
      local kind = type_given(out, one, name)
      lines:field(one.name, kind, not one.required)
      if one.place == "body" or one.members or one.place == nil then
         if one.wire and one.wire ~= one.name and not one.wire:find("^%u") then
            lines:field(one.wire, kind, true)
         end
      end
      for i = 2, one.up_to or 0 do lines:field(one.name:gsub("1", i, 1), kind, true) end
   end
   out:class(name, parent)
   for _, line in ipairs(lines) do out:line(line) end
end

-- The type of a field of an answer.
local function type_received(out, one, name)
   local kind
   if one.fields then
      kind = name .. "." .. one.name
      api.put_fields(out, kind, one.fields)
   elseif one.values then
      kind = literals(one.values)
   else
      kind = received[one.type] or "string"
   end
   return one.array and list_of(kind) or kind
end

function api.put_fields(out, name, fields, parent)
   local lines = setmetatable({}, Writer)
   for _, one in ipairs(fields or {}) do
      lines:field(one.name, type_received(out, one, name), one.nullable)
   end
   out:class(name, parent)
   for _, line in ipairs(lines) do out:line(line) end
end

-- A text that is the same for the same fields.
local function signature(fields)
   local words = {}
   for _, one in ipairs(fields or {}) do
      words[#words + 1] = table.concat({
         one.name, one.type, tostring(one.array), tostring(one.nullable),
         one.values and table.concat(one.values, "|") or "", "{", signature(one.fields), "}",
      }, " ")
   end
   return table.concat(words, "\n")
end

-- Resources --------------------------------------------------------------------------------------

--- The name of a resource's classes: "twilio.verify.v2.services.verifications". If both sides of
-- the resource above have one of the name, that of the list is called "statistics_of_list".
function api.name(at)
   if not at.node then return ("twilio.%s.%s"):format(at.domain, at.version) end
   local own, parent = at.names[#at.names], at.parent
   local is_second = at.below == "list" and parent.node.item and model.node(parent.node.item, own)
   return ("%s.%s%s"):format(api.name(parent), own, is_second and "_of_list" or "")
end

local RESULT = ", twilio.Error?, twilio.Response?"

local function has_required(one)
   for _, parameter in ipairs(one.parameters) do
      if parameter.required then return true end
   end
   return false
end

-- The class of what a call answers with: the resource's record, unless its fields are others.
local function answer_class(out, one, name, main)
   if not one.fields and one.paging then return one.plain == "text" and "string" or "any" end
   if not one.fields then return name .. ".Record" end
   if signature(one.fields) == main.signature then return name .. ".Record" end
   local class = ("%s.%s.Record"):format(name, one.method)
   api.put_fields(out, class, one.fields, main.parent)
   return class
end

local methods = {}

function methods.list(out, one, name, record)
   api.put_arguments(out, name .. ".list", one.parameters)
   local bang = has_required(one) and "" or "?"
   return {
      ("list fun(self, arguments%s: %s.list, options?: twilio.CallOptions): %s?%s")
         :format(bang, name, list_of(record), RESULT),
      ("each fun(self, arguments%s: %s.list, options?: twilio.CallOptions): fun(): %s")
         :format(bang, name, record),
   }
end

function methods.page(out, one, name, record)
   local class = name .. ".Page"
   out:class(class, "twilio.Page")
   out:field("items", list_of(record))
   out:field("next", ("fun(self): %s?%s"):format(class, RESULT))
   out:field("previous", ("fun(self): %s?%s"):format(class, RESULT))
   api.put_arguments(out, name .. ".page", one.parameters)
   return {
      ("page fun(self, arguments%s: %s.page, options?: twilio.CallOptions): %s?%s")
         :format(has_required(one) and "" or "?", name, class, RESULT),
      ("page_at fun(self, url: string, options?: twilio.CallOptions): %s?%s"):format(class, RESULT),
   }
end

-- create, fetch, update, patch, delete
local function plain_method(out, one, name, main)
   local kind = one.gives == "true" and "true" or answer_class(out, one, name, main)
   local arguments, bang = "twilio.NoArguments", "?"
   if one.body and one.body.open then
      arguments = "table"
   elseif #one.parameters > 0 then
      arguments = name .. "." .. one.method
      api.put_arguments(out, arguments, one.parameters)
      bang = has_required(one) and "" or "?"
   end
   return ("%s fun(self, arguments%s: %s, options?: twilio.CallOptions): %s?%s")
      :format(one.method, bang, arguments, kind, RESULT)
end

-- The fields of the class of a side that are methods; what they need is written on the way.
local function methods_of(out, side, name, main)
   local lines, by_method = {}, side and side.operations or {}
   for _, method in ipairs { "create", "fetch", "update", "patch", "delete" } do
      if by_method[method] then
         lines[#lines + 1] = plain_method(out, by_method[method], name, main)
      end
   end
   if by_method.list then
      local record = answer_class(out, by_method.list, name, main)
      for _, method in ipairs { "list", "page" } do
         for _, line in ipairs(methods[method](out, by_method[method], name, record)) do
            lines[#lines + 1] = line
         end
      end
   end
   if by_method.wait_until then
      lines[#lines + 1] = ("wait_until fun(self, done: (fun(record: %s.Record): any), options?:"
         .. " twilio.WaitOptions): %s.Record?%s"):format(name, name, RESULT)
   end
   if by_method.download then
      lines[#lines + 1] = "download fun(self, sink: twilio.Sink, options?: twilio.DownloadOptions):"
         .. " integer?" .. RESULT
   end
   lines[#lines + 1] = "describe fun(self, method?: string): twilio.Description"
   return lines
end

-- "sid: twilio.Text, id: twilio.Text"
local function parameters(...)
   local words = {}
   for _, names in ipairs { ... } do
      for _, wire in ipairs(names) do
         words[#words + 1] = operation.snake(wire) .. ": twilio.Text"
      end
   end
   return table.concat(words, ", ")
end

-- The class of a place's property: its list, or what is called for one.
local function property(at)
   return api.name(at) .. (at.is_open and ".Open" or ".List")
end

local function put_resource(out, at)
   local name = api.name(at)
   local whole = describe.find(place.name(at, at.node.list and "list" or "item"))
   local arguments = model.arguments(at.node)
   local main = {
      signature = signature(whole.fields),
      parent = at.node.item and name .. ".Instance" or "twilio.Resource",
   }
   local sides = { list = whole.list, item = whole.instance }
   local lines = {}
   for _, side in ipairs { "list", "item" } do
      lines[side] = methods_of(out, sides[side], name, main)
      for child in pairs(at.node[side] and at.node[side].nodes or {}) do
         local below = place.child(at, child, side)
         table.insert(lines[side], key(child) .. " " .. property(below))
         if reserved[child] then table.insert(lines[side], child .. "_ " .. property(below)) end
      end
      table.sort(lines[side])
   end
   if at.is_open then
      out:class(name .. ".Open")
      out:line("---@overload fun(%s): %s.List", parameters(arguments.list), name)
      if at.node.item then
         local all = parameters(arguments.list, arguments.item)
         out:line("---@overload fun(%s): %s.Instance", all, name)
      end
      out:field("describe", "fun(self): twilio.Description")
   end
   out:class(name .. ".List", "twilio.Resource")
   if at.node.item then
      out:line("---@overload fun(%s): %s.Instance", parameters(arguments.item), name)
   end
   for _, line in ipairs(lines.list) do out:line("---@field " .. line) end
   if at.node.item then
      out:class(name .. ".Instance", "twilio.Resource")
      for _, line in ipairs(lines.item) do out:line("---@field " .. line) end
   end
   api.put_fields(out, name .. ".Record", whole.fields, main.parent)
end

local function sorted(nodes)
   local names = {}
   for name in pairs(nodes or {}) do names[#names + 1] = name end
   table.sort(names)
   return names
end

local function put_below(out, above, side)
   local parent = above.node and above.node[side] or above.data
   for _, name in ipairs(sorted(parent.nodes)) do
      local at = place.child(above, name, side)
      put_resource(out, at)
      for _, own in ipairs { "list", "item" } do
         if at.node[own] then put_below(out, at, own) end
      end
   end
end

local function new_file(head)
   local out = setmetatable({}, Writer)
   out:line("---@meta _")
   out:line(head)
   return out
end

local function text_of(out) return table.concat(out, "\n") .. "\n" end

--- The types of one version. @return (string)
function api.version(head, domain, version)
   local out, at = new_file(head), place.version(domain, version)
   put_below(out, at)
   out:class(("twilio.%s.%s"):format(domain, version), "twilio.Resource")
   for _, name in ipairs(sorted(at.data.nodes)) do
      out:field(name, property(place.child(at, name)))
   end
   if domain == "api" then out:field("account", "twilio.api.v2010.accounts.Instance") end
   out:field("describe", "fun(self): twilio.Description")
   return text_of(out)
end

--- The types of the client's products and shortcuts. @return (string)
function api.index(head)
   local out = new_file(head)
   for _, domain in ipairs(model.domains()) do
      local versions, default = place.version_names(domain), model.domain(domain)[1]
      local parents = { ("twilio.%s.%s"):format(domain, default) }
      for _, version in ipairs(versions) do
         if version ~= default then
            parents[#parents + 1] = ("twilio.%s.%s"):format(domain, version)
         end
      end
      if domain == "api" then parents[#parents + 1] = "twilio.api.v2010.accounts.Instance" end
      out:class("twilio." .. domain, table.concat(parents, ", "))
      for _, version in ipairs(versions) do
         out:field(version, ("twilio.%s.%s"):format(domain, version))
      end
   end
   out:class "twilio.Client"
   for _, domain in ipairs(model.domains()) do out:field(domain, "twilio." .. domain) end
   for _, name in ipairs(model.shortcuts()) do
      out:field(name, property(place.child(place.of_text("api.account", {}), name, "item")))
   end
   return text_of(out)
end

return api
