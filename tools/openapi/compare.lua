-- Two sets of OpenAPI documents: what the second has and the first lacks. Operations are the same
-- by verb, host and path, whatever a path's arguments are called; parameters by their wire name,
-- members of JSON bodies by their path in the body; beside these, values that the second lists and
-- the first doesn't, and members that only the first requires. Each finding says what it is and
-- where, and which changes of the first set mend it (see patch.lua). Must not know files.

local document = require "openapi.document"
local names = require "openapi.names"
local patch = require "openapi.patch"
local sorted_keys = require("openapi.source").sorted_keys

local function blank(path) return (path:gsub("{[^}]*}", "{}")) end

local function host_of(doc) return doc.servers[1].url:match("^https://([^/]+)") end

-- "POST webhooks.twilio.com/v1/Webhooks/Rules" -> { name, doc, path, item, verb, op }, for all
-- operations.
local function index_of(docs)
   local out = {}
   for _, name in ipairs(sorted_keys(docs)) do
      local doc = docs[name]
      for _, path in ipairs(sorted_keys(doc.paths)) do
         local item = doc.paths[path]
         for _, verb in ipairs(document.verbs) do
            if item[verb] then
               local key = ("%s %s%s"):format(verb:upper(), host_of(doc), blank(path))
               out[key] = {
                  name = name, doc = doc, path = path, item = item, verb = verb, op = item[verb],
                  key = key,
               }
            end
         end
      end
   end
   return out
end

-- The schema at the end of its references, and its pointer.
local function pointer_of(doc, schema, pointer)
   while schema["$ref"] do
      pointer = schema["$ref"]:sub(2)
      schema = patch.get(doc, pointer)
   end
   return schema, pointer
end

local FORM = "application/x-www-form-urlencoded"

-- All parameters of an operation by wire name: { place, schema, pointer = its schema's, parameter
-- }.
local function parameters_of(place)
   local out = {}
   local function add(list, base)
      for i, p in ipairs(list or {}) do
         local parameter, pointer = pointer_of(
            place.doc, p, ("%s/parameters/%d"):format(base, i - 1))
         local place_of = parameter["in"]
         if place_of ~= "path" then
            out[parameter.name] = {
               place = place_of, schema = parameter.schema, pointer = pointer .. "/schema",
               parameter = parameter,
            }
         end
      end
   end
   local base = patch.pointer("paths", place.path)
   add(place.item.parameters, base)
   add(place.op.parameters, base .. "/" .. place.verb)
   local content = document.body(place.doc, place.op)
   if content[FORM] then
      local inline = base .. patch.pointer(place.verb, "requestBody", "content", FORM, "schema")
      local schema, pointer = pointer_of(place.doc, content[FORM].schema, inline)
      for name, property in pairs(schema.properties or {}) do
         out[name] = {
            place = "form", schema = property,
            pointer = pointer .. patch.pointer("properties", name),
         }
      end
   end
   return out
end

local Comparison = {}
Comparison.__index = Comparison

function Comparison:add(kind, what, name, additions)
   table.insert(self.findings, { kind = kind, what = what, document = name, additions = additions })
end

-- The schemas that a value refers to, at any depth: a set of names.
local function referred(doc, value, found)
   for key, inner in pairs(value) do
      local name = key == "$ref" and inner:match("^#/components/schemas/(.+)$")
      if name and not found[name] then
         found[name] = true
         referred(doc, doc.components.schemas[name], found)
      elseif type(inner) == "table" then
         referred(doc, inner, found)
      end
   end
   return found
end

-- Adds the schemas of the second document that a value refers to.
function Comparison:schemas(name, from, value, additions)
   for _, schema in ipairs(sorted_keys(referred(from, value, {}))) do
      local pointer = patch.pointer("components", "schemas", schema)
      if not self.docs[name].components.schemas[schema] and not self.added[name .. pointer] then
         self.added[name .. pointer] = true
         additions[#additions + 1] = { path = pointer, value = from.components.schemas[schema] }
      end
   end
end

-- The document of the first set that has this host and version; nil if none has.
function Comparison:home(place)
   local version = place.path:match("^/[^/]+")
   for _, name in ipairs(sorted_keys(self.docs)) do
      local doc = self.docs[name]
      if host_of(doc) == host_of(place.doc) then
         for path in pairs(doc.paths) do
            if path:match("^/[^/]+") == version then return name end
         end
      end
   end
end

-- The path of the first document that is this one but for its arguments' names.
local function path_like(doc, path)
   for other in pairs(doc and doc.paths or {}) do
      if blank(other) == blank(path) then return other end
   end
end

-- The pointer of a path in the first document, to which the path and its parents are added where it
-- lacks them.
function Comparison:path(home, from, path, additions)
   local like = path_like(self.docs[home], path)
   if like then return patch.pointer("paths", like) end
   local pointer, item = patch.pointer("paths", path), from.paths[path]
   if not self.added[home .. pointer] then
      self.added[home .. pointer] = true
      local parent = item["x-twilio"].parent
      if parent then self:path(home, from, path:match("^/[^/]+") .. parent, additions) end
      local value = { parameters = item.parameters, ["x-twilio"] = item["x-twilio"] }
      additions[#additions + 1] = { path = pointer, value = value }
   end
   return pointer
end

function Comparison:operation(place)
   local home = self:home(place)
   if not home then
      -- The whole document is new.
      self:add("operation", place.key, place.name, {})
      self.new_documents[place.name] = place.doc
      return
   end
   local additions = {}
   self:schemas(home, place.doc, place.op, additions)
   local pointer = self:path(home, place.doc, place.path, additions)
   additions[#additions + 1] = { path = pointer .. "/" .. place.verb, value = place.op }
   self:add("operation", place.key, home, additions)
end

function Comparison:parameter(mine, name, theirs, place)
   local what = ("%s: %s (%s)"):format(place.key, name, theirs.place)
   local additions = {}
   local base = patch.pointer("paths", mine.path, mine.verb)
   self:schemas(mine.name, place.doc, theirs.schema, additions)
   if theirs.place ~= "form" then
      local list = base .. "/parameters"
      local is_first = not mine.op.parameters and not self.added[mine.name .. list]
      self.added[mine.name .. list] = true
      local last = { path = list .. "/-", value = theirs.parameter }
      additions[#additions + 1] = is_first and { path = list, value = { theirs.parameter } } or last
   else
      local content = document.body(mine.doc, mine.op)
      local media = assert(content[FORM], what .. ": the files have no form there")
      local inline = base .. patch.pointer("requestBody", "content", FORM, "schema")
      local _, pointer = pointer_of(mine.doc, media.schema, inline)
      additions[#additions + 1] = {
         path = pointer .. patch.pointer("properties", name), value = theirs.schema,
      }
   end
   self:add("parameter", what, mine.name, additions)
end

-- The values that a schema lists, and the pointer of their list; nil if it lists none.
local function values_of(doc, schema, pointer)
   schema, pointer = pointer_of(doc, schema, pointer)
   if schema.items then schema, pointer = pointer_of(doc, schema.items, pointer .. "/items") end
   return schema.enum, pointer .. "/enum"
end

function Comparison:values(mine, name, have, theirs, place)
   local values, pointer = values_of(mine.doc, have.schema, have.pointer)
   local known = {}
   for _, value in ipairs(values or {}) do known[value] = true end
   for _, value in ipairs(values and values_of(place.doc, theirs.schema, "") or {}) do
      if not known[value] then
         local key, additions = mine.name .. pointer .. " " .. value, {}
         if not self.added[key] then additions[1] = { path = pointer .. "/-", value = value } end
         self.added[key] = true
         self:add("value", ("%s: %s=%s"):format(place.key, name, value), mine.name, additions)
      end
   end
end

-- The schemas that a schema may stand for: itself, the parts of an allOf, the choices of a oneOf.
-- Each with its pointer.
local function alternatives(doc, schema, pointer, out)
   schema, pointer = pointer_of(doc, schema, pointer)
   out[#out + 1] = { schema = schema, pointer = pointer }
   for _, word in ipairs { "allOf", "oneOf", "anyOf" } do
      for i, part in ipairs(schema[word] or {}) do
         alternatives(doc, part, pointer .. patch.pointer(word, tostring(i - 1)), out)
      end
   end
   return out
end

-- Returns true if any member may be there, of any kind.
local function is_open(schemas)
   for _, one in ipairs(schemas) do
      local schema = one.schema
      local rest = schema.additionalProperties
      local is_map = type(rest) == "table" and next(rest)
      local has_members = schema.properties or schema.allOf or schema.oneOf or schema.anyOf
         or is_map
      if not has_members and (not schema.type or schema.type == "object") then return true end
   end
   return false
end

-- The members below a schema: name -> { { schema, pointer } ... }, items of arrays and values of
-- maps under "[]" and "*".
local function members_of(doc, schemas)
   local out = {}
   local function put(name, schema, pointer)
      out[name] = out[name] or {}
      alternatives(doc, schema, pointer, out[name])
   end
   for _, one in ipairs(schemas) do
      for name, schema in pairs(one.schema.properties or {}) do
         put(name, schema, one.pointer .. patch.pointer("properties", name))
      end
      local items, rest = one.schema.items, one.schema.additionalProperties
      if items then put("[]", items, one.pointer .. "/items") end
      if type(rest) == "table" then put("*", rest, one.pointer .. "/additionalProperties") end
   end
   return out
end

-- Members that the first set requires and the second doesn't.
function Comparison:required(mine, place, ours, theirs, where)
   local needed = {}
   for _, name in ipairs(theirs.schema.required or {}) do needed[name] = true end
   local left, dropped = {}, {}
   for _, name in ipairs(ours.schema.required or {}) do
      local still = needed[name] or not (theirs.schema.properties or {})[name]
      table.insert(still and left or dropped, name)
   end
   local pointer = ours.pointer .. "/required"
   for i, name in ipairs(dropped) do
      local additions = {}
      if i == 1 and not self.added[mine.name .. pointer] then
         additions[1] = #left > 0 and { op = "replace", path = pointer, value = left }
            or { op = "remove", path = pointer }
      end
      self:add(
         "optional", ("%s: %s%s"):format(place.key, where == "" and "" or where .. ".", name),
         mine.name, additions)
   end
   if #dropped > 0 then self.added[mine.name .. pointer] = true end
end

-- my_schemas, their_schemas: lists of alternatives. where: the member's path in the body, for
-- messages.
function Comparison:members(mine, place, my_schemas, their_schemas, where, seen)
   if is_open(my_schemas) then return end
   local mark = my_schemas[1].pointer .. " " .. their_schemas[1].pointer
   if seen[mark] then return end
   seen[mark] = true
   if #my_schemas == 1 and #their_schemas == 1 then
      self:required(mine, place, my_schemas[1], their_schemas[1], where)
      -- The items of a list are looked at by themselves.
      if not my_schemas[1].schema.items then
         self:values(mine, where, my_schemas[1], their_schemas[1], place)
      end
   end
   local known, declared = members_of(mine.doc, my_schemas), members_of(place.doc, their_schemas)
   for _, name in ipairs(sorted_keys(declared)) do
      local path = name == "[]" and where .. "[]" or (where == "" and name or where .. "." .. name)
      -- A map knows every name.
      local same = known[name] or known["*"]
      if same then
         self:members(mine, place, same, declared[name], path, seen)
      elseif name ~= "[]" and name ~= "*" then
         self:member(mine, place, my_schemas, name, declared[name], path)
      end
   end
end

-- The member of an object that has the same name in Lua: the same one, spelt otherwise on the wire.
local function respelt(schema, name)
   for _, other in ipairs(sorted_keys(schema.properties)) do
      if names.snake(other) == names.snake(name) then return other end
   end
end

-- Takes the old spelling out, also of the list of required members.
function Comparison:rename(home, target, old, new, additions)
   additions[#additions + 1] = {
      op = "remove", path = target.pointer .. patch.pointer("properties", old),
   }
   local required, found = {}, false
   for i, name in ipairs(target.schema.required or {}) do
      required[i] = name == old and new or name
      found = found or name == old
   end
   if not found then return end
   local pointer = target.pointer .. "/required"
   assert(not self.added[home .. pointer], pointer .. ": two changes of one list")
   self.added[home .. pointer] = true
   additions[#additions + 1] = { op = "replace", path = pointer, value = required }
end

function Comparison:member(mine, place, my_schemas, name, theirs, path)
   local target
   for _, one in ipairs(my_schemas) do
      if one.schema.properties then target = target or one end
   end
   local what = ("%s: %s"):format(place.key, path)
   assert(target, what .. ": the files have no object there")
   local pointer = target.pointer .. patch.pointer("properties", name)
   local additions = {}
   if not self.added[mine.name .. pointer] then
      self.added[mine.name .. pointer] = true
      local value = patch.get(place.doc, theirs[1].pointer)
      self:schemas(mine.name, place.doc, value, additions)
      local old = respelt(target.schema, name)
      if old then self:rename(mine.name, target, old, name, additions) end
      additions[#additions + 1] = { path = pointer, value = value }
   end
   self:add("member", what, mine.name, additions)
end

-- The JSON body's schema and its pointer, or nil.
local function json_body(place)
   local content, form = document.body(place.doc, place.op)
   for _, kind in ipairs { "application/json", "application/scim+json" } do
      if not form and content[kind] and content[kind].schema then
         return content[kind].schema, patch.pointer(
            "paths", place.path, place.verb, "requestBody", "content", kind, "schema")
      end
   end
end

-- Every list of ours takes these, and every list of twilio-node's Page sends them, whatever the API
-- makes of them.
local paging = { Page = true, PageToken = true }

function Comparison:both(mine, place)
   local have, wanted = parameters_of(mine), parameters_of(place)
   local body, pointer = json_body(mine)
   local their_body, their_pointer = json_body(place)
   for _, name in ipairs(sorted_keys(wanted)) do
      if have[name] then self:values(mine, name, have[name], wanted[name], place)
      elseif not paging[name] then self:parameter(mine, name, wanted[name], place) end
   end
   if not their_body then return end
   if not body then
      if not self.bodies[mine.op.operationId] then self:add("body", place.key, mine.name) end
      return
   end
   self:members(
      mine, place, alternatives(mine.doc, body, pointer, {}),
      alternatives(place.doc, their_body, their_pointer, {}), "", {})
end

-- docs, theirs: name -> document; bodies: operations whose JSON body the first set is known to
-- forget (overlay.body). Returns the findings, a list of { kind = "operation" | "parameter" |
-- "value" | "member" | "optional" | "body", what, document, additions }, and the documents that are
-- new as a whole.
return function(docs, theirs, bodies)
   local self = setmetatable(
      { docs = docs, bodies = bodies, findings = {}, added = {}, new_documents = {} }, Comparison)
   local mine, others = index_of(docs), index_of(theirs)
   for _, key in ipairs(sorted_keys(others)) do
      if mine[key] then self:both(mine[key], others[key]) else self:operation(others[key]) end
   end
   return self.findings, self.new_documents
end
