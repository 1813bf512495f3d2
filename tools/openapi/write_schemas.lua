-- Writes what a version's answers look like and what its requests may say: `operations` and
-- `requests`, both by verb and path with blanked parameters, and the `schemas` that these refer to,
-- in the compact text of compact.lua. Must not know trees or the API data.

local compact = require "openapi.compact"
local document = require "openapi.document"
local request = require "openapi.request"
local schema_source = require "openapi.schema_source"
local sorted_keys = require("openapi.source").sorted_keys

-- The table or the text that Lua source of schema_source.lua means.
local function meaning(source) return assert((loadstring or load)("return " .. source))() end

-- Schemas refer to others: go on until no new name turns up.
local function named_schemas(doc, used)
   local schemas = {}
   repeat
      local missing = false
      for _, name in ipairs(sorted_keys(used)) do
         if not schemas[name] then
            local parts, value = schema_source.parts(doc, doc.components.schemas[name], used)
            schemas[name] = meaning(value or "{ " .. table.concat(parts, ", ") .. " }")
            missing = true
         end
      end
   until not missing
   return schemas
end

-- "GET /v2/Services" -> what `render` makes of each operation; it may make nothing.
local function of_operations(items, render)
   local out = {}
   for path, item in pairs(items) do
      for _, verb in ipairs(document.verbs) do
         local source = item[verb] and render(item, item[verb])
         if source then out[verb:upper() .. " " .. path] = meaning(source) end
      end
   end
   return out
end

-- The facts of these schemas, by the numbers of their lines, and of operations, as far as there
-- are any. number_of: schema -> number
local function fact_lines(facts, number_of, items)
   local out = {}
   for _, name in ipairs(sorted_keys(facts)) do
      local verb, path = name:match("^(%u+) (%S+)$")
      local is_operation = verb and items[path] and items[path][verb:lower()]
      local key = number_of[name] and tostring(number_of[name]) or is_operation and ("%q"):format(name)
      if key then out[#out + 1] = (" [%s] = %q,"):format(key, facts[name]) end
   end
   return table.concat(out, "\n")
end

-- head: the file's first line; items: blanked path -> path item; corrections: operation ->
-- parameter -> schema; facts: of openapi/learn.lua, by schema and by operation. Results: the texts
-- of the file of schemas, and of that of facts.
return function(head, doc, items, corrections, facts)
   local used = {}
   local data = {}
   data.operations = of_operations(items, function(_, op)
      local _, schema = document.success(doc, op)
      return schema and schema_source.render(doc, schema, used)
   end)
   data.requests = of_operations(items, function(item, op)
      return request(doc, item, op, corrections[op.operationId] or {}, used)
   end)
   data.schemas = named_schemas(doc, used)
   local text, number_of = compact.text(data)
   assert(not text:find("]==]", 1, true), "the text would end")
   return ("%s\nreturn [==[\n%s]==]\n"):format(head, text),
      table.concat({ head, "return {", fact_lines(facts, number_of, items), "}", "" }, "\n")
end
