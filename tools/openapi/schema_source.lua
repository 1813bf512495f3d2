-- The schema of a successful answer or a request, as Lua source: a string for a value and
-- a table for a structure. Enough to make answers that the OpenAPI files call valid, and to tell
-- which requests are; no descriptions, defaults or examples.
--
--   value  = KIND [ "?" nullable ] [ " " limits ]
--   KIND   = "string" | "integer" | "number" (limits: "1..64", "..64", "1..": of the length or of
--   the number), "boolean",
--            "date", "date-time", "rfc2822", "uri", "phone-number", "iso-country-code" ... (other
--            formats by their names),
--            "sid AC" ("sid SM|MM"), "pattern ^...$", "enum a|b|c", "uri-map" (an object: name ->
--            uri), "object", "any"
--   "=name" is the schema of that name in `schemas`
--   { "object", name = schema, ... }       [1] goes on with the names that must be there: "object?
--   sid status";
--                                         [2], where it is: the schema of any other field, or
--                                         false: there are none
--   { "array", schema }                    [1] goes on with the number of items: "array? 1..100"
--   { "one", schema, schema ... }           exactly one of these; "one?"
-- Must not know paths, operations or files.

local document = require "openapi.document"
local source = require "openapi.source"

local schema_source = {}

-- " 1..64" for a pair of bounds of which either may be missing; "" for none.
local function limits(low, high)
   if not low and not high then return "" end
   local function digits(n) return n and ("%.14g"):format(n) or "" end
   return (" %s..%s"):format(digits(low), digits(high))
end

-- "^VA[0-9a-fA-F]{32}$", "AC[0-9a-f]{32}", "^(SM|MM)[0-9a-fA-F]{32}$" -> "VA", "AC", "SM|MM"; or
-- nil
local function sid_of(pattern)
   local prefix, class = pattern:match("^%^?%(?([%u|]+)%)?%[(.-)%]{32}%$?$")
   return prefix and class:match("^0%-9a%-f") and prefix or nil
end

-- No length is below 0.
local function lengths(low, high) return limits(low ~= 0 and low or nil, high) end

local format_kinds = { ["date-time-rfc-2822"] = "rfc2822" }

local function string_value(schema, mark)
   if schema.enum then return ("enum%s %s"):format(mark, table.concat(schema.enum, "|")) end
   if schema.pattern then
      local sid = sid_of(schema.pattern)
      return sid and ("sid%s %s"):format(mark, sid) or ("pattern%s %s"):format(mark, schema.pattern)
   end
   local kind = schema.format and (format_kinds[schema.format] or schema.format) or "string"
   return kind .. mark .. lengths(schema.minLength, schema.maxLength)
end

local function number_value(schema, mark)
   return schema.type .. mark .. limits(schema.minimum, schema.maximum)
end

local values = {
   string = string_value,
   integer = number_value,
   number = number_value,
   boolean = function(_, mark) return "boolean" .. mark end,
}

-- allOf and what stands beside it, as one schema.
local function merged(doc, schema)
   local out = { properties = {}, required = {} }
   local function add(part)
      for name, value in pairs(part) do
         if name ~= "properties" and name ~= "required" and name ~= "allOf" then
            out[name] = value
         end
      end
      for name, property in pairs(part.properties or {}) do out.properties[name] = property end
      for _, name in ipairs(part.required or {}) do out.required[#out.required + 1] = name end
      for _, other in ipairs(part.allOf or {}) do add(document.resolve(doc, other)) end
   end
   add(schema)
   if not next(out.properties) then out.properties = nil end
   return out
end

-- One alternative with the fields that stand beside all of them.
local function alternative(doc, schema, choice)
   local rest = {}
   for name, value in pairs(schema) do
      if name ~= "oneOf" then rest[name] = value end
   end
   return merged(doc, { allOf = { rest, choice } })
end

local render

local function required_names(schema)
   local names, seen = {}, {}
   for _, name in ipairs(schema.required or {}) do
      if not seen[name] then names[#names + 1] = name end
      seen[name] = true
   end
   table.sort(names)
   return #names > 0 and " " .. table.concat(names, " ") or ""
end

-- The parts between an object's braces.
local function object_parts(doc, schema, mark, used)
   local parts = { ("%q"):format("object" .. mark .. required_names(schema)) }
   local extra = schema.additionalProperties
   if extra == false then
      parts[2] = "false"
   elseif type(extra) == "table" and next(extra) then
      parts[2] = render(doc, extra, used)
   end
   for _, name in ipairs(source.sorted_keys(schema.properties or {})) do
      parts[#parts + 1] = ("%s = %s"):format(
         source.key(name), render(doc, schema.properties[name], used))
   end
   return parts
end

local function one_parts(doc, schema, mark, used)
   local parts = { ("%q"):format("one" .. mark) }
   for _, choice in ipairs(schema.oneOf) do
      local beside = schema.properties and alternative(doc, schema, choice) or choice
      parts[#parts + 1] = render(doc, beside, used)
   end
   return parts
end

-- A schema that isn't a reference: the parts of a table, or one value.
local function parts_of(doc, schema, used)
   if schema.allOf then schema = merged(doc, schema) end
   local mark = schema.nullable == true and "?" or ""
   if schema.oneOf then return one_parts(doc, schema, mark, used) end
   if schema.type == "array" then
      local head = "array" .. mark .. lengths(schema.minItems, schema.maxItems)
      return { ("%q"):format(head), render(doc, schema.items or {}, used) }
   end
   if schema.format == "uri-map" then return nil, "uri-map" .. mark end
   if schema.type == "object" or schema.properties then
      local parts = object_parts(doc, schema, mark, used)
      if #parts > 1 or #(schema.required or {}) > 0 then return parts end
      return nil, "object" .. mark
   end
   local value = values[schema.type]
   return nil, value and value(schema, mark) or "any"
end

function render(doc, schema, used)
   local name = schema["$ref"] and schema["$ref"]:match("^#/components/schemas/([^/]+)$")
   if name then
      used[name] = true
      return ("%q"):format("=" .. name)
   end
   local parts, value = parts_of(doc, document.resolve(doc, schema), used)
   return parts and "{ " .. table.concat(parts, ", ") .. " }" or ("%q"):format(value)
end

-- Lua source of a schema. used: a set to which the names of the schemas it refers to are added.
schema_source.render = render

-- The same for a schema of `schemas`, as the parts between the braces of a table, or nil and the
-- source of a value.
function schema_source.parts(doc, schema, used)
   local parts, value = parts_of(doc, document.resolve(doc, schema), used)
   return parts, value and ("%q"):format(value)
end

return schema_source
