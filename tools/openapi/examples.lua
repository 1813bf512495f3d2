-- The example answers of the OpenAPI files, and the example requests of the same name: what
-- tools/fidelity replays, and what the sandbox's facts are learnt from (openapi/learn.lua).
--
-- lua-cjson reads [] and {} as the same table, and here the difference is a fact: empty arrays are
-- json.empty_array. Nulls are cjson.null. Must not know the sandbox, or what is made of examples.

local cjson = require "cjson"
local document = require "openapi.document"
local json = require "openapi.json"
local sorted_keys = require("openapi.source").sorted_keys
local sources = require "openapi.sources"

local examples = {}

local MARK = "\1" -- an item that no JSON text of the files has

-- A JSON text with an item in each empty array.
local function mark_empty_arrays(text)
   local out, kept, at = {}, 1, 1
   while true do
      local from, _, what = text:find('(["%[])', at)
      if not from then break end
      if what == '"' then
         at = from + 1
         repeat
            local stop, _, escape = text:find('(["\\])', at)
            at = stop + (escape == "\\" and 2 or 1)
         until escape == '"'
      else
         local last = text:match("^%s*()%]", from + 1)
         at = last or from + 1
         if last then
            out[#out + 1] = text:sub(kept, from) .. '"\\u0001"'
            kept = last
         end
      end
   end
   out[#out + 1] = text:sub(kept)
   return table.concat(out)
end

local function restore(value)
   if type(value) ~= "table" then return value end
   if value[1] == MARK then return json.empty_array end
   for key, member in pairs(value) do value[key] = restore(member) end
   return value
end

--- Decodes a JSON text.
-- @return the value; empty arrays are json.empty_array, nulls cjson.null
function examples.decode(text) return restore(cjson.decode(mark_empty_arrays(text))) end

--- Returns true for a JSON array.
function examples.is_array(value)
   return value == json.empty_array or (type(value) == "table" and value[1] ~= nil)
end

--- The JSON type of a value.
-- @return (string) "null", "boolean", "number", "string", "array" or "object"
function examples.type_of(value)
   if value == cjson.null then return "null" end
   if type(value) ~= "table" then return type(value) end
   return examples.is_array(value) and "array" or "object"
end

-- The value of a table that has just one.
local function only(t)
   local key, value = next(t)
   return key and not next(t, key) and value or nil
end

local function add_answers(list, doc, name, path, verb, op)
   local requests = {}
   for _, content in pairs(document.resolve(doc, op.requestBody).content or {}) do
      requests = content.examples or requests
   end
   for _, status in ipairs(sorted_keys(op.responses)) do
      local response = document.resolve(doc, op.responses[status])
      for _, media in ipairs(sorted_keys(response.content or {})) do
         local content = response.content[media]
         for _, title in ipairs(sorted_keys(content.examples or {})) do
            local answer = document.resolve(doc, content.examples[title]).value
            if status:match("^2") and type(answer) == "table" then
               list[#list + 1] = {
                  file = name, doc = doc, path = path, verb = verb, op = op,
                  status = tonumber(status), name = title, value = answer, schema = content.schema,
                  request = document.resolve(doc, requests[title] or only(requests)).value,
               }
            end
         end
      end
   end
end

--- The examples of a document, sorted by path, verb, status and name.
-- @param name (string) of the document: "api_v2010"
-- @param doc (table) of examples.decode
-- @return (array) { file, doc, path, verb, op, status, name, value, schema, request | nil }
function examples.of_document(name, doc)
   local list = {}
   for _, path in ipairs(sorted_keys(doc.paths)) do
      for _, verb in ipairs(document.verbs) do
         local op = doc.paths[path][verb]
         if op then add_answers(list, doc, name, path, verb, op) end
      end
   end
   return list
end

--- The documents of a folder that the overlay doesn't skip, as decode gives them.
-- @return (table) name -> document
function examples.documents(folder, overlay)
   return (sources.files(folder, overlay, examples.decode))
end

return examples
