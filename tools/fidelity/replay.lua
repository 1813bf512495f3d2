-- Asks a sandbox for what an example of the OpenAPI files answers: makes what the request is about
-- (parents, the resource itself), and sends the request of the example.
--
-- A request says what the example's own request says; of that which it must say and the example
-- doesn't tell, what the answer shows. Must not know how answers are compared.

local cjson = require "cjson"
local core = require "twilio.core"
local document = require "openapi.document"
local examples = require "openapi.examples"
local model = require "twilio.call.model"
local names = require "openapi.names"
local sorted_keys = require("openapi.source").sorted_keys

local replay = {}

local ACCOUNT = "AC" .. ("a"):rep(32)
local MOST_TRIES = 60
local FORM = "application/x-www-form-urlencoded"

-- Sample values -----------------------------------------------------------------------------------

local by_format = {
   ["date-time"] = "2026-01-02T03:04:05Z", date = "2026-01-02", uri = "https://example.com/hook",
   ["phone-number"] = "+15558675310", ["iso-country-code"] = "US", email = "someone@example.com",
}

-- A schema with all of its parts (allOf) as one.
local function merged(doc, schema)
   local out = { properties = {}, required = {} }
   local function add(part)
      part = document.resolve(doc, part)
      for name, value in pairs(part) do
         if name ~= "properties" and name ~= "required" then out[name] = out[name] or value end
      end
      for name, property in pairs(part.properties or {}) do out.properties[name] = property end
      for _, name in ipairs(part.required or {}) do out.required[#out.required + 1] = name end
      for _, inner in ipairs(part.allOf or {}) do add(inner) end
   end
   add(schema)
   return out
end

local sample

local function sample_object(doc, schema)
   local out = {}
   for _, name in ipairs(schema.required) do
      out[name] = sample(doc, schema.properties[name] or {})
   end
   return out
end

local function sample_array(doc, schema)
   local out = {}
   for i = 1, math.max(1, schema.minItems or 1) do out[i] = sample(doc, schema.items or {}) end
   return out
end

function sample(doc, schema)
   schema = merged(doc, schema)
   local choices = schema.oneOf or schema.anyOf
   if choices then return sample(doc, choices[1]) end
   if schema.example ~= nil then return schema.example end
   if schema.enum then return schema.enum[1] end
   local prefix = (schema.pattern or ""):match("^%^?%(?(%u%u)[|%[)]")
   if prefix then return prefix .. ("a"):rep(32) end
   if schema.type == "array" then return sample_array(doc, schema) end
   if schema.type == "object" or next(schema.properties) then return sample_object(doc, schema) end
   if schema.type == "boolean" then return true end
   if schema.type == "integer" or schema.type == "number" then return schema.minimum or 1 end
   return by_format[schema.format] or ("x"):rep(math.max(1, schema.minLength or 1))
end

local function text_of(value)
   return type(value) == "number" and ("%.14g"):format(value) or tostring(value)
end

-- Presuppositions ---------------------------------------------------------------------------------

local API = "https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT
local SENDER = "PN" .. ("a"):rep(32)

local function add(box, url, fields) pcall(box.add, box, url, fields) end

local function add_number(box, sid)
   add(box, ("%s/IncomingPhoneNumbers/%s.json"):format(API, sid))
end

-- Parameter -> function(box, what it names, URL of the request): adds the resource that an example
-- names and doesn't make.
local named = {
   MessagingServiceSid = function(box, sid)
      local service = "https://messaging.twilio.com/v1/Services/" .. sid
      add(box, service)
      add(box, service .. "/PhoneNumbers/" .. SENDER, { phone_number = "+14155550123" })
   end,
   ContentSid = function(box, sid) add(box, "https://content.twilio.com/v1/Content/" .. sid) end,
   PhoneNumberSid = add_number,
   ShortCodeSid = function(box, sid)
      add(box, ("%s/SMS/ShortCodes/%s.json"):format(API, sid))
   end,
   FactorSid = function(box, sid, url)
      add(box, url:match("^(.*/Entities/[^/]*)") .. "/Factors/" .. sid,
         { status = "verified", factor_type = "push" })
   end,
   BuildSid = function(box, sid, url)
      add(box, url:match("^(.*/Services/[^/]*)") .. "/Builds/" .. sid, { status = "completed" })
   end,
   FunctionVersions = function(box, sid, url)
      add(box, url:match("^(.*/Services/[^/]*)") .. "/Functions/ZH" .. ("a"):rep(32)
         .. "/Versions/" .. sid)
   end,
   AssetVersions = function(box, sid, url)
      add(box, url:match("^(.*/Services/[^/]*)") .. "/Assets/ZH" .. ("b"):rep(32)
         .. "/Versions/" .. sid)
   end,
}

local function presuppose(box, given, url)
   for _, name in ipairs(sorted_keys(given)) do
      local value = given[name]
      for _, sid in ipairs(type(value) == "table" and value or { value }) do
         if named[name] and type(sid) == "string" then named[name](box, sid, url) end
      end
   end
   -- Examples of TaskRouter have a word instead of a workflow's configuration.
   if given.Configuration and url:find("/Workflows", 1, true) then
      given.Configuration = [[{ "task_routing": { "default_filter": { "queue": "WQ]]
         .. ("a"):rep(32) .. [[" } } }]]
   end
   -- The file has "whatsapp:" as digits: "94287277+15558675310".
   if type(given.To) == "string" then given.To = given.To:gsub("^%d+%+", "whatsapp:+") end
   -- Examples have one number for everything.
   if given.From ~= nil and given.From == given.To then given.From = "+14155550100" end
end

-- Requests ----------------------------------------------------------------------------------------

local function push(out, name, value)
   if value == cjson.null then return end
   if type(value) == "table" and value[1] ~= nil then
      for _, item in ipairs(value) do push(out, name, item) end
   elseif type(value) == "table" then
      out[#out + 1], out[#out + 2] = name, value == require("openapi.json").empty_array and ""
         or cjson.encode(value)
   else
      out[#out + 1], out[#out + 2] = name, text_of(value)
   end
end

local function form_of(given)
   local out = {}
   for _, name in ipairs(sorted_keys(given)) do push(out, name, given[name]) end
   return core.form_encode(out)
end

-- The fields of a form: the example's request, and what is required, as the answer shows it.
local function form_values(doc, op, request, shown)
   local _, form = document.body(doc, op)
   local given, required = {}, {}
   for name, value in pairs(request or {}) do given[name] = value end
   for _, name in ipairs(form and form.required or {}) do required[name] = true end
   for _, group in ipairs((op["x-twilio"] or {}).conditional or {}) do
      for name in pairs(form and form.properties or {}) do
         if names.snake(name) == group[1] then required[name] = true end
      end
   end
   for name, schema in pairs(form and form.properties or {}) do
      local value = shown[names.snake(name)]
      local is_shown = value ~= nil and value ~= cjson.null
      if given[name] == nil and (required[name]) then
         given[name] = is_shown and value or (required[name] and sample(doc, schema)) or nil
      end
   end
   return given
end

-- The fields that a lookup must have asked for, to be answered so.
local function asked_fields(shown)
   local list = {}
   for _, name in ipairs(sorted_keys(shown)) do
      if type(shown[name]) == "table" and not examples.is_array(shown[name]) then
         list[#list + 1] = name
      end
   end
   return list
end

local queries = {
   ["https://lookups.twilio.com/v2/PhoneNumbers/{PhoneNumber}"] = function(shown)
      return { Fields = table.concat(asked_fields(shown), ",") }
   end,
   ["https://lookups.twilio.com/v1/PhoneNumbers/{PhoneNumber}"] = function(shown)
      local list = asked_fields(shown)
      for i, name in ipairs(list) do list[i] = name:gsub("_", "-") end
      local add_ons = shown.add_ons ~= cjson.null and sorted_keys(shown.add_ons.results) or nil
      return { Type = list, AddOns = add_ons }
   end,
}

local function query_values(doc, item, op, path, shown)
   local query = queries[doc.servers[1].url .. path]
   local given = query and query(shown) or {}
   for _, p in ipairs(document.parameters(doc, item, op)) do
      if p["in"] == "query" and p.required then given[p.name] = sample(doc, p.schema) end
   end
   return given
end

local function authorization(doc, op)
   local schemes = op.security or doc.security
   local name = schemes and schemes[1] and next(schemes[1])
   local scheme = name and doc.components.securitySchemes[name]
   if scheme and scheme.type == "oauth2" then return "Bearer token" end
   return "Basic " .. core.base64_encode(ACCOUNT .. ":token")
end

local function url_of(doc, path, values)
   return doc.servers[1].url .. path:gsub("{([^}]*)}", function(name)
      return (core.percent_encode(text_of(values[name])))
   end)
end

-- The parameter that an answer refuses; nil: it refuses none.
local function refused_parameter(response)
   if response.status ~= 400 then return nil end
   local body = examples.decode(response.body)
   local name, what = tostring(body.message or body.detail):match("[Pp]arameter ([^%s%[]+)(.*)$")
   return name, what == ""
end

-- @param shown (table) the resource that an answer shows
local function send(box, example, op, item, path, values, request, shown)
   local doc, verb = example.doc, nil
   for _, each in ipairs(document.verbs) do
      if item[each] == op then verb = each end
   end
   local headers = { Authorization = authorization(doc, op) }
   for _, p in ipairs(document.parameters(doc, item, op)) do
      local is_needed = p["in"] == "header" and p.required
      if is_needed then headers[p.name] = tostring(sample(doc, p.schema)) end
   end
   local query = form_of(query_values(doc, item, op, path, shown))
   local url = url_of(doc, path, values)
   if query ~= "" then url = url .. "?" .. query end
   local content, form = document.body(doc, op)
   local given, response = form and form_values(doc, op, request, shown), nil
   local media = next(content)
   headers["Content-Type"] = form and FORM or media
   if media and not form and request == nil then
      request = sample(doc, content[media].schema or {})
   end
   if given then presuppose(box, given, url) end
   -- Examples of requests have names and values that the same file forbids: these are left out.
   for _ = 1, MOST_TRIES do
      local body = form and form_of(given) or media and cjson.encode(request) or nil
      response = box:send { method = verb:upper(), url = url, headers = headers, body = body }
      local name = given and refused_parameter(response)
      if not name then return response end
      local was = given[name]
      given[name] = nil
      for _, required in ipairs(form.required or {}) do
         if required == name then given[name] = sample(doc, form.properties[name]) end
      end
      if was == given[name] then return response end
   end
   return response
end

-- Paths -------------------------------------------------------------------------------------------

-- The first item of a list's answer; of another, the answer.
local function shown_by(example)
   if example.op.operationId:lower():match("^list") then
      for _, key in ipairs(sorted_keys(example.value)) do
         local value = example.value[key]
         if examples.is_array(value) then
            return type(value[1]) == "table" and value[1] or {}
         end
      end
   end
   return example.value
end

-- Path values that an answer's own address tells.
local function values_from(address, path, into)
   if type(address) ~= "string" then return end
   address = address:gsub("^%a+://[^/]*", ""):gsub("%?.*$", "")
   local pattern = path:gsub("%.json$", ""):gsub("[%-.]", "%%%0"):gsub("{[^}]*}", "([^/]+)")
   local found = { address:gsub("%.json$", ""):match("^" .. pattern .. "$") }
   for i, name in ipairs(model.placeholders(path)) do
      if found[i] and into[name] == nil then into[name] = found[i] end
   end
end

local function path_values(example, shown)
   local values, path, value = {}, example.path, example.value
   values_from(shown.url or shown.uri, path, values)
   values_from(shown.url or shown.uri, path:gsub("%.json$", "") .. "/{}", values)
   values_from((value.meta or {}).url, path, values)
   for _, p in ipairs(document.parameters(example.doc, example.doc.paths[path], example.op)) do
      if p["in"] == "path" and values[p.name] == nil then
         local field = shown[names.snake(p.name)]
         values[p.name] = type(field) == "string" and field ~= "" and field
            or sample(example.doc, p.schema)
      end
   end
   if values.AccountSid then values.AccountSid = ACCOUNT end
   return values
end

local function add_ancestors(box, example, values)
   local path = example.path:gsub("%.json$", ""):gsub("/[^/]*$", "")
   local extension = example.path:match("%.json$") or ""
   local all = {}
   while path:find("{", 1, true) do
      table.insert(all, 1, path)
      path = path:match("^(.*)/[^/]*$")
   end
   for _, one in ipairs(all) do
      if one:match("}$") and not one:match("/Accounts/{[^}]*}$") then
         local url = url_of(example.doc, one, values)
         pcall(box.add, box, url .. extension)
      end
   end
end

local function without_last(path)
   local base, extension = path:match("^(.*)/{[^}]*}(%.?%l*)$")
   return base and base .. extension
end

local function creator_at(doc, path)
   local blank = path and path:gsub("{[^}]*}", "{}")
   for other, item in pairs(doc.paths) do
      local op = item.post
      if blank and op and other:gsub("{[^}]*}", "{}") == blank
         and op.operationId:match("^Create") then
         return { path = other, item = item, op = op }
      end
   end
   return nil
end

-- The document's path of this form; nil: it has none.
local function path_like(doc, path)
   for other in pairs(doc.paths) do
      if other:gsub("{[^}]*}", "{}") == path:gsub("{[^}]*}", "{}") then return other end
   end
   return nil
end

local function creation_request(doc, op)
   for _, content in pairs(document.resolve(doc, op.requestBody).content or {}) do
      local all = content.examples or {}
      local title = all.create and "create" or sorted_keys(all)[1]
      if title then return document.resolve(doc, all[title]).value end
   end
   return nil
end

-- The values of one path by the names of another of the same form.
local function values_like(path, other, values)
   local out, mine = {}, model.placeholders(path)
   for i, name in ipairs(model.placeholders(other)) do out[name] = values[mine[i]] end
   return out
end

local function key_in(body, name)
   return body[names.snake(name)] or body.sid or body.id or body[name]
end

-- Requests by which resources are made, where examples of a creation aren't enough.
local creations = {
   ["UpdateMessage cancelMessage"] = {
      To = "+15558675310", Body = "Hello", MessagingServiceSid = "MG" .. ("a"):rep(32),
      ScheduleType = "fixed", SendAt = "2026-01-01T01:00:00Z",
   },
}

-- Makes the resource at an item's path, through the API where it can be.
local function make(box, example, values, shown)
   local path = example.path
   local last = path:match("{([^}]*)}%.?%l*$")
   local creator = creator_at(example.doc, without_last(path))
   if creator then
      local response = send(box, example, creator.op, creator.item, creator.path,
         values_like(path, creator.path, values),
         creations[example.op.operationId .. " " .. example.name]
            or creation_request(example.doc, creator.op), shown)
      local body = response.status < 300 and response.body ~= "" and examples.decode(response.body)
      local key = type(body) == "table" and key_in(body, last)
      if key and key ~= cjson.null then
         values[last] = key
         return
      end
   end
   pcall(box.add, box, url_of(example.doc, path, values))
end

-- Sends a request of another operation of the document, by its id.
local function ask_by_id(box, example, id, values, request)
   for path, item in pairs(example.doc.paths) do
      if item.post and item.post.operationId == id then
         return send(box, example, item.post, item, path, values, request, {})
      end
   end
end

local function fill_list(box, example, values, shown)
   if shown == example.value or next(shown) == nil then return end -- an empty list
   local creator = creator_at(example.doc, example.path)
   if creator then
      local response = send(box, example, creator.op, creator.item, creator.path,
         values_like(example.path, creator.path, values), creation_request(example.doc, creator.op),
         shown)
      if response.status < 300 then return end
   end
   local base, extension = example.path:gsub("%.json$", ""), example.path:match("%.json$") or ""
   local item = path_like(example.doc, base .. "/{}" .. extension)
   if not item then
      pcall(box.add, box, url_of(example.doc, example.path, values))
      return
   end
   local key = key_in(shown, item:match("{([^}]*)}%.?%l*$"))
   local url = url_of(example.doc, base, values) .. "/" .. core.percent_encode(tostring(key or "x"))
   pcall(box.add, box, url .. extension)
end

-- Requests that must come first, beyond the making of resources.
local before = {
   ["api_v2010 UpdateMessage"] = function(box, example)
      if example.name == "redactBody" then box:advance(60) end -- it was delivered
   end,
   ["accounts_v1 UpdateAuthTokenPromotion"] = function(box, example)
      ask_by_id(box, example, "CreateSecondaryAuthToken", {}, {})
   end,
   ["verify_v2 CreateVerificationCheck"] = function(box, example, values)
      ask_by_id(box, example, "CreateVerification", values,
         { To = "+15558675310", Channel = "sms" })
   end,
}

-- Requests of which the examples tell too little.
local requests = {
   ["verify_v2 CreateVerificationCheck"] = { To = "+15558675310", Code = "123456" },
}

--- The answer of a sandbox where the files have an example.
-- @param box (Sandbox) an empty one
-- @param example (table) of examples.of_document
-- @return (table) { status, headers, body }
function replay.run(box, example)
   local doc, path, op = example.doc, example.path, example.op
   local shown = shown_by(example)
   local values, id = path_values(example, shown), op.operationId:lower()
   add_ancestors(box, example, values)
   if id:match("^list") then
      fill_list(box, example, values, shown)
   elseif path:match("}%.?%l*$") and not id:match("^create") then
      make(box, example, values, shown)
   end
   local name = example.file .. " " .. op.operationId
   if before[name] then before[name](box, example, values) end
   return send(box, example, op, doc.paths[path], path, values, requests[name] or example.request,
      shown, false)
end

replay.shown_by = shown_by

return replay
