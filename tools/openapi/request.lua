-- The constraints on requests beyond what the API data tells (names, places, types, what is
-- required of a query or a form), as Lua source:
--
--   { body, Name = schema, ... }     body: the schema of a JSON body; Name: of a parameter by its
--   wire name
--
-- The schemas are those of schema_source.lua, and "words a|b": a text whose values are told in
-- words (known_values.lua). Only those are written that can be broken: a plain text isn't there,
-- nor are dates, booleans and JSON, which the data's types tell, nor numbers that steer a list's
-- pages. Of the headers only Twilio's own: the others belong to HTTP. Must not know paths or files.

local document = require "openapi.document"
local known_values = require "openapi.known_values"
local schema_source = require "openapi.schema_source"
local source = require "openapi.source"

-- Pages are the list's matter, not the request's: all clients ask for more records than some lists
-- give at once, and get fewer.
local paging = {
   Page = true, PageSize = true, PageToken = true, Size = true, Token = true, page = true,
   pageSize = true, pageToken = true,
}

local telling = { enum = true, sid = true, pattern = true, uri = true, ["iso-country-code"] = true,
   words = true }

-- Returns true if a text or a number can break this schema.
local function is_telling(text)
   local kind, rest = text:match('"([%w-]+)%??([^"]*)"')
   return kind ~= "array" and (telling[kind] or rest:match("^ %d*%.%.%d*$") ~= nil)
end

-- The values of a plain text that are told in words: '"words mono|dual"', or nil.
local function words_source(text, description)
   local values = text:find('^"string%??"$') and known_values(description)
   return values and ("%q"):format("words " .. table.concat(values, "|")) or nil
end

local function parameter_source(doc, schema, description)
   schema = document.resolve(doc, schema)
   local items = schema.type == "array" and document.resolve(doc, schema.items)
   local text = schema_source.render(doc, items or schema, {})
   text = words_source(text, schema.description or description) or text
   if not is_telling(text) then return nil end
   return items and ('{ "array", %s }'):format(text) or text
end

-- The schemas of query, headers and form, by wire name; and what is said of them.
local function schemas(doc, item, op)
   local out, descriptions = {}, {}
   for _, p in ipairs(document.parameters(doc, item, op)) do
      local is_own = p["in"] == "query" and not paging[p.name]
         or p["in"] == "header" and p.name:match("^X%-")
      if is_own then out[p.name], descriptions[p.name] = p.schema, p.description end
   end
   local _, form = document.body(doc, op)
   for name, schema in pairs(form and form.properties or {}) do out[name] = schema end
   return out, descriptions
end

local function body_schema(doc, op)
   local content, form = document.body(doc, op)
   local media = not form and (content["application/json"] or content["application/scim+json"])
   return media and media.schema
end

-- Lua source of what an operation's requests may say; nil: whatever the data allows. corrections:
-- parameter -> schema, instead of the files'; used: a set to which the names of schemas that are
-- referred to are added.
return function(doc, item, op, corrections, used)
   local parts, body = {}, body_schema(doc, op)
   if body then parts[1] = schema_source.render(doc, body, used) end
   local all, descriptions = schemas(doc, item, op)
   for _, name in ipairs(source.sorted_keys(all)) do
      local text = parameter_source(doc, corrections[name] or all[name], descriptions[name])
      if text then parts[#parts + 1] = ("%s = %s"):format(source.key(name), text) end
   end
   return #parts > 0 and "{ " .. table.concat(parts, ", ") .. " }" or nil
end
