-- Writes what a version's answers look like and what its requests may say, as Lua source:
-- `operations` and `requests`, both by verb and path with blanked parameters, and the `schemas`
-- that these refer to. Must not know trees or the API data.

local document = require "openapi.document"
local request = require "openapi.request"
local schema_source = require "openapi.schema_source"
local sorted_keys = require("openapi.source").sorted_keys

local WIDTH = 120

-- Parts in lines no longer than WIDTH, unless one part is longer.
local function filled(parts, indent)
   local lines, line = {}, indent
   for i, part in ipairs(parts) do
      local text = part .. (i < #parts and "," or "")
      if line ~= indent and #line + 1 + #text > WIDTH then
         lines[#lines + 1] = line
         line = indent
      end
      line = line .. (line == indent and "" or " ") .. text
   end
   lines[#lines + 1] = line
   return table.concat(lines, "\n")
end

local function schema_line(doc, name, used)
   local parts, value = schema_source.parts(doc, doc.components.schemas[name], used)
   if value then return (' [%q] = %s,'):format(name, value) end
   local line = (" [%q] = { %s },"):format(name, table.concat(parts, ", "))
   if #line <= WIDTH then return line end
   return (" [%q] = {\n%s },"):format(name, filled(parts, "  "))
end

-- Schemas refer to others: go on until no new name turns up.
local function schema_lines(doc, used)
   local lines = {}
   repeat
      local missing = false
      for _, name in ipairs(sorted_keys(used)) do
         if not lines[name] then
            lines[name] = schema_line(doc, name, used)
            missing = true
         end
      end
   until not missing
   local out = {}
   for _, name in ipairs(sorted_keys(lines)) do out[#out + 1] = lines[name] end
   return out
end

-- The lines of what `render` makes of each operation; it may make nothing.
local function operation_lines(items, render)
   local out = {}
   for _, path in ipairs(sorted_keys(items)) do
      for _, verb in ipairs(document.verbs) do
         local op = items[path][verb]
         local text = op and render(items[path], op)
         if text then out[#out + 1] = (" [%q] = %s,"):format(verb:upper() .. " " .. path, text) end
      end
   end
   return out
end

-- The facts of these schemas and operations, as far as there are any.
local function fact_lines(facts, used, items)
   local out, mentioned = {}, {}
   for name in pairs(used) do mentioned[name] = true end
   for path, item in pairs(items) do
      for _, verb in ipairs(document.verbs) do
         if item[verb] then mentioned[verb:upper() .. " " .. path] = true end
      end
   end
   for _, name in ipairs(sorted_keys(facts)) do
      if mentioned[name] then out[#out + 1] = (" [%q] = %q,"):format(name, facts[name]) end
   end
   return out
end

-- head: the file's first line; items: blanked path -> path item; corrections: operation ->
-- parameter -> schema; facts: of openapi/learn.lua, by schema and by operation.
return function(head, doc, items, corrections, facts)
   local used = {}
   local operations = operation_lines(items, function(_, op)
      local _, schema = document.success(doc, op)
      return schema and schema_source.render(doc, schema, used)
   end)
   local requests = operation_lines(items, function(item, op)
      return request(doc, item, op, corrections[op.operationId] or {}, used)
   end)
   local schemas = schema_lines(doc, used)
   return table.concat({
      head, "return {", "operations = {", table.concat(operations, "\n"), "},",
      "requests = {", table.concat(requests, "\n"), "},",
      "schemas = {", table.concat(schemas, "\n"), "},",
      "facts = {", table.concat(fact_lines(facts, used, items), "\n"), "},", "}", "",
   }, "\n")
end
