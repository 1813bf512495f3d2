-- sandbox/arguments.lua: a request's query, headers and body -> arguments by name, checked as the
-- API checks them.
--
-- Returns nil, problem for what the API would refuse.

local check = require "twilio.sandbox.check"
local core = require "twilio.core"
local json = require "twilio.json"
local names = require "twilio.sandbox.names"
local number = require "twilio.util.number"
local options = require "twilio.util.options"
local problem = require "twilio.sandbox.problem"
local time = require "twilio.util.time"

local arguments = {}

local booleans = { ["true"] = true, ["false"] = false, True = true, False = false }

-- Each returns the value, or nil and what is wrong. An empty text clears a field, whatever its
-- type.
local readers = {
   b = function(text)
      local value = booleans[text]
      if value == nil then return nil, "must be true or false" end
      return value
   end,
   i = function(text)
      local value = text:match("^[ \t-\r]*[+-]?%d+[ \t-\r]*$") and tonumber(text)
      if not value then return nil, "must be an integer" end
      return value
   end,
   n = function(text)
      local value = number.parse(text) or tonumber(text)
      if not value then return nil, "must be a number" end
      return value
   end,
   j = function(text)
      local value, why = json.decode(text)
      if value == nil then return nil, "must be JSON: " .. tostring(why) end
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
      local value, why = read_value(parameter, text)
      if why then return nil, why end
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
         local wrong = check.value(items, item, wire)
         if wrong then return wrong end
      end
   end
   return nil
end

-- The problem with a value, if its shape (nil: none) forbids it.
local function forbidden(it, value, wire)
   if not it or value == "" then return nil end
   if it.kind == "array" and it.items.kind ~= "uri" then return check_items(it.items, value, wire) end
   return check.value(it, value, wire)
end

-- Some parameters are the head of names: AddOns.<name>.<field>.
local function is_in_map(op, wire)
   for _, parameter in ipairs(op.parameters) do
      local prefix = parameter.type == "m" and parameter.wire:gsub("Data$", "") .. "."
      if prefix and wire:sub(1, #prefix) == prefix then return true end
   end
   return false
end

local function take_fields(op, shapes, place, fields, out)
   for _, wire in ipairs(options.names(fields)) do
      local parameter, given = op.by_wire[wire], fields[wire]
      if not (parameter and parameter.place == place) then
         if not is_in_map(op, wire) then return nil, problem.unknown(wire) end
      else
         local value, why = read(parameter, given)
         if why then return nil, problem.invalid(wire, why) end
         local wrong = forbidden(shapes[wire], value, wire)
         if wrong then return nil, wrong end
         out[parameter.name] = value
      end
   end
   return true
end

local function take_headers(op, shapes, headers, out)
   for _, parameter in ipairs(op.parameters) do
      local value = parameter.place == "header" and headers[core.lower(parameter.wire)]
      if value then
         local wrong = forbidden(shapes[parameter.wire], value, parameter.wire)
         if wrong then return nil, wrong end
         out[parameter.name] = value
      end
   end
   return true
end

local function take_json(it, body, out)
   local whole, why = json.decode(body, true)
   if type(whole) ~= "table" then return nil, problem.new(400, 20001, "The body is not JSON: " .. tostring(why or "a lone value")) end
   local wrong = it and check.value(it, whole, "")
   if wrong then return nil, wrong end
   -- A null clears the member's field; in the whole, and further down, it only isn't there.
   out.body_ = json.decode(body)
   for name, member in pairs(whole) do
      if type(name) == "string" then out[names.snake(name)] = member == json.null and member or out.body_[name] end
   end
   return true
end

local function is_json(headers)
   return core.lower(headers["content-type"] or ""):find("json", 1, true) ~= nil
end

local function take_body(op, shapes, request, out)
   local is_empty = request.body == nil or request.body == ""
   -- A member that a body requires is missing from an absent body, too.
   if op.body then return take_json(shapes.body, is_empty and "{}" or request.body, out) end
   if is_empty then return true end
   if is_json(request.headers) then return nil, problem.new(415, 20006, "This resource takes a form, not JSON") end
   return take_fields(op, shapes.parameters, "form", core.form_decode(request.body), out)
end

local function is_given(value) return value ~= nil and value ~= "" end

local function check_required(op, out)
   for _, parameter in ipairs(op.parameters) do
      if parameter.required and not is_given(out[parameter.name]) then return nil, problem.missing(parameter.wire), parameter.name end
   end
   return true
end

local function check_group(op, group, out)
   for _, wire in ipairs(group) do
      if is_given(out[op.by_wire[wire].name]) then return true end
   end
   return nil, problem.missing(table.concat(group, " or ")), op.by_wire[group[1]].name
end

local function check_groups(op, out)
   for _, group in ipairs(op.any) do
      local ok, why, name = check_group(op, group, out)
      if not ok then return nil, why, name end
   end
   return true
end

--- Reads and checks a request's arguments.
-- @param op (table) of operation.parse
-- @param request (table) { query = text, headers = by lower-case name, body }
-- @param shapes (table) of shape.of_request
-- @return (table) snake_case name -> value, json.null for members of a JSON body that are null; of
--    that body also body_, the whole of it
-- @return[2] nil, problem, (string | nil) the name of the parameter that is missing
function arguments.read(op, request, shapes)
   local out = {}
   local ok, why = take_fields(op, shapes.parameters, "query", core.form_decode(request.query), out)
   if ok then ok, why = take_headers(op, shapes.parameters, request.headers, out) end
   if ok then ok, why = take_body(op, shapes, request, out) end
   if not ok then return nil, why end
   local missing
   ok, why, missing = check_required(op, out)
   if ok then ok, why, missing = check_groups(op, out) end
   if not ok then return nil, why, missing end
   return out
end

return arguments
