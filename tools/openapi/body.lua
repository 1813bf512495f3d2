-- The members of a JSON body as the braces at the end of an operation's string
-- (docs/architecture.md, "The API as data"): names in the wire's spelling, and what is below them.
--
--   {displayName statusCallbacks[]{method url} channelSettings*{captureRules[]} occurredAt:t}
--
-- Alternatives (oneOf, anyOf) are one object with the members of all. An object whose members the
-- file doesn't tell is left as it is, like any plain value. Must not know parameters or paths.

local document = require "openapi.document"
local names = require "openapi.names"
local sorted_keys = require("openapi.source").sorted_keys

local body = {}

local MOST_LEVELS = 20 -- a schema that holds itself has no end

-- A schema, its parts (allOf) and its alternatives as a list of schemas without any.
local function flatten(doc, schema, list)
   schema = document.resolve(doc, schema)
   list[#list + 1] = schema
   for _, kind in ipairs { "allOf", "oneOf", "anyOf" } do
      for _, part in ipairs(schema[kind] or {}) do flatten(doc, part, list) end
   end
   return list
end

-- Gathers what several schemas of one place say.
local function collect(schemas, read)
   local found = {}
   for _, schema in ipairs(schemas) do found[#found + 1] = read(schema) end
   return #found > 0 and found or nil
end

local render

local function render_object(doc, schemas, level)
   local members, by_name, words = {}, {}, {}
   for _, schema in ipairs(schemas) do
      if schema.additionalProperties == true
         or (schema.properties and type(schema.additionalProperties) == "table") then
         words[1] = "*"
      end
      for name, property in pairs(schema.properties or {}) do
         members[name] = members[name] or {}
         table.insert(members[name], property)
      end
   end
   for _, name in ipairs(sorted_keys(members)) do
      local snake = names.snake(name)
      assert(not by_name[snake], "two members of one name: " .. snake)
      assert(
         not (members[snake] and snake ~= name),
         "a member is called as another one is spelt: " .. snake)
      assert(not name:find("[%s%[%]{}*:]"), "a name that the format can't hold: " .. name)
      by_name[snake] = true
      words[#words + 1] = name .. render(doc, { oneOf = members[name] }, level + 1)
   end
   return "{" .. table.concat(words, " ") .. "}"
end

local letter_of_format = { date = "d", ["date-time"] = "t" }

local function has_properties(schema)
   return schema.properties and next(schema.properties) and schema or nil
end

local function values_of(schema)
   return type(schema.additionalProperties) == "table" and schema.additionalProperties or nil
end

local function items_of(schema) return schema.type == "array" and (schema.items or {}) or nil end

function render(doc, schema, level)
   assert(level < MOST_LEVELS, "a schema that holds itself")
   local schemas = flatten(doc, schema, {})
   if collect(schemas, has_properties) then return render_object(doc, schemas, level) end
   local values, items = collect(schemas, values_of), collect(schemas, items_of)
   if values then return "*" .. render(doc, { oneOf = values }, level + 1) end
   if items then return "[]" .. render(doc, { oneOf = items }, level + 1) end
   local letters = collect(schemas, function(s) return letter_of_format[s.format] end)
   return letters and ":" .. letters[1] or ""
end

-- The braces, or nil where any member may stand. schema: of the body, maybe a reference.
function body.members(doc, schema)
   local text = render(doc, schema, 0)
   assert(text == "" or text:sub(1, 1) == "{", "a body that isn't an object")
   return text ~= "" and text or nil
end

-- The same of names that the overlay gives.
function body.of_names(list)
   return #list > 0 and "{" .. table.concat(list, " ") .. "}" or nil
end

return body
