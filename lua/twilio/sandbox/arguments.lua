-- sandbox/arguments.lua: a request's query, headers and body -> arguments by name, checked as the API checks them.
--
-- Builds on operation's parameters, json, time and the C core's form decoder. Returns nil, problem for what the API would refuse.
-- Where the API data can't tell (members of JSON bodies, enums), everything passes.

local core = require "twilio.core"
local json = require "twilio.json"
local names = require "twilio.sandbox.names"
local problem = require "twilio.sandbox.problem"
local time = require "twilio.time"

local arguments = {}

local booleans = { ["true"] = true, ["false"] = false, True = true, False = false }

-- Each returns the value, or nil and what is wrong. An empty text clears a field, whatever its type.
local readers = {
   b = function(text)
      local value = booleans[text]
      if value == nil then return nil, "must be true or false" end
      return value
   end,
   i = function(text)
      local value = text:match("^%s*[+-]?%d+%s*$") and tonumber(text)
      if not value then return nil, "must be an integer" end
      return value
   end,
   n = function(text)
      local value = tonumber(text)
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

-- Some parameters are the head of names: AddOns.<name>.<field>.
local function is_in_map(op, wire)
   for _, parameter in ipairs(op.parameters) do
      local prefix = parameter.type == "m" and parameter.wire:gsub("Data$", "") .. "."
      if prefix and wire:sub(1, #prefix) == prefix then return true end
   end
   return false
end

local function take_fields(op, place, fields, out)
   for wire, given in pairs(fields) do
      local parameter = op.by_wire[wire]
      if not (parameter and parameter.place == place) then
         if not is_in_map(op, wire) then return nil, problem.unknown(wire) end
      else
         local value, why = read(parameter, given)
         if why then return nil, problem.invalid(wire, why) end
         out[parameter.name] = value
      end
   end
   return true
end

local function take_headers(op, headers, out)
   for _, parameter in ipairs(op.parameters) do
      if parameter.place == "header" then out[parameter.name] = headers[parameter.wire:lower()] end
   end
end

local function take_json(body, out)
   local value, why = json.decode(body)
   if type(value) ~= "table" then return nil, problem.new(400, 20001, "The body is not JSON: " .. tostring(why or "a lone value")) end
   out.body_ = value
   for name, member in pairs(value) do
      if type(name) == "string" then out[names.snake(name)] = member end
   end
   return true
end

local function is_json(headers)
   return (headers["content-type"] or ""):lower():find("json", 1, true) ~= nil
end

local function take_body(op, request, out)
   if request.body == nil or request.body == "" then return true end
   if op.body then return take_json(request.body, out) end
   if is_json(request.headers) then return nil, problem.new(415, 20006, "This resource takes a form, not JSON") end
   return take_fields(op, "form", core.form_decode(request.body), out)
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
-- @return (table) snake_case name -> value; of a JSON body also body_, the whole of it
-- @return[2] nil, problem, (string | nil) the name of the parameter that is missing
function arguments.read(op, request)
   local out = {}
   local ok, why = take_fields(op, "query", core.form_decode(request.query), out)
   if not ok then return nil, why end
   take_headers(op, request.headers, out)
   ok, why = take_body(op, request, out)
   if not ok then return nil, why end
   local missing
   ok, why, missing = check_required(op, out)
   if ok then ok, why, missing = check_groups(op, out) end
   if not ok then return nil, why, missing end
   return out
end

return arguments
