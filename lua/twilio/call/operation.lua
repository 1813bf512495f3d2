-- call/operation.lua: one operation of the API: its parameters, and a caller's arguments bound to
-- them.
--
-- Reads the operation strings of the API data (docs/architecture.md, "The API as data") and turns a
-- table of named arguments into ordered pairs for the query and the form, headers, and a JSON body.
-- Must not know URLs, credentials or how anything is sent. A caller's mistake comes back as nil,
-- message; the public method raises it at the caller's line.

local core = require "twilio.core"
local lazy = require "twilio.util.lazy"

local body = lazy "twilio.call.body" -- with the first JSON body
local serialize = lazy "twilio.call.serialize" -- with the first value that isn't text
local sentences = lazy "twilio.call.sentences" -- with the first mistake

local operation = {}

-- Order matters: DateSent< -> date_sent_before comes before the general rule that drops odd
-- characters.
local function words_apart(s)
   s = s:gsub("<", "Before"):gsub(">", "After")
   s = s:gsub("[^%w]+", "_")
   s = s:gsub("(%l)(%u)", "%1_%2")
   s = s:gsub("(%d%u*)(%u)", "%1_%2")
   return (s:gsub("(%u)(%u%l)", "%1_%2"))
end

--- A wire name in this library's spelling: "DateSent<" -> "date_sent_before", "AwsS3Url" ->
-- "aws_s3_url".
function operation.snake(wire)
   -- Most are plain words: StatusCallback.
   if not wire:find("%A") and not wire:find("%u%u") then
      return core.lower((wire:gsub("(%l)(%u)", "%1_%2")))
   end
   return core.lower(words_apart(wire))
end

-- kind: "" for none; list and bang: "" or the mark.
local function add_parameter(op, place, wire, list, kind, bang)
   local index, name = #op.parameters + 1, operation.snake(wire)
   local parameter = { wire = wire, name = name, place = place, index = index }
   op.parameters[index], op.by_name[name], op.by_wire[wire] = parameter, parameter, parameter
   if kind ~= "" then parameter.type = kind end
   if list ~= "" then parameter.array = true end
   if bang == "" then return end
   parameter.required = true
   op.required[#op.required + 1] = parameter
end

local places = { ["^"] = "header", ["?"] = "query" }

local function read_parameter(op, mark, name, ...)
   local place = places[mark] or op.place
   if not name:find("#", 1, true) then return add_parameter(op, place, name, ...) end
   for i = 1, 99 do add_parameter(op, place, (name:gsub("#", tostring(i))), ...) end
end

-- On a GET or DELETE there is no body, and the mark only says which media type is accepted.
local function read_body(op, mark)
   op.media = mark
   if op.place == "form" then op.body, op.place = mark, "query" end
end

local function read_auth(op, mark)
   op.auth = mark
end

local function read_page(op)
   add_parameter(op, op.place, "PageSize", "", "i", "")
   add_parameter(op, op.place, "Page", "", "i", "")
   add_parameter(op, op.place, "PageToken", "", "", "")
end

local marks = {
   json = read_body, scim = read_body, none = read_auth, oauth = read_auth, page = read_page,
}

local function read_mark(op, mark)
   local style, key = mark:match("^([%l_]+)=(.*)$")
   if style == "any" then
      local group = {}
      for wire in key:gmatch("[^|]+") do group[#group + 1] = wire end
      op.any[#op.any + 1] = group
   elseif style == "max" then
      op.page_max = tonumber(key)
   elseif style then
      op.paging = { style = style, key = key }
   elseif tonumber(mark) then
      op.success = tonumber(mark)
   else
      marks[mark](op, mark)
   end
end

local function parse(text)
   local brace, members = text:find("{", 1, true), nil
   if brace then text, members = text:sub(1, brace - 1), text:sub(brace) end
   local verb, rest = text:match("^(%S+)(.*)$")
   local has_form = verb ~= "GET" and verb ~= "DELETE"
   local op = {
      verb = verb, place = has_form and "form" or "query", parameters = {}, by_name = {},
      by_wire = {}, required = {}, any = {},
   }
   op.members = members
   for mark, name, list, kind, bang in rest:gmatch("([@^?]?)([^%s:!%[%]]+)(%[?%]?):?(%l?)(!?)") do
      if mark == "@" then
         read_mark(op, name)
      else
         read_parameter(op, mark, name, list, kind, bang)
      end
   end
   return op
end

-- Operation strings are data: the same for every client, and parsed once.
local parsed = {}

--- Parses an operation string, once.
-- @return (table) { verb, body = nil | "json" | "scim", members = of the body, as text, media = as
--    body, also without one, auth = nil | "none" | "oauth", parameters, by_name, by_wire, required,
--    any, paging = { style, key } | nil, page_max = records | nil, success =
--    status | nil, place = where unknown wire names go }
function operation.parse(text)
   local op = parsed[text]
   if not op then
      op = parse(text)
      parsed[text] = op
   end
   return op
end

-- A name that starts with a capital is a wire name; one that isn't known yet travels as it is,
-- after those that are.
local function passed_through(op, name)
   if not name:match("^%u") then return nil end
   return { wire = name, name = name, place = op.place, array = true, index = math.huge }
end

--- The parameter that a name in the caller's table means.
-- @return (table | nil) { wire, name, place, type, array, required, index }
function operation.find(op, name)
   if type(name) ~= "string" then return nil end
   -- A trailing underscore is for words that Lua reserves: end_, local_.
   return op.by_name[name] or op.by_wire[name] or op.by_name[name:match("^(.*)_$")]
      or passed_through(op, name)
end

-- Puts an argument where it belongs among `count` others: in the data's order, names passed through
-- after them by the alphabet, so that the same call makes the same bytes. They are few, and
-- table.sort would call back for each pair.
-- @return false if its parameter is there already
local function insert(order, values, count, parameter, value)
   local index, last = parameter.index, order[count]
   while last and (
      index < last.index or (index == last.index and core.less(parameter.wire, last.wire))) do
      order[count + 1], values[count + 1] = last, values[count]
      count = count - 1
      last = order[count]
   end
   if last == parameter then
      table.remove(order, count + 1) -- back to how it was
      table.remove(values, count + 1)
      return false
   end
   order[count + 1], values[count + 1] = parameter, value
   return true
end

-- Unknown name: a member of the JSON body, or a mistake.
local function other_argument(op, name, value, rest)
   if not op.body then return nil, sentences.unknown(op, name) end
   rest = rest or {}
   rest[name] = value
   return rest
end

-- A call may have several mistakes; they are told together.
-- @param mistakes (array | nil) the messages so far
-- @return (array) with one more
local function add_mistake(mistakes, message)
   mistakes = mistakes or {}
   mistakes[#mistakes + 1] = message
   return mistakes
end

-- Finds the parameter of each argument.
-- @return (array) parameters in order, (array) their values, (table | nil) what is left for a JSON
--    body, (array | nil) the caller's mistakes, sorted, as pairs has no order
local function sort_arguments(op, arguments)
   -- room for four
   local order, values, count, rest = { nil, nil, nil, nil }, { nil, nil, nil, nil }, 0, nil
   local mistakes
   for name, value in pairs(arguments) do
      local parameter = op.by_name[name] or operation.find(op, name)
      if not parameter or (op.body and not op.by_wire[parameter.wire]) then
         local others, message = other_argument(op, name, value, rest)
         if others then rest = others else mistakes = add_mistake(mistakes, message) end
      elseif insert(order, values, count, parameter, value) then
         count = count + 1
      else
         mistakes = add_mistake(mistakes, ("parameter '%s' is given twice"):format(parameter.name))
      end
   end
   if mistakes then table.sort(mistakes, core.less) end
   return order, values, rest, mistakes
end

local function is_among(order, parameter)
   for i = 1, #order do
      if order[i] == parameter then return true end
   end
   return false
end

-- @return (array | nil) names of the required parameters that aren't there
local function find_missing(op, order)
   local required, missing = op.required, nil
   for i = 1, #required do
      if not is_among(order, required[i]) then
         missing = missing or {}
         missing[#missing + 1] = required[i].name
      end
   end
   return missing
end

-- A header has one value.
local function bind_header(bound, parameter, value)
   local pair = {}
   local ok, message = serialize.push(pair, parameter, value)
   bound.header = bound.header or {}
   bound.header[parameter.wire] = pair[2]
   return ok, message
end

local function bind_one(bound, parameter, value)
   local place = parameter.place
   if place == "header" then return bind_header(bound, parameter, value) end
   local list = bound[place]
   if not list then
      list = { nil, nil, nil, nil, nil, nil } -- room for three
      bound[place] = list
   end
   if type(value) ~= "string" or parameter.type == "m" then
      return serialize.push(list, parameter, value)
   end
   -- Text passes through whatever the other types, as serialize says; many a program never has
   -- anything else to say.
   local n = #list
   list[n + 1], list[n + 2] = parameter.wire, value
   return true
end

--- Binds a caller's arguments.
-- @param op (table) of operation.parse
-- @param arguments (table) name -> value; never changed
-- @return (table) { query = pairs | nil, form = pairs | nil, header = name -> text | nil, json =
--    table | nil }, pairs being k1, v1, k2, v2, ...
-- @return[2] nil, (string) the caller's mistakes: unknown names, what is missing, wrong values
function operation.bind(op, arguments)
   if op.body and body.is_verbatim(arguments) then return { json = arguments } end
   local order, values, rest, mistakes = sort_arguments(op, arguments)
   local missing = find_missing(op, order)
   if missing then mistakes = add_mistake(mistakes, sentences.missing(missing)) end
   local bound = {}
   for i = 1, #order do
      local ok, message = bind_one(bound, order[i], values[i])
      if not ok then
         mistakes = add_mistake(mistakes, ("parameter '%s' %s"):format(order[i].name, message))
      end
   end
   if op.body then
      local whole = #order > 0 and (rest or {})
      local json, message = body.of(op, arguments, whole, operation.snake)
      if json then bound.json = json else mistakes = add_mistake(mistakes, message) end
   end
   if mistakes then return nil, sentences.together(mistakes) end
   return bound
end

return operation
