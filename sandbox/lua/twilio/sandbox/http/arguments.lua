-- sandbox/http/arguments.lua: a request's query, headers and body -> arguments by name, checked as
-- the API checks them.
--
-- Returns nil, an API error for what the API would refuse.

local api_error = require "twilio.sandbox.http.api_error"
local check = require "twilio.sandbox.schema.check"
local core = require "twilio.core"
local field_names = require "twilio.sandbox.schema.field_names"
local form = require "twilio.sandbox.http.form"
local json = require "twilio.json"
local limits = require "twilio.sandbox.schema.limits"
local options = require "twilio.util.options"
local time = require "twilio.util.time"

local arguments = {}

local booleans = { ["true"] = true, ["false"] = false, True = true, False = false }

-- Each returns the value, or nil and a message. An empty text clears a field, whatever its
-- type.
local readers = {
   b = function(text)
      local value = booleans[text]
      if value == nil then return nil, "must be true or false" end
      return value
   end,
   i = function(text)
      local value = text:match("^[ \t-\r]*[+-]?%d+[ \t-\r]*$") and limits.number(text)
      if not value then return nil, "must be an integer" end
      return value
   end,
   n = function(text)
      local value = limits.number(text)
      if not value then return nil, "must be a number" end
      return value
   end,
   j = function(text)
      local value, message = limits.decode(text)
      if value == nil then return nil, "must be JSON: " .. tostring(message) end
      return value
   end,
}

local function read_date(text)
   if not time.parse(text) then return nil, "must be a date" end
   return text
end

readers.d, readers.t = read_date, read_date

local function read_value(parameter, text)
   local reader = readers[parameter.type]
   if not reader or text == "" then return text end
   return reader(text)
end

local function read_list(parameter, texts)
   local values = {}
   for i, text in ipairs(texts) do
      local value, message = read_value(parameter, text)
      if message then return nil, message end
      values[i] = value
   end
   return json.array(values)
end

local function read(parameter, given)
   local texts = type(given) == "table" and given or { given }
   if parameter.array then return read_list(parameter, texts) end
   return read_value(parameter, texts[#texts])
end

-- Lists of names and SIDs may also come in one text, joined by commas.
local function check_items(items, texts, wire)
   for _, joined in ipairs(texts) do
      for item in tostring(joined):gmatch("[^, \t-\r]+") do
         local message = check.value(items, item, wire)
         if message then return message end
      end
   end
   return nil
end

-- The error, if a value's schema (nil: none) forbids it.
local function forbidden(schema, value, wire)
   if not schema or value == "" then return nil end
   local message
   if schema.kind == "array" and schema.items.kind ~= "uri" then
      message = check_items(schema.items, value, wire)
   else
      message = check.value(schema, value, wire)
   end
   return message and api_error.bad_parameter(message)
end

-- Some parameters are the head of names: AddOns.<name>.<field>.
local function is_in_map(op, wire)
   for _, parameter in ipairs(op.parameters) do
      local prefix = parameter.type == "m" and parameter.wire:gsub("Data$", "") .. "."
      if prefix and wire:sub(1, #prefix) == prefix then return true end
   end
   return false
end

-- The API takes these from every list, whatever its file says.
local steering = {
   PageSize = { name = "page_size", place = "query", type = "i" },
   Page = { name = "page", place = "query", type = "i" },
   PageToken = { name = "page_token", place = "query" },
}

-- @param ignored (array | nil) gets the names that the operation doesn't know; nil: they are
--    refused
local function take_fields(op, schemas, place, fields, out, ignored)
   for _, wire in ipairs(options.names(fields)) do
      local parameter, given = op.by_wire[wire] or (op.paging and steering[wire]), fields[wire]
      if not (parameter and parameter.place == place) then
         local is_known = is_in_map(op, wire)
         if not is_known and not ignored then return nil, api_error.unknown(wire) end
         if not is_known then ignored[#ignored + 1] = wire end
      else
         local value, message = read(parameter, given)
         if message then return nil, api_error.invalid(wire, message) end
         local err = forbidden(schemas[wire], value, wire)
         if err then return nil, err end
         out[parameter.name] = value
      end
   end
   return true
end

-- Operations are data: of each the parameters that are headers (header = lower-case name), and
-- those that are required; most have dozens that are neither.
local sorted = setmetatable({}, { __mode = "k" })

local function parameters_of(op)
   local found = sorted[op]
   if found then return found end
   found = { headers = {}, required = {} }
   for _, parameter in ipairs(op.parameters) do
      if parameter.required then found.required[#found.required + 1] = parameter end
      if parameter.place == "header" then
         found.headers[#found.headers + 1] = {
            header = core.lower(parameter.wire), wire = parameter.wire, name = parameter.name,
         }
      end
   end
   sorted[op] = found
   return found
end

local function take_headers(op, schemas, headers, out)
   for _, parameter in ipairs(parameters_of(op).headers) do
      local value = headers[parameter.header]
      if value then
         local err = forbidden(schemas[parameter.wire], value, parameter.wire)
         if err then return nil, err end
         out[parameter.name] = value
      end
   end
   return true
end

local function take_json(schema, body, out)
   local whole, message = limits.decode(body, true)
   if type(whole) ~= "table" then
      message = tostring(message or "a lone value")
      return nil, api_error.bad_parameter("The body is not JSON: " .. message)
   end
   message = schema and check.value(schema, whole, "")
   if message then return nil, api_error.bad_parameter(message) end
   -- A null clears the member's field; in the whole, and further down, it only isn't there.
   out.body_ = json.decode(body)
   for name, member in pairs(whole) do
      if type(name) == "string" then
         out[field_names.snake(name)] = member == json.null and member or out.body_[name]
      end
   end
   return true
end

local function is_json(headers)
   return core.lower(headers["content-type"] or ""):find("json", 1, true) ~= nil
end

local function take_body(op, schemas, request, out, ignored)
   local is_empty = request.body == nil or request.body == ""
   -- A member that a body requires is missing from an absent body, too.
   if op.body then return take_json(schemas.body, is_empty and "{}" or request.body, out) end
   if is_empty then return true end
   if is_json(request.headers) then
      return nil, api_error.new(415, 20006, "This resource takes a form, not JSON")
   end
   local fields = form.decode(request.headers, request.body)
   return take_fields(op, schemas.parameters, "form", fields, out, ignored)
end

local function is_given(value) return value ~= nil and value ~= "" end

local function check_required(op, out)
   for _, parameter in ipairs(parameters_of(op).required) do
      if not is_given(out[parameter.name]) then
         return nil, api_error.missing(parameter.wire), parameter.name
      end
   end
   return true
end

local function check_group(op, group, out)
   for _, wire in ipairs(group) do
      if is_given(out[op.by_wire[wire].name]) then return true end
   end
   return nil, api_error.missing(table.concat(group, " or ")), op.by_wire[group[1]].name
end

local function check_groups(op, out)
   for _, group in ipairs(op.any) do
      local ok, err, name = check_group(op, group, out)
      if not ok then return nil, err, name end
   end
   return true
end

--- Reads and checks a request's arguments.
-- @param op (table) of operation.parse
-- @param request (table) { query = text, headers = by lower-case name, body }
-- @param schemas (table) of schemas.of_request
-- @param ignored (array | nil) gets the names of parameters that the operation doesn't know; nil:
--    one is refused
-- @return (table) snake_case name -> value, json.null for members of a JSON body that are null; of
--    that body also body_, the whole of it
-- @return[2] nil, an API error, (string | nil) the name of the parameter that is missing
function arguments.read(op, request, schemas, ignored)
   local out, ok, err = {}, true, nil
   if request.query ~= "" then
      ok, err = take_fields(op, schemas.parameters, "query", core.form_decode(request.query), out,
         ignored)
   end
   if ok then ok, err = take_headers(op, schemas.parameters, request.headers, out) end
   if ok then ok, err = take_body(op, schemas, request, out, ignored) end
   if not ok then return nil, err end
   local missing
   ok, err, missing = check_required(op, out)
   if ok then ok, err, missing = check_groups(op, out) end
   if not ok then return nil, err, missing end
   return out
end

return arguments
