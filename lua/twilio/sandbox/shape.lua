-- sandbox/shape.lua: the shapes of answers and requests (tools/openapi/shape.lua has their
-- language), read on first use.
--
-- A shape is read into { kind, nullable, low, high, prefixes | pattern | values | properties,
-- required, extra | items | choices }. Must not know how answers are filled (answer.lua), nor
-- requests checked (check.lua).

local core = require "twilio.core"
local names = require "twilio.sandbox.names"

local shape = {}

local function read_limits(it, rest)
   local low, high = rest:match("^(%d*)%.%.(%d*)$")
   it.low, it.high = tonumber(low), tonumber(high)
end

local details = {
   sid = function(it, rest) it.prefixes = rest end,
   pattern = function(it, rest) it.pattern = rest end,
   enum = function(it, rest)
      it.values = {}
      for value in (rest .. "|"):gmatch("([^|]*)|") do
         it.first = it.first or value
         it.values[value] = true
      end
      it.words = rest:gsub("|", ", ")
   end,
}

local function read_head(text)
   local kind, mark, rest = text:match("^([%w-]+)(%??) ?(.*)$")
   local it = { kind = kind, nullable = mark == "?" }
   local detail = details[kind] or read_limits
   detail(it, rest)
   return it, rest
end

local read

local function read_object(file, it, source, rest)
   it.required, it.properties = {}, {}
   for name in rest:gmatch("%S+") do it.required[name] = true end
   if source[2] ~= nil then it.extra = source[2] and read(file, source[2]) end
   for name, value in pairs(source) do
      if type(name) == "string" then
         it.properties[#it.properties + 1] = { name = name, field = names.snake(name), source = value }
      end
   end
   table.sort(it.properties, function(a, b) return core.less(a.name, b.name) end)
   for _, property in ipairs(it.properties) do property.shape = read(file, property.source) end
end

local structures = {
   object = read_object,
   array = function(file, it, source) it.items = read(file, source[2]) end,
   one = function(file, it, source)
      it.choices = {}
      for i = 2, #source do it.choices[i - 1] = read(file, source[i]) end
   end,
}

-- Schemas may refer to themselves: the entry exists before it is read.
local function read_named(file, name)
   local it = file.named[name]
   if it then return it end
   it = {}
   file.named[name] = it
   for key, value in pairs(read(file, file.data.schemas[name])) do it[key] = value end
   return it
end

function read(file, source)
   if type(source) == "string" then
      if source:sub(1, 1) == "=" then return read_named(file, source:sub(2)) end
      return (read_head(source))
   end
   local it, rest = read_head(source[1])
   structures[it.kind](file, it, source, rest)
   return it
end

-- Data made from data, once a process.
local files = {}

local function load_file(name)
   local ok, data = pcall(require, "twilio.sandbox.shapes." .. name)
   if not ok then error("the sandbox has no shapes of " .. name .. ": " .. tostring(data), 0) end
   return { data = data, named = {}, operations = {}, requests = {} }
end

local function file_of(name)
   files[name] = files[name] or load_file(name)
   return files[name]
end

--- The shape of an operation's answer.
-- @param file (string) "api_v2010"
-- @param operation (string) "POST /2010-04-01/Accounts/{}/Messages.json"
-- @return (table | nil) nil: it answers without a body
function shape.of(file, operation)
   local it = file_of(file)
   local source = it.data.operations[operation]
   if source and not it.operations[operation] then it.operations[operation] = read(it, source) end
   return it.operations[operation]
end

local function read_request(file, source)
   local it = { parameters = {} }
   for name, value in pairs(source) do
      if name == 1 then it.body = read(file, value) else it.parameters[name] = read(file, value) end
   end
   return it
end

local anything = { parameters = {} }

--- The constraints on an operation's requests, beyond the names and types of its parameters.
-- @return (table) { parameters = wire name -> shape, body = shape of a JSON body | nil }
function shape.of_request(file, operation)
   local it = file_of(file)
   local source = it.data.requests[operation]
   if not source then return anything end
   it.requests[operation] = it.requests[operation] or read_request(it, source)
   return it.requests[operation]
end

--- A property of an object's shape by its snake_case name; of a choice, by its first alternative's.
-- @return (table | nil) { name, field, shape }
function shape.property(it, field)
   while it and it.kind == "one" do it = it.choices[1] end
   for _, property in ipairs(it and it.properties or {}) do
      if property.field == field then return property end
   end
   return nil
end

return shape
