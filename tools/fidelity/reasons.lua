-- Says why an answer of the sandbox differs from an example, for each field that does.
--
-- The reasons, in the order in which they are looked for:
--
--   schema     the same file's schema forbids what the example shows, and answers must be valid
--   refused    the sandbox refuses the request, or another resource is asked for
--   parameter  repeats a parameter that the request didn't give
--   request    the request said what the sandbox shows
--   lives      the sandbox fills it when something happens (tools/overlay.lua)
--   case       other examples of the same resource show what the sandbox answers
--   data       the example's own data: members that most examples haven't got
--   other      none of these

local document = require "openapi.document"
local examples = require "openapi.examples"
local names = require "openapi.names"

local reasons = {}

local function resolved(doc, schema)
   local name
   while schema and schema["$ref"] do
      name = schema["$ref"]:match("([^/]+)$")
      schema = document.resolve(doc, { ["$ref"] = schema["$ref"] })
   end
   return schema or {}, name
end

local function property_of(doc, schema, name)
   schema = resolved(doc, schema)
   if schema.properties and schema.properties[name] then return schema.properties[name] end
   for _, part in ipairs(schema.allOf or {}) do
      local found = property_of(doc, part, name)
      if found then return found end
   end
   return nil
end

-- The schema at a field's path, and the name of the resource's.
local function schema_at(example, what)
   local schema = example.schema
   local _, name = resolved(example.doc, schema)
   for word in what:gmatch("[^.]+") do
      local bare, is_item = word:match("^(.-)(%[?%]?)$")
      schema = schema and property_of(example.doc, schema, bare)
      if schema and is_item == "[]" then
         schema = resolved(example.doc, schema).items
         local _, own = resolved(example.doc, schema)
         name = own or name
      end
   end
   return schema, name
end

local function is_forbidden(example, miss)
   local schema = schema_at(example, miss.what)
   if not schema then return false end
   schema = resolved(example.doc, schema)
   if miss.wanted == "null" then return not schema.nullable and schema.type ~= nil end
   local is_number = schema.type == "integer" or schema.type == "number"
   return schema.type ~= nil and schema.type ~= (is_number and schema.type or miss.wanted)
      or (is_number and miss.wanted ~= "number")
end

local function is_parameter(example, field)
   for _, path in ipairs { example.path, (example.path:gsub("/{[^}]*}(%.?%l*)$", "%1")) } do
      local op = (example.doc.paths[path] or {}).post
      local _, form = nil, nil
      if op then _, form = document.body(example.doc, op) end
      for name in pairs(form and form.properties or {}) do
         if names.snake(name) == field then return true end
      end
   end
   return false
end

-- The values at a path in an answer: several, as lists have several items.
local function types_at(value, what, out)
   local word, rest = what:match("^([^.]+)%.?(.*)$")
   if not word then
      out[examples.type_of(value)] = true
      return
   end
   local bare, is_item = word:match("^(.-)(%[?%]?)$")
   local member
   if examples.type_of(value) == "object" then member = value[bare] end
   if is_item == "[]" and examples.type_of(member) == "array" then
      for _, item in ipairs(member) do types_at(item, rest, out) end
   elseif member == nil then
      out.nothing = true
   else
      types_at(member, rest, out)
   end
end

-- Returns true if another example of this resource shows what the sandbox answered.
local function is_shown_elsewhere(example, miss)
   local _, name = schema_at(example, miss.what)
   for _, other in ipairs(example.all) do
      local own, list = example.op.operationId:match("^List"), other.op.operationId:match("^List")
      local _, other_name = resolved(other.doc, other.schema)
      local found = {}
      if other.op == example.op then
         types_at(other.value, miss.what, found)
      elseif not own and not list and name and other_name == name then
         types_at(other.value, miss.what, found)
      elseif own and not list and name and other_name == name then
         types_at(other.value, (miss.what:gsub("^[^.]*%[%]%.", "")), found)
      end
      if found[miss.got] then return true end
   end
   return false
end

--- The reason of a difference.
-- @param miss (table) of compare.lua
-- @param alive (table) tools/overlay.lua's, of this file
-- @return (string)
function reasons.of(miss, alive)
   local example = miss.example
   if miss.what == "HTTP" then return miss.got >= 300 and "refused" or "case" end
   if is_forbidden(example, miss) then return "schema" end
   local field, _, name = miss.what:match("([^.]*)$"), schema_at(example, miss.what)
   if (" " .. (alive[name] or "") .. " "):find(" " .. field .. " ", 1, true) then return "lives" end
   local is_said = is_parameter(example, field)
   if is_said then return miss.got == "null" and "parameter" or "request" end
   if is_shown_elsewhere(example, miss) then return "case" end
   if miss.got == "nothing" then return "data" end
   return "other"
end

return reasons
