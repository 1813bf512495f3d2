-- resource/describe.lua: help at run time: what a call takes and gives, as a table that prints as a
-- page (terminal.lua).
--
-- Loaded with the first question. Everything comes from the API data and the schemas; nothing is
-- sent, and no credentials are needed. Must not know how a page looks.

local body = require "twilio.call.body"
local documentation = require "twilio.resource.documentation"
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local place = require "twilio.call.place"
local schema = require "twilio.call.schema"
local terminal = require "twilio.resource.terminal"

local describe = {}

local Description = { __name = "twilio.description" }
Description.__tostring = terminal.page

local DEEPEST = 8 -- levels of nested members; schemas may hold themselves

-- A list whose items are found by their names, too.
local function keyed(list)
   for _, one in ipairs(list) do list[one.name] = one end
   return list
end

-- Types ------------------------------------------------------------------------------------------

local type_of_letter = {
   b = "boolean", d = "date", t = "date-time", i = "integer", n = "number", j = "JSON", m = "map",
   x = "JSON text", c = "list", s = "list",
}

local type_of_kind = {
   string = "text", pattern = "text", sid = "SID", enum = "enum", uri = "URL", any = "any",
   rfc2822 = "date-time", ["uri-map"] = "map", object = "object", array = "list",
   ["phone-number"] = "phone number", ["iso-country-code"] = "country code",
}

-- The properties of an object, or of all choices of one.
local function properties_of(of)
   if of.kind ~= "one" then return of.properties or {} end
   local list, seen = {}, {}
   for _, choice in ipairs(of.choices) do
      for _, property in ipairs(properties_of(choice)) do
         if not seen[property.name] then list[#list + 1] = property end
         seen[property.name] = true
      end
   end
   return list
end

-- Adds what a schema says about a value.
local function add_schema(out, of)
   out.type = type_of_kind[of.kind] or of.kind
   out.values = of.list or of.known
   out.others = of.known and true or nil -- values beside those that are known
   out.sid, out.pattern = of.prefixes, of.pattern
   out.minimum, out.maximum = of.low, of.high
   out.nullable = of.nullable or nil
   return out
end

local fields_of

-- A field of an answer. @return (table) { name, type, nullable, array, values, sid, fields }
local function field(name, of, depth)
   local out = { name = name }
   if of.kind == "array" then
      add_schema(out, of.items)
      out.array, out.nullable, out.minimum, out.maximum = true, of.nullable or nil, of.low, of.high
      of = of.items
   else
      add_schema(out, of)
   end
   if of.kind == "one" then out.type = type_of_kind[of.choices[1].kind] or "any" end
   out.fields = depth < DEEPEST and fields_of(of, depth + 1) or nil
   return out
end

-- @return (array); nil: a value without any
function fields_of(of, depth)
   local list = {}
   for i, property in ipairs(properties_of(of)) do
      list[i] = field(property.name, property.schema, depth)
   end
   table.sort(list, function(a, b) return a.name < b.name end)
   return #list > 0 and keyed(list) or nil
end

-- Parameters -------------------------------------------------------------------------------------

-- A member of a JSON body: its names are those that calls take, its types the schema's.
-- @param shape (table | nil) of body.shape; of (table | nil) the schema
local function member(name, wire, shape, of, is_required, depth)
   local out = { name = name, wire = wire, required = is_required or nil }
   if of then add_schema(out, of) else out.type = "any" end
   if of and of.kind == "one" then out.type = "any" end
   local inner = of
   if shape and shape.kind ~= "object" and shape.kind ~= "date" then
      out.array, out.map = shape.kind == "list" or nil, shape.kind == "map" or nil
      shape = shape.of
      inner = of and (of.kind == "array" and of.items or of.kind == "object" and of.extra) or nil
      if inner then
         add_schema(out, inner)
         out.minimum, out.maximum = of.low, of.high
      end
   elseif of and of.kind == "array" then
      inner = of.items
      add_schema(out, inner).array = true
   end
   if shape and shape.kind == "date" then
      out.type = shape.letter == "d" and "date" or "date-time"
   elseif shape and shape.kind == "object" then
      out.type, out.open = "object", shape.open
      out.members = depth < DEEPEST and describe.members(shape, inner, depth + 1) or nil
   end
   return out
end

-- Returns true if an object, or each of several choices, must have a member.
local function is_required(of, name)
   if not of then return false end
   if of.kind ~= "one" then return of.required ~= nil and of.required[name] == true end
   for _, choice in ipairs(of.choices) do
      if not is_required(choice, name) then return false end
   end
   return #of.choices > 0
end

-- The members of an object of a JSON body, those that must be there first.
function describe.members(shape, of, depth)
   local schemas, list = {}, {}
   for _, property in ipairs(of and properties_of(of) or {}) do
      schemas[property.name] = property.schema
   end
   for i, one in ipairs(shape.list) do
      list[i] = member(
         one.name, one.wire, one.shape, schemas[one.wire], is_required(of, one.wire), depth)
   end
   table.sort(list, function(a, b)
      if a.required ~= b.required then return a.required == true end
      return a.name < b.name
   end)
   return keyed(list)
end

-- A parameter of a query, a form or a header.
local function parameter(one, of)
   local out = { name = one.name, wire = one.wire, place = one.place, required = one.required }
   out.array = one.array
   if of and of.kind == "array" then
      out.minimum, out.maximum = of.low, of.high
      of = of.items
   end
   local letter = type_of_letter[one.type]
   if of then add_schema(out, of) end
   out.type = letter or out.type or "text"
   out.nullable = nil
   return out
end

-- parameter1_name ... parameter99_name: the first stands for all.
local function is_one_of_many(op, one)
   local before, number, after = one.wire:match("^(%a+)(%d+)(%..+)$")
   return number and tonumber(number) > 1 and op.by_wire[before .. "99" .. after] ~= nil
      and op.by_wire[before .. "1" .. after] ~= nil
end

local function parameters_of(op, request)
   local list = {}
   for _, one in ipairs(op.parameters) do
      if not is_one_of_many(op, one) then
         local out = parameter(one, request.parameters[one.wire])
         if one.wire:find("^%a+1%.") and op.by_wire[one.wire:gsub("1", "99", 1)] then
            out.up_to = 99
         end
         list[#list + 1] = out
      end
   end
   if op.body then
      local shape = op.members and body.shape(op, operation.snake)
      for _, one in ipairs(shape and describe.members(shape, request.body, 1) or {}) do
         one.place = "body"
         list[#list + 1] = one
      end
   end
   return list
end

-- Operations -------------------------------------------------------------------------------------

-- Methods in the order in which they are shown -> the operation that each is a way to use.
local order = {
   "create", "fetch", "update", "patch", "delete", "list", "each", "page", "page_at", "wait_until",
   "download",
}
local uses = {
   each = "list", page = "list", page_at = "list", wait_until = "fetch", download = "fetch",
}
local methods = {}
for _, method in ipairs(order) do methods[method] = uses[method] or method end

local function own(name, kind, more)
   return { name = name, type = kind, place = "library", minimum = more }
end

-- Arguments that the library itself takes.
local function add_own(list, op, method)
   local known = {}
   for _, one in ipairs(list) do known[one.name] = true end
   local function add(one)
      if not known[one.name] then list[#list + 1] = one end
   end
   if method == "list" or method == "each" then add(own("limit", "integer", 1)) end
   add(own("page_size", "integer", 1))
   if method == "page" and not (op.by_name.page and op.by_name.page.name == "page_number") then
      add(own("page_number", "integer", 0))
      add(own("page_token", "text"))
   end
   return list
end

local positional = {
   page_at = { { name = "url", type = "URL", required = true, place = "argument" } },
   wait_until = {
      { name = "done", type = "function", required = true, place = "argument" },
      { name = "timeout", type = "number", place = "option" },
      { name = "interval", type = "number", place = "option" },
      { name = "retry_not_found", type = "boolean", place = "option" },
   },
   download = {
      { name = "sink", type = "function or file", required = true, place = "argument" },
   },
}

local MOST = 1000 -- records of a page, unless the operation says otherwise

local function paging_of(op)
   if not op.paging then return nil end
   return {
      style = op.paging.style, key = op.paging.key,
      largest = op.paging.style ~= "plain" and (op.page_max or MOST) or nil,
   }
end

-- Groups of parameters of which one must be there, by this library's names.
local function any_of(op)
   local groups = {}
   for i, group in ipairs(op.any) do
      groups[i] = {}
      for k, wire in ipairs(group) do groups[i][k] = op.by_wire[wire].name end
   end
   return #groups > 0 and groups or nil
end

local gives = {
   list = "records", each = "iterator", page = "page", page_at = "page", delete = "true",
   download = "bytes",
}

local function new(description) return setmetatable(description, Description) end

local function key_of(at, side, op)
   return op.verb .. " " .. place.path(at, side):gsub("{[^}]*}", "{}")
end

-- The schema of the records of a list.
local function items_of(answer, key)
   local property = schema.property(answer, operation.snake(key))
   return property and property.schema.kind == "array" and property.schema.items or nil
end

local function has_required(op)
   for _, one in ipairs(op.parameters) do
      if one.required then return true end
   end
   return false
end

local function operation_of(at, side, method)
   local op = model.operation(at.node[side], methods[method])
   if not op or (method == "download" and not at.node[side].file) then return nil end
   -- It fetches without arguments.
   if method == "wait_until" and has_required(op) then return nil end
   local key, file = key_of(at, side, op), at.file
   local answer = schema.of_response(file, key)
   local of = op.paging and items_of(answer, op.paging.key) or not op.paging and answer or nil
   local fields = of and fields_of(of, 1)
   local parameters = positional[method] or parameters_of(op, schema.of_request(file, key))
   local label = side == "item" and at.item_label or at.list_label
   return new {
      kind = "operation", name = place.name(at, side, method), method = method, label = label,
      call = label .. ":" .. method, verb = op.verb, path = place.path(at, side),
      url = ("https://%s.twilio.com%s"):format(at.data.host, place.path(at, side)),
      parameters = keyed(op.paging and method ~= "page_at" and add_own(parameters, op, method)
         or parameters),
      any_of = not positional[method] and any_of(op) or nil,
      body = op.body and { media = op.body, open = op.members == nil or nil } or nil,
      fields = fields, plain = of and not fields and type_of_kind[of.kind] or nil,
      paging = paging_of(op), authentication = op.auth or "basic",
      gives = gives[method] == "true" and answer and "record" or gives[method] or "record",
      documentation = documentation.of(at),
   }
end

local function sorted_names(nodes)
   local names = {}
   for name in pairs(nodes or {}) do names[#names + 1] = name end
   table.sort(names)
   return names
end

-- The labels of the resources below a side.
local function children_of(at, side)
   local list = {}
   for _, name in ipairs(sorted_names(at.node[side] and at.node[side].nodes)) do
      list[#list + 1] = place.label(place.child(at, name, side))
   end
   return list
end

-- The fields of a record: those of the first operation that answers with one.
local function record_fields(operations)
   for _, method in ipairs { "fetch", "create", "update", "patch", "list" } do
      if operations[method] and operations[method].fields then return operations[method].fields end
   end
   return nil
end

local function side_of(at, side)
   if not at.node[side] then return nil end
   local out = {
      label = side == "item" and at.item_label or at.list_label, path = place.path(at, side),
      operations = {}, methods = {}, resources = children_of(at, side),
   }
   for _, method in ipairs(order) do
      local one = operation_of(at, side, method)
      if one then
         out.methods[#out.methods + 1] = method
         out.operations[method] = one
      end
   end
   return out
end

local function resource_of(at)
   local list, item = side_of(at, "list"), side_of(at, "item")
   local operations, named, resources = {}, {}, {}
   for _, side in ipairs { list or {}, item or {} } do
      for method, one in pairs(side.operations or {}) do
         operations[method] = operations[method] or one
      end
      for _, label in ipairs(side.resources or {}) do resources[#resources + 1] = label end
   end
   for _, method in ipairs(order) do
      if operations[method] then named[#named + 1] = method end
   end
   local main = at.side and (at.side == "item" and item or list) or list or item
   return new {
      kind = "resource", name = place.name(at, at.side or (list and "list" or "item")),
      label = place.label(at), side = at.side, path = main and main.path, sid = at.node.sid,
      list = list, instance = item, operations = operations, methods = named,
      resources = resources, fields = record_fields(operations),
      documentation = documentation.of(at),
   }
end

-- Products ---------------------------------------------------------------------------------------

local function version_of(at)
   local resources = {}
   for _, name in ipairs(sorted_names(at.data.nodes)) do
      resources[#resources + 1] = place.label(place.child(at, name))
   end
   return new {
      kind = "version", name = at.domain .. "." .. at.version, label = at.label,
      url = ("https://%s.twilio.com%s"):format(at.data.host, at.data.path), path = at.data.path,
      resources = resources, documentation = documentation.of(at),
   }
end

local function product_of(domain)
   local versions, resources = {}, {}
   for i, version in ipairs(place.version_names(domain)) do
      versions[i] = version_of(place.version(domain, version))
      for _, label in ipairs(versions[i].resources) do resources[#resources + 1] = label end
   end
   return new {
      kind = "product", name = domain, label = "client." .. domain,
      default = model.domain(domain)[1], versions = versions, resources = resources,
      documentation = documentation.of { domain = domain },
   }
end

local function client_of()
   return new {
      kind = "client", name = "client", label = "client", products = model.domains(),
      resources = model.shortcuts(),
      methods = { "request", "download", "preload", "stats", "close", "describe" },
      documentation = documentation.of {},
   }
end

-- The place that a question is about -------------------------------------------------------------

local function of_place(at, method)
   if not at.data then return product_of(at.domain) end
   if not at.node then return version_of(at) end
   if not method then return resource_of(at) end
   for _, side in ipairs(at.side == "item" and { "item", "list" } or { "list", "item" }) do
      local found = at.node[side] and operation_of(at, side, method)
      if found then return found end
   end
   local names = table.concat(resource_of(at).methods, ", ")
   return nil, ("%s has no method '%s' (it has: %s)"):format(place.label(at), method, names)
end

local function of_text(text)
   local at, method = place.of_text(text, methods)
   if not at and not method then return client_of() end
   if not at then return nil, method end
   return of_place(at, method)
end

-- A list, an instance, or one whose list has yet to be called.
local function of_resource(object, method)
   local at = place.of_node(object._version, object._node)
   if not at then return nil, "it isn't a resource of the API data" end
   at.side = object._side == object._node.item and "item" or nil
   if not method then return resource_of(at) end
   if not methods[method] then
      return nil, require("twilio.util.options").unknown("method", method, order)
   end
   return of_place(at, method)
end

local function of_product(object)
   local name = object._name
   local domain, version = name:match("^([^.]+)%.(.+)$")
   if not domain then return product_of(name) end
   return version_of(place.version(domain, version))
end

-- A method that was taken from a list or an instance: client.messages.create. If there is one,
-- resource.lua is loaded, and gives the same function again.
local function of_function(f)
   local resource = package.loaded["twilio.resource"]
   local at, name = place.find_side(function(side)
      for method in pairs(methods) do
         if resource and resource.method(side, method) == f then return method end
      end
   end)
   if not at then return nil, "it isn't a method of a resource" end
   return of_place(at, name)
end

local function of_table(object, method)
   local class = getmetatable(object)
   if type(class) == "table" and class.origin then
      local origin = class.origin
      local record = { _version = origin._version, _node = origin._node }
      record._side = origin._node.item
      return of_resource(record, method)
   end
   if rawget(object, "transports") then
      if method then return of_text(tostring(method)) end
      return client_of()
   end
   if rawget(object, "_node") then return of_resource(object, method) end
   if rawget(object, "_name") then return of_product(object) end
   return nil, "a plain table isn't an object of this library"
end

--- Describes what a text or an object stands for.
-- @param what (string | client | product | list | instance | record | function | nil) "messages",
--    "messages:create", "client.verify.v2.services(sid).verifications"; nil: the client
-- @param method (string | nil) of a list, an instance or a record: "create"
-- @return (table) kind, name, label, and by its kind: path, url, verb, parameters, fields, paging,
--    methods, operations, resources, documentation; tostring is a page for a terminal
-- @return[2] nil, (string) the caller's mistake
function describe.find(what, method)
   if what == nil then return client_of() end
   if type(what) == "string" then
      return of_text(method and what .. ":" .. tostring(method) or what)
   end
   if type(what) == "function" then return of_function(what) end
   if type(what) == "table" then return of_table(what, method) end
   return nil, "it takes a text as in \"messages:create\", or an object, got a " .. type(what)
end

--- twilio.describe: the same, raising the caller's mistake.
function describe.of(what, method)
   if what == package.loaded.twilio and what ~= nil then
      error("use a dot: twilio.describe(\"messages:create\")", 2)
   end
   local found, message = describe.find(what, method)
   if not found then error("twilio.describe: " .. message, 2) end
   return found
end

--- The method of clients, products, lists, instances and records.
-- @param name (string | nil) a method of the object, "create": only that
function describe.method(self, name)
   if type(self) ~= "table" then
      error("describe: call it with a colon, as in client.messages:describe()", 2)
   end
   local found, message = describe.find(self, name)
   if not found then error("describe: " .. message, 2) end
   return found
end

return describe
