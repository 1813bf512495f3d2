-- sandbox/schema/schemas.lua: the schemas of answers and requests (tools/openapi/schema_source.lua
-- has their language), read on first use.
--
-- A schema is read into { kind, nullable, low, high, prefixes | pattern | values | properties,
-- required, extra | items | choices }. Beside it stand the facts that the API's examples tell
-- (facts.lua): a property has its `fact`, an object the fields that only examples show. Must not
-- know how answers are filled (answer.lua), nor requests checked (check.lua).

local facts = require "twilio.sandbox.schema.facts"
local field_names = require "twilio.sandbox.schema.field_names"

local schemas = {}

local function read_limits(schema, rest)
   local low, high = rest:match("^(%d*)%.%.(%d*)$")
   schema.low, schema.high = tonumber(low), tonumber(high)
end

local details = {
   sid = function(schema, rest) schema.prefixes = rest end,
   pattern = function(schema, rest) schema.pattern = rest end,
   enum = function(schema, rest)
      schema.values = {}
      for value in (rest .. "|"):gmatch("([^|]*)|") do
         schema.first = schema.first or value
         schema.values[value] = true
      end
      schema.words = rest:gsub("|", ", ")
   end,
}

local function read_head(text)
   local kind, mark, rest = text:match("^([%w-]+)(%??) ?(.*)$")
   local schema = { kind = kind, nullable = mark == "?" }
   local detail = details[kind] or read_limits
   detail(schema, rest)
   return schema, rest
end

local read

-- Anything that only examples show.
local function unnamed(fact)
   local kind = fact.kind == "null" and "any" or fact.kind
   return { kind = kind == "object" and "object" or "any", nullable = true, fact = fact }
end

local function by_name(a, b) return a.name < b.name end

local function read_object(file, schema, source, rest, fact)
   schema.required, schema.properties = {}, {}
   local properties = schema.properties
   for name in rest:gmatch("%S+") do schema.required[name] = true end
   if source[2] ~= nil then schema.extra = source[2] and read(file, source[2]) end
   for name, value in pairs(source) do
      if type(name) == "string" then
         properties[#properties + 1] = {
            name = name, field = field_names.snake(name), source = value,
            fact = fact and fact.by_name and fact.by_name[name],
         }
      end
   end
   for _, member in ipairs(fact and schema.extra == nil and fact.members or {}) do
      if source[member.name] == nil then
         properties[#properties + 1] = {
            name = member.name, field = field_names.snake(member.name), fact = member.fact,
            schema = unnamed(member.fact),
         }
      end
   end
   table.sort(properties, by_name)
   for _, property in ipairs(properties) do
      property.schema = property.schema or read(file, property.source, property.fact)
   end
end

local structures = {
   object = read_object,
   array = function(file, schema, source, _, fact)
      schema.items = read(file, source[2], fact and fact.item)
   end,
   -- A fact about all choices adds no fields to each of them, as fields tell them apart.
   one = function(file, schema, source, _, fact)
      local shared = fact and fact.by_name and { by_name = fact.by_name }
      schema.choices = {}
      for i = 2, #source do schema.choices[i - 1] = read(file, source[i], shared) end
   end,
}

-- Schemas may refer to themselves: the entry exists before it is read.
local function read_named(file, name, fact)
   local schema = file.named[name]
   if schema then return schema end
   schema = {}
   file.named[name] = schema
   local words = file.data.facts[name]
   if words then fact = facts.read(words) elseif not (fact and not fact.kind) then fact = nil end
   local own = read(file, file.data.schemas[name], fact)
   for key, value in pairs(own) do schema[key] = value end
   return schema
end

function read(file, source, fact)
   if type(source) == "string" then
      if source:sub(1, 1) == "=" then return read_named(file, source:sub(2), fact) end
      local schema = read_head(source)
      schema.fact = fact
      return schema
   end
   local schema, rest = read_head(source[1])
   structures[schema.kind](file, schema, source, rest, fact)
   return schema
end

-- Data made from data, once a process.
local files = {}

local function load_file(name)
   local ok, data = pcall(require, "twilio.sandbox.schema.api." .. name)
   if not ok then error("the sandbox has no schemas of " .. name .. ": " .. tostring(data), 0) end
   return { data = data, named = {}, operations = {}, requests = {} }
end

local function file_of(name)
   files[name] = files[name] or load_file(name)
   return files[name]
end

--- The schema of an operation's answer.
-- @param file (string) "api_v2010"
-- @param operation (string) "POST /2010-04-01/Accounts/{}/Messages.json"
-- @return (table | nil) nil: it answers without a body
function schemas.of_response(file, operation)
   file = file_of(file)
   local source = file.data.operations[operation]
   if source and not file.operations[operation] then
      local words = file.data.facts[operation]
      file.operations[operation] = read(file, source, words and facts.read(words))
   end
   return file.operations[operation]
end

local function read_request(file, source)
   local request = { parameters = {} }
   for name, value in pairs(source) do
      if name == 1 then
         request.body = read(file, value)
      else
         request.parameters[name] = read(file, value)
      end
   end
   return request
end

local anything = { parameters = {} }

--- The constraints on an operation's requests, beyond the names and types of its parameters.
-- @return (table) { parameters = wire name -> schema, body = schema of a JSON body | nil }
function schemas.of_request(file, operation)
   file = file_of(file)
   local source = file.data.requests[operation]
   if not source then return anything end
   file.requests[operation] = file.requests[operation] or read_request(file, source)
   return file.requests[operation]
end

--- A property of an object's schema by its snake_case name; of a choice, by its first
-- alternative's.
-- @return (table | nil) { name, field, schema }
function schemas.property(schema, field)
   while schema and schema.kind == "one" do schema = schema.choices[1] end
   for _, property in ipairs(schema and schema.properties or {}) do
      if property.field == field then return property end
   end
   return nil
end

return schemas
