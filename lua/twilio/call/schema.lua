-- call/schema.lua: the schemas of answers and requests (docs/architecture.md, "The schemas", has
-- their language), read on first use.
--
-- A schema is read into { kind, nullable, low, high, prefixes | pattern | values, first, words |
-- properties, required, extra | items | choices }; `list` has an enum's values in order, `known`
-- those that the files name in words of a text that may have others; `line` is the number of its
-- line, where it has one. No call needs them: they serve `twilio.describe`, the sandbox and the
-- generator of types.

local operation = require "twilio.call.operation"

local schema = {}

local words = {
   s = "string", b = "boolean", i = "integer", n = "number", d = "date", t = "date-time",
   r = "rfc2822", u = "uri",
}

local function read_bounds(out, text)
   local low, high = text:match("^(%d*)%.%.(%d*)$")
   out.low, out.high = tonumber(low), tonumber(high)
end

local function values_of(text)
   local list = {}
   for value in (text .. "|"):gmatch("([^|]*)|") do list[#list + 1] = value end
   return list
end

local function read_enum(out, text)
   out.kind, out.values, out.list = "enum", {}, values_of(text)
   for _, value in ipairs(out.list) do out.values[value] = true end
   out.first = out.list[1]
   out.words = table.concat(out.list, ", ")
end

local read

-- The places after which the parts of a text between commas begin, brackets left whole.
local function split(text)
   local parts, depth, part = {}, 0, {}
   for c in (text .. ","):gmatch(".") do
      if c == "," and depth == 0 then
         parts[#parts + 1] = table.concat(part)
         part = {}
      else
         depth = depth + (c == "(" and 1 or c == ")" and -1 or 0)
         part[#part + 1] = c
      end
   end
   return parts
end

local function read_object(file, out, text)
   out.kind, out.required, out.properties = "object", {}, {}
   for part in text:gmatch("[^,]+") do
      local name, bang, value = part:match("^(.-)(!?):([^:]*)$")
      if name then
         out.required[name] = bang == "!" or nil
         out.properties[#out.properties + 1] = {
            name = name, field = operation.snake(name), schema = read(file, value),
         }
      else
         out.extra = part ~= "-" and read(file, part:sub(2))
      end
   end
   -- An object about which nothing is known has no list of properties.
   if text == "" then out.properties = {} end
end

local marks = {
   ["|"] = function(_, out, text) read_enum(out, text) end,
   ["*"] = function(_, out, text) out.kind, out.known = "string", values_of(text) end,
   ["~"] = function(_, out, text) out.kind, out.pattern = "pattern", text end,
   ["$"] = function(_, out, text) out.kind, out.prefixes = "sid", text end,
   ["{"] = function(file, out, text) read_object(file, out, text:sub(1, -2)) end,
   ["["] = function(file, out, text)
      local items, bounds = text:match("^(.*)%]([%d.]*)$")
      out.kind, out.items = "array", read(file, items)
      read_bounds(out, bounds)
   end,
   ["("] = function(file, out, text)
      out.kind, out.choices = "one", {}
      for i, choice in ipairs(split(text:sub(1, -2))) do out.choices[i] = read(file, choice) end
   end,
}

-- Schemas may hold themselves: the entry exists before it is read.
local function read_line(file, number)
   local out = file.read[number]
   if not out then
      out = {}
      file.read[number] = out
      for key, value in pairs(read(file, file.lines[number])) do out[key] = value end
      out.line = out.line or number
   end
   return out
end

function read(file, text)
   local nullable, mark, rest = text:match("^(%??)(.)(.*)$")
   if mark == "=" then return read_line(file, tonumber(rest)) end
   local out = { nullable = nullable == "?" }
   if marks[mark] then
      marks[mark](file, out, rest)
      return out
   end
   local word, bounds = (mark .. rest):match("^([%a_-]+)(.*)$")
   out.kind = words[word] or word
   read_bounds(out, bounds)
   return out
end

-- Reading a version's file: "VERB path" -> { answer = text | nil, body = text | nil, parameters =
-- name -> text }; schemas stay texts until they are asked for.
local function read_path(operations, line)
   local path, rest = line:match("^(%S+) (.*)$")
   local current
   for word in rest:gmatch("%S+") do
      local mark = word:sub(1, 1)
      if word:find("^%u+$") then
         current = { parameters = {} }
         operations[word .. " " .. path] = current
      elseif mark == ">" then
         current.answer = word:sub(2)
      elseif mark == "<" then
         current.body = word:sub(2)
      else
         local name, value = word:match("^(.*):([^:]*)$")
         current.parameters[name] = value
      end
   end
end

local files = {}

local function file_of(name)
   local file = files[name]
   if not file then
      file = { lines = {}, read = {}, operations = {}, responses = {}, requests = {} }
      local schemas, paths = require("twilio.schema." .. name):match("^(.*)\n\n(.*)$")
      for line in (schemas or ""):gmatch("[^\n]+") do file.lines[#file.lines + 1] = line end
      for line in (paths or ""):gmatch("[^\n]+") do read_path(file.operations, line) end
      files[name] = file
   end
   return file
end

--- The schema of an operation's answer.
-- @param name (string) the version's file: "api_v2010"
-- @param key (string) "POST /2010-04-01/Accounts/{}/Messages.json"
-- @return (table | nil) nil: it answers without a body
function schema.of_response(name, key)
   local file = file_of(name)
   local source = file.operations[key] and file.operations[key].answer
   if source and not file.responses[key] then file.responses[key] = read(file, source) end
   return file.responses[key]
end

local anything = { parameters = {} }

--- The constraints on an operation's requests, beyond the names and types of its parameters.
-- @return (table) { parameters = wire name -> schema, body = schema of a JSON body | nil }
function schema.of_request(name, key)
   local file = file_of(name)
   local source = file.operations[key]
   if not source then return anything end
   local request = file.requests[key]
   if not request then
      request = { parameters = {}, body = source.body and read(file, source.body) }
      for wire, text in pairs(source.parameters) do request.parameters[wire] = read(file, text) end
      file.requests[key] = request
   end
   return request
end

--- The operations that a version's file has something about, as their keys.
-- @return (array of strings) sorted
function schema.operations(name)
   local keys = {}
   for key in pairs(file_of(name).operations) do keys[#keys + 1] = key end
   table.sort(keys)
   return keys
end

--- A property of an object's schema by its snake_case name; of a choice, by its first
-- alternative's.
-- @return (table | nil) { name, field, schema }
function schema.property(of, field)
   while of and of.kind == "one" do of = of.choices[1] end
   for _, property in ipairs(of and of.properties or {}) do
      if property.field == field then return property end
   end
   return nil
end

return schema
