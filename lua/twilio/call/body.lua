-- call/body.lua: the JSON body of an operation: its members, and a caller's table put into the
-- wire's spelling.
--
-- Loaded with the first call that has such a body. Reads the braces at the end of an operation's
-- string (docs/architecture.md, "The API as data") into shapes:
--
--   { kind = "object", members = spelling -> { wire, name, shape }, list = the same in order,
--     open = true where others may stand, top = true for the whole body }
--   { kind = "list" | "map", of = shape | nil } | { kind = "date", letter }; nil: goes out as it is
--
-- Must not know parameters, headers, or how JSON is written.

local json = require "twilio.json"
local options = require "twilio.util.options"
local serialize = require "twilio.call.serialize"

local body = {}

-- Reading -----------------------------------------------------------------------------------------

local read_object

-- @return (table | nil) the shape that begins at a place, (integer) the place after it
local function read_shape(text, place, snake)
   local mark = text:sub(place, place)
   if mark == "{" then return read_object(text, place, snake) end
   if mark == ":" then
      return { kind = "date", letter = text:sub(place + 1, place + 1) }, place + 2
   end
   if mark ~= "[" and mark ~= "*" then return nil, place end
   local of, after = read_shape(text, place + (mark == "[" and 2 or 1), snake)
   return { kind = mark == "[" and "list" or "map", of = of }, after
end

function read_object(text, place, snake)
   local object = { kind = "object", members = {}, list = {} }
   object.open = text:sub(place + 1, place + 1) == "*" or nil
   place = place + (object.open and 2 or 1)
   while text:sub(place, place) ~= "}" do
      local wire, after = text:match("^ ?([^%s%[%]{}*:]+)()", place)
      local member = { wire = wire, name = snake(wire) }
      member.shape, place = read_shape(text, after, snake)
      object.list[#object.list + 1] = member
      object.members[wire], object.members[member.name] = member, member
   end
   return object, place + 1
end

-- Texts are data: read once, whichever client calls.
local shapes = {}

local function shape_of(text, snake)
   local shape = shapes[text]
   if not shape then
      shape = read_object(text, 1, snake)
      shape.top = true
      shapes[text] = shape
   end
   return shape
end

--- The members of an operation's JSON body, for help and types.
-- @param op (table) of operation.parse, with members
-- @param snake (function) wire name -> this library's spelling
-- @return (table) a shape of kind "object"
function body.shape(op, snake) return shape_of(op.members, snake) end

-- Putting into the wire's spelling ----------------------------------------------------------------

-- Both spellings: the one that the caller nearly wrote is the one to show.
local function names_of(shape, more)
   local names = {}
   for _, member in ipairs(shape.list) do
      names[#names + 1] = member.name
      if member.wire ~= member.name then names[#names + 1] = member.wire end
   end
   for _, name in ipairs(shape.top and more or {}) do names[#names + 1] = name end
   return names
end

local function find(shape, name)
   -- A trailing underscore is for words that Lua reserves: end_.
   return shape.members[name] or shape.members[name:match("^(.*)_$")]
end

-- Checks a name that no member has. @return true if it goes out as it is; or nil, (string) message
local function check_other(shape, name, place, more)
   if type(name) ~= "string" then
      if not shape.top then
         return nil, ("parameter '%s' is a list, expected named members"):format(place:sub(1, -2))
      end
      local found = type(name) .. " " .. tostring(name)
      return nil, "arguments are named: { name = value }, found the " .. found
   end
   -- At the top, new members work before the data knows them, as parameters do.
   if shape.top and name:find("^%u") then return true end
   local names = names_of(shape, more)
   -- An open object takes any member; one that is nearly a known one is a misspelling.
   if shape.open and not require("twilio.util.mistakes").meant(name, names) then return true end
   return nil, options.unknown("parameter", name, names, place)
end

local translate

local translators = {}

function translators.object(shape, value, place, context)
   local out, same = {}, true
   for name, item in pairs(value) do
      local member = type(name) == "string" and find(shape, name)
      local wire, moved = name, item
      if member then
         wire, moved = member.wire, translate(member.shape, item, place .. name, context)
      else
         local ok, message = check_other(shape, name, place, context.more)
         if not ok then context[#context + 1] = message end
      end
      if out[wire] ~= nil then
         local shown = place .. (member and member.name or name)
         context[#context + 1] = ("parameter '%s' is given twice"):format(shown)
      end
      out[wire] = moved
      same = same and wire == name and moved == item
   end
   return same and value or setmetatable(out, getmetatable(value))
end

function translators.list(shape, value, place, context)
   -- {} alone would be written as an object.
   if next(value) == nil and not getmetatable(value) then return json.array {} end
   local out, same = {}, true
   for i, item in pairs(value) do
      -- One item that stands for itself: the API says whether it takes that.
      if type(i) ~= "number" then return translate(shape.of, value, place, context) end
      out[i] = translate(shape.of, item, ("%s[%d]"):format(place, i), context)
      same = same and out[i] == item
   end
   return same and value or setmetatable(out, getmetatable(value))
end

function translators.map(shape, value, place, context)
   local out, same = {}, true
   for key, item in pairs(value) do
      out[key] = translate(shape.of, item, ("%s.%s"):format(place, tostring(key)), context)
      -- { "x" } would be written as a list.
      same = same and out[key] == item and type(key) == "string"
   end
   if same then return value end
   local metatable = getmetatable(value)
   return metatable and setmetatable(out, metatable) or json.object(out)
end

local function date(shape, value, place, context)
   if type(value) ~= "number" and type(value) ~= "table" then return value end
   local pair = {}
   local ok, message = serialize.push(pair, { wire = place, type = shape.letter }, value)
   if not ok then context[#context + 1] = ("parameter '%s' %s"):format(place, message) end
   return pair[2]
end

-- place: of the value, for messages: "", "rules[1]"; context: the mistakes so far, and `more`.
function translate(shape, value, place, context)
   if shape == nil or json.is_verbatim(value) then return value end
   if shape.kind == "date" then return date(shape, value, place, context) end
   if type(value) ~= "table" then return value end
   if shape.kind == "object" and place ~= "" then place = place .. "." end
   return translators[shape.kind](shape, value, place, context)
end

local function names_of_parameters(op)
   local names = {}
   for i, parameter in ipairs(op.parameters) do names[i] = parameter.name end
   return names
end

--- Returns true for arguments that twilio.verbatim made: the whole body.
body.is_verbatim = json.is_verbatim

--- The body of a call. It is the caller's table itself where that can be, so that its marks
-- (json.array, json.object) and what is known of a received one stay; only where headers or query
-- parameters were lifted out of it, or names in it are spelt otherwise, is it a copy.
-- @param op (table) of operation.parse: members (the braces, or nil: any), parameters
-- @param arguments (table) as the caller gave them; never changed
-- @param rest (table | false) what is left of them without headers and query parameters; false:
--    there were none
-- @param snake (function) wire name -> this library's spelling
-- @return (table)
-- @return[2] nil, (string) the caller's mistakes, in a fixed order
function body.of(op, arguments, rest, snake)
   local whole = rest and setmetatable(rest, getmetatable(arguments)) or arguments
   if not op.members then return whole end
   local context = { more = names_of_parameters(op) }
   local out = translate(shape_of(op.members, snake), whole, "", context)
   if #context == 0 then return out end
   context.more = nil
   table.sort(context)
   return nil, table.concat(context, "; ")
end

return body
