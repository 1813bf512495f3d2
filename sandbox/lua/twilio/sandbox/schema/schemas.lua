-- sandbox/schema/schemas.lua: the schemas of answers and requests: the library's own
-- (lua/twilio/schema, read by call/schema.lua), so that help, types and sandbox say the same.
--
-- Beside those of answers stand the facts that the API's examples tell (facts.lua): a property has
-- its `fact`, an object the fields that only examples show. The library's schemas are shared, so
-- they are copied for that. Must not know how answers are filled (answer.lua), nor requests checked
-- (check.lua).

local facts = require "twilio.sandbox.schema.facts"
local operation = require "twilio.call.operation"
local schema = require "twilio.call.schema"

local schemas = { of_request = schema.of_request, property = schema.property }

-- Anything that only examples show.
local function unnamed(fact)
   local kind = fact.kind == "null" and "any" or fact.kind
   return { kind = kind == "object" and "object" or "any", nullable = true, fact = fact }
end

local function by_name(a, b) return a.name < b.name end

local decorate

local function decorate_object(file, out, of, fact)
   local known = {}
   out.properties = {}
   for i, property in ipairs(of.properties) do
      local own = fact and fact.by_name and fact.by_name[property.name]
      known[property.name] = true
      out.properties[i] = {
         name = property.name, field = property.field, fact = own,
         schema = decorate(file, property.schema, own),
      }
   end
   for _, member in ipairs(fact and of.extra == nil and fact.members or {}) do
      if not known[member.name] then
         out.properties[#out.properties + 1] = {
            name = member.name, field = operation.snake(member.name), fact = member.fact,
            schema = unnamed(member.fact),
         }
      end
   end
   table.sort(out.properties, by_name)
end

-- A fact about all choices adds no fields to each of them, as fields tell them apart.
local function decorate_choices(file, out, of, fact)
   local shared = fact and fact.by_name and { by_name = fact.by_name }
   out.choices = {}
   for i, choice in ipairs(of.choices) do out.choices[i] = decorate(file, choice, shared) end
end

-- A copy with the facts: those of the schema's own line, whoever leads to it, or the given ones.
-- Schemas may hold themselves: one that is being copied is found again in `open`.
function decorate(file, of, fact)
   local words = of.line and file.facts[of.line]
   if words and file.copies[of.line] then return file.copies[of.line] end
   if file.open[of] then return file.open[of] end
   if words then fact = facts.read(words) end
   local out = {}
   for key, value in pairs(of) do out[key] = value end
   if words then file.copies[of.line] = out end
   file.open[of] = out
   if of.properties then decorate_object(file, out, of, fact)
   elseif of.items then out.items = decorate(file, of.items, fact and fact.item)
   elseif of.choices then decorate_choices(file, out, of, fact)
   elseif not of.line then out.fact = fact end
   file.open[of] = nil
   return out
end

local files = {}

local function file_of(name)
   files[name] = files[name] or {
      facts = require("twilio.sandbox.schema.api." .. name), copies = {}, open = {}, responses = {},
   }
   return files[name]
end

--- The schema of an operation's answer, with the facts about it; see call/schema.lua.
-- @return (table | nil) nil: it answers without a body
function schemas.of_response(name, key)
   local file = file_of(name)
   local known = file.responses[key]
   if known then return known end
   local of, words = schema.of_response(name, key), file.facts[key]
   if of then file.responses[key] = decorate(file, of, words and facts.read(words)) end
   return file.responses[key]
end

return schemas
