-- One operation of an OpenAPI document as one string of the data format (docs/architecture.md, "The
-- API as data"). Must not know paths, resources or files.

local body = require "openapi.body"
local document = require "openapi.document"
local names = require "openapi.names"

local operation = {}

local letter_of_type = { boolean = "b", integer = "i", number = "n", object = "j" }
local letter_of_format = { date = "d", ["date-time"] = "t" }

-- Text that holds more than text, which the files tell in words only: JSON (x), or a list joined by
-- commas (c).
local function letter_of_text(description)
   if description:find("%f[%a][Jj][Ss][Oo][Nn]%f[%A]") then return "x" end
   if description:find("%f[%a][Cc]omma%f[%A]") then return "c" end
   return ""
end

-- The suffix that tells how a value is written: "", ":b", "[]", "[]:j" ... letters: parameter ->
-- letter of text, of the overlay.
local function type_suffix(doc, schema, name, description, letters)
   schema = document.resolve(doc, schema)
   description = schema.description or description or ""
   if schema.type == "array" then
      local suffix = type_suffix(doc, schema.items, name, description, letters)
      return "[]" .. (suffix == ":c" and "" or suffix) -- its items are
   end
   local prefix = tostring(schema.format):match("^prefixed%-collapsible%-map%-(.+)$")
   if prefix then
      assert(name == prefix .. "Data", name .. ": the prefix can't be told from the name")
      return ":m"
   end
   local letter = letter_of_type[schema.type] or letter_of_format[schema.format]
   if not letter and not schema.type then letter = "j" end
   if not letter and not schema.enum then letter = letters[name] or letter_of_text(description) end
   return letter and letter ~= "" and ":" .. letter or ""
end

local function add(list, mark, name, suffix, required)
   list[#list + 1] = {
      name = name, required = required == true,
      text = mark .. name .. suffix .. (required == true and "!" or ""),
   }
end

-- The default place of parameters, by the verb: the query for GET and DELETE, the form for the
-- rest.
local function mark_of(place, verb)
   if place == "header" then return "^" end
   if verb == "get" or verb == "delete" then return "" end
   return "?"
end

local function collect(doc, item, op, verb, letters)
   local list = {}
   for _, p in ipairs(document.parameters(doc, item, op)) do
      if p["in"] ~= "path" then
         add(
            list, mark_of(p["in"], verb), p.name,
            type_suffix(doc, p.schema, p.name, p.description, letters), p.required)
      end
   end
   local content, form = document.body(doc, op)
   local required = {}
   for _, name in ipairs(form and form.required or {}) do required[name] = true end
   for name, schema in pairs(form and form.properties or {}) do
      add(list, "", name, type_suffix(doc, schema, name, nil, letters), required[name])
   end
   return list, content
end

-- Parameter1.Name ... Parameter99.Name become Parameter#.Name: the 99th stands for all, the others
-- go.
local function fold_numbered(list)
   local have, out = {}, {}
   for _, p in ipairs(list) do have[p.name] = true end
   local function all_of(before, after)
      for i = 1, 99 do
         if not have[before .. i .. after] then return false end
      end
      return true
   end
   for _, p in ipairs(list) do
      local before, number, after = p.name:match("^(%a+)(%d+)(%..+)$")
      if not number or not all_of(before, after) then
         out[#out + 1] = p
      elseif number == "99" then
         out[#out + 1] = {
            name = before .. "#" .. after, required = false, text = (p.text:gsub("99", "#", 1)),
         }
      end
   end
   return out
end

local page_parameters = { ["PageSize:i"] = true, ["Page:i"] = true, PageToken = true }

-- PageSize, Page and PageToken become the mark @page where all three are there.
local function fold_page(list)
   local out = {}
   for _, p in ipairs(list) do
      if not page_parameters[p.text] then out[#out + 1] = p end
   end
   if #list - #out == 3 then return out, true end
   return list, false
end

local function required_first(a, b)
   if a.required ~= b.required then return a.required end
   return a.name < b.name
end

local function array_key(doc, schema)
   local found
   for name, property in pairs(schema.properties or {}) do
      if name ~= "schemas" and document.resolve(doc, property).type == "array" then
         assert(not found, "two arrays in one page")
         found = name
      end
   end
   return assert(found, "no array in a page")
end

-- Finds how a list's pages follow each other, from the fields of a page and the parameters that ask
-- for the next one.
local function paging_mark(doc, schema, have)
   local key = array_key(doc, schema)
   local fields = schema.properties
   local meta = document.resolve(doc, fields.meta).properties or {}
   local style = "plain"
   if have.pageToken then style = "token"
   elseif meta.next_token then style = "next_token"
   elseif meta.next_page_url then style = "meta"
   elseif fields.next_page_uri then style = "uri"
   elseif fields.has_next then style = "results" end
   return ("@%s=%s"):format(style, key)
end

local page_sizes = { "PageSize", "pageSize", "Size" }
local USUAL_MOST = 1000

-- The most that a page of a list holds, where that isn't the usual.
local function size_mark(doc, item, op)
   for _, p in ipairs(document.parameters(doc, item, op)) do
      for _, name in ipairs(page_sizes) do
         local most = p.name == name and document.resolve(doc, p.schema).maximum
         if most and most ~= USUAL_MOST then return ("@max=%d"):format(most) end
      end
   end
end

local function security_mark(doc, op)
   local schemes = op.security or doc.security
   local name = schemes[1] and next(schemes[1])
   if not name then return "@none" end
   if doc.components.securitySchemes[name].type == "oauth2" then return "@oauth" end
end

local function body_mark(content, success_kind, override)
   if content["application/scim+json"] or success_kind == "application/scim+json" then
      return "@scim"
   end
   if override or (
      content["application/json"] and not content["application/x-www-form-urlencoded"]) then
      return "@json"
   end
end

-- The members of a JSON body: "{name ...}", or nil.
local function members_of(doc, content, override)
   if override then return body.of_names(override) end
   local media = not content["application/x-www-form-urlencoded"]
      and (content["application/json"] or content["application/scim+json"])
   return media and media.schema and body.members(doc, media.schema) or nil
end

-- "at least one of": the files name the parameters in snake case, the data by their wire names.
local function any_marks(op, list, words)
   local wire = {}
   for _, p in ipairs(list) do wire[names.snake(p.name)] = p.name end
   for _, group in ipairs((op["x-twilio"] or {}).conditional or {}) do
      local members = {}
      for _, name in ipairs(group) do members[#members + 1] = assert(wire[name], name) end
      words[#words + 1] = "@any=" .. table.concat(members, "|")
   end
end

local usual_status = { create = 201, delete = 204 }

-- The method's name: the operation id's first word; whatever isn't one of the five is a list.
local methods = { create = true, fetch = true, update = true, patch = true, delete = true }
function operation.method(op)
   local word = op.operationId:lower():match("^[a-z]+")
   for method in pairs(methods) do
      if word:sub(1, #method) == method then return method end
   end
   return "list"
end

-- The operation as data. doc: the whole document; item: its path item; verb: "get" ...; overlay:
-- tools/overlay.lua; file: the document's name there, or nil.
function operation.text(doc, item, verb, overlay, file)
   local op = item[verb]
   local method = operation.method(op)
   local list, content = collect(doc, item, op, verb, overlay.texts[file] or {})
   local status, schema, kind = document.success(doc, op)
   local have = {}
   for _, p in ipairs(list) do have[p.name] = true end
   local words = { verb:upper() }
   words[#words + 1] = body_mark(content, kind, overlay.body[op.operationId])
   words[#words + 1] = security_mark(doc, op)
   if method == "list" then
      words[#words + 1] = paging_mark(doc, document.resolve(doc, schema), have)
      words[#words + 1] = size_mark(doc, item, op)
   end
   local rest, paged = fold_page(fold_numbered(list))
   if paged then words[#words + 1] = "@page" end
   if status ~= (usual_status[method] or 200) then words[#words + 1] = "@" .. status end
   any_marks(op, list, words)
   table.sort(rest, required_first)
   for _, p in ipairs(rest) do words[#words + 1] = p.text end
   words[#words + 1] = members_of(doc, content, overlay.body[op.operationId])
   return table.concat(words, " ")
end

return operation
