-- A version's schemas as one compact text, which lua/twilio/call/schema.lua reads
-- (docs/architecture.md, "The schemas", has the language).
--
-- In: the tables that the Lua source of schema_source.lua and request.lua means. Each different
-- schema is one line, which others name by its number; most are used by several operations. Must
-- not know OpenAPI or paths.

local sorted_keys = require("openapi.source").sorted_keys

local compact = {}

-- The commonest kinds are a letter, most of them the API data's own.
local letters = {
   string = "s", boolean = "b", integer = "i", number = "n", date = "d", ["date-time"] = "t",
   rfc2822 = "r", uri = "u",
}

-- Marks of kinds that hold more than bounds.
local marks = { sid = "$", enum = "|", pattern = "~", words = "*" }

local function split_head(text)
   local kind, nullable, rest = text:match("^([%w_-]+)(%??) ?(.*)$")
   return kind, nullable, rest
end

local function value(text)
   local kind, nullable, rest = split_head(text)
   if not marks[kind] then assert(rest:find("^[%d.]*$"), "no bounds: " .. text) end
   assert(letters[kind] or kind:find("^[%a_-][%a_-]+$"), "no name of a kind: " .. kind)
   return nullable .. (marks[kind] or letters[kind] or kind) .. rest
end

-- The names in a table that has other things under numbers.
local function names_of(t)
   local names = {}
   for name in pairs(t) do
      if type(name) == "string" then names[name] = true end
   end
   return sorted_keys(names)
end

-- Values that can't stand within a line: their text may hold what ends it there.
local function needs_line(text) return text:find("^%??~") or not text:find("^[%w_|*$?.+-]*$") end

local LONG_ENUM = 14 -- bytes; a longer one is shorter by its number when it is used twice

local Writer = {}
Writer.__index = Writer

-- A line's reference: "=12".
function Writer:line(text)
   if not self.number_of[text] then
      self.lines[#self.lines + 1] = text
      self.number_of[text] = #self.lines
   end
   return "=" .. self.number_of[text]
end

function Writer:object(schema, nullable, required)
   local is_required, parts = {}, {}
   for name in required:gmatch("%S+") do is_required[name] = true end
   if schema[2] ~= nil then parts[1] = schema[2] and "+" .. self:schema(schema[2]) or "-" end
   for _, name in ipairs(names_of(schema)) do
      assert(not name:find("[,!%s]"), "a name that the format can't hold: " .. name)
      local bang = is_required[name] and "!" or ""
      parts[#parts + 1] = name .. bang .. ":" .. self:schema(schema[name])
   end
   return nullable .. "{" .. table.concat(parts, ",") .. "}"
end

-- The text of a schema, on a line of its own.
function Writer:whole(schema)
   if type(schema) == "string" then
      local name = schema:match("^=(.*)$")
      return name and self:named(name) or value(schema)
   end
   local kind, nullable, rest = split_head(schema[1])
   if kind == "object" then return self:object(schema, nullable, rest) end
   local parts = {}
   for i = 2, #schema do parts[#parts + 1] = self:schema(schema[i]) end
   if kind == "array" then return nullable .. "[" .. parts[1] .. "]" .. rest end
   return nullable .. "(" .. table.concat(parts, ",") .. ")"
end

-- The same, within a line.
function Writer:schema(schema)
   local text = self:whole(schema)
   if text:find("^=") then return text end
   local is_object = text:find("^%??[{(]")
   local is_long = text:find("^%??[|*]") and #text > LONG_ENUM
   return (is_object or is_long or needs_line(text) and not text:find("^%??%[")) and self:line(text)
      or text
end

-- Schemas may hold themselves: a named one has its number before it is read.
function Writer:named(name)
   if not self.names[name] then
      self.lines[#self.lines + 1] = false
      local number = #self.lines
      self.names[name] = "=" .. number
      local text = self:whole(assert(self.schemas[name], name))
      self.lines[number] = text
      self.number_of[text] = self.number_of[text] or number
   end
   return self.names[name]
end

function Writer:request(request, words)
   if request[1] then words[#words + 1] = "<" .. self:schema(request[1]) end
   for _, name in ipairs(names_of(request)) do
      words[#words + 1] = name .. ":" .. self:schema(request[name])
   end
end

-- "GET /v2/Services" -> path -> verbs, sorted
local function by_path(...)
   local paths = {}
   for _, operations in ipairs { ... } do
      for key in pairs(operations) do
         local verb, path = key:match("^(%u+) (%S+)$")
         paths[path] = paths[path] or {}
         paths[path][verb] = key
      end
   end
   return paths
end

--- The text of a version's schemas.
-- @param data (table) { operations, requests, schemas }
-- @return (string) lines: those of the schemas, an empty one, those of the paths; (table) name of a
--    schema -> number of its line
function compact.text(data)
   local writer = setmetatable({
      lines = {}, number_of = {}, names = {}, schemas = data.schemas,
   }, Writer)
   local paths, out = by_path(data.operations, data.requests), {}
   for _, path in ipairs(sorted_keys(paths)) do
      local words = { path }
      for _, verb in ipairs(sorted_keys(paths[path])) do
         local key = paths[path][verb]
         words[#words + 1] = verb
         local answer = data.operations[key]
         if answer then words[#words + 1] = ">" .. writer:schema(answer) end
         writer:request(data.requests[key] or {}, words)
      end
      out[#out + 1] = table.concat(words, " ")
   end
   local numbers = {}
   for name, reference in pairs(writer.names) do numbers[name] = tonumber(reference:sub(2)) end
   return table.concat(writer.lines, "\n") .. "\n\n" .. table.concat(out, "\n") .. "\n", numbers
end

return compact
