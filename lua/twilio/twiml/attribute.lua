-- twiml/attribute.lua: the attributes of one TwiML element, from a caller's table to markup.
--
-- A class (see vocabulary.lua) tells which names it knows: `attributes` (spelling -> wire name; nil
-- outside the grammar) and `separators` (wire name -> what joins a list). Knows nothing of
-- children. A caller's mistake is returned as a message, for the public function to raise.

local core = require "twilio.core"
local json = require "twilio.json"
local xml = require "twilio.util.xml"

local attribute = {}

-- statusCallback -> status_callback, xml:lang -> xml_lang
function attribute.snake(name)
   return core.lower((name:gsub("[:-]", "_"):gsub("([a-z])([A-Z])", "%1_%2")))
end

local scalar = {
   string = function(value) return value end,
   boolean = tostring,
   number = json.encode,   -- 1, never 1.0; refuses what isn't finite
}

--- The text of a string, boolean or number.
-- @return (string)
-- @return[2] nil, (string) why the value has none
function attribute.scalar(value)
   local convert = scalar[type(value)]
   if not convert then return nil, "can't be a " .. type(value) end
   return convert(value)
end

local function join(list, separator)
   local texts = {}
   for i = 1, #list do
      local text, message = attribute.scalar(list[i])
      if not text then return nil, "item " .. i .. " " .. message end
      texts[i] = text
   end
   return table.concat(texts, separator)
end

local function value_text(value, separator)
   if type(value) ~= "table" then return attribute.scalar(value) end
   if #value > 0 or next(value) == nil then return join(value, separator or " ") end
   return json.encode(value)
end

local function unknown(class, tag, name)
   local names = {}
   for _, wire in pairs(class.attributes) do names[#names + 1] = attribute.snake(wire) end
   table.sort(names, core.less)
   local sentence = "unknown attribute '%s' of <" .. tag .. ">"
   return require("twilio.util.mistakes").unknown(sentence, name, names)
end

local function verbatim(name)
   if not xml.is_name(name) then return nil, ("'%s' can't name an attribute"):format(name) end
   return name
end

-- `for_` is how a Lua keyword is written. A capital, ':' or '-' makes a wire name, which new
-- attributes need.
local function wire_name(class, tag, name)
   local known = class.attributes
      and (class.attributes[name] or class.attributes[name:match("^(.*)_$")])
   if known then return known end
   if class.attributes and not name:find("[A-Z:-]") then return nil, unknown(class, tag, name) end
   return verbatim(name)
end

local function add(class, tag, found, wire, value)
   if found[wire] then return nil, ("attribute '%s' of <%s> is given twice"):format(wire, tag) end
   local text, message = value_text(value, class.separators and class.separators[wire])
   if text then text, message = xml.attribute(text) end
   if not text then return nil, ("attribute '%s' of <%s>: %s"):format(wire, tag, message) end
   found[wire] = text
   return true
end

-- attributes = { foo = "bar" }: wire names, whatever they look like.
local function add_verbatim(class, tag, found, t)
   for name, value in pairs(t) do
      local ok, message = verbatim(tostring(name))
      if ok then ok, message = add(class, tag, found, ok, value) end
      if not ok then return nil, message end
   end
   return true
end

--- Reads one named argument.
-- @param class, tag of the element
-- @param found (table) wire name -> escaped text; filled
-- @param name, value what the caller wrote
-- @return true; or nil, (string) the caller's mistake
function attribute.read(class, tag, found, name, value)
   if type(name) ~= "string" then
      return nil, ("<%s> has a %s as a key, expected attribute names"):format(tag, type(name))
   end
   if name == "attributes" and type(value) == "table" then
      return add_verbatim(class, tag, found, value)
   end
   local wire, message = wire_name(class, tag, name)
   if not wire then return nil, message end
   return add(class, tag, found, wire, value)
end

--- The opening tag without its end: '<Say voice="amy"'. Sorted, so that the same element is always
-- the same text.
function attribute.opening(tag, found)
   if next(found) == nil then return "<" .. tag end
   local names = {}
   for name in pairs(found) do names[#names + 1] = name end
   table.sort(names, core.less)
   for i, name in ipairs(names) do names[i] = " " .. name .. '="' .. found[name] .. '"' end
   return "<" .. tag .. table.concat(names)
end

return attribute
