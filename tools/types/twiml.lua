-- TwiML as LuaCATS: a class an element, with its attributes, the methods of its children, and the
-- constructors, one file a language. Made of lua/twilio/twiml/grammar.lua.

local attribute = require "twilio.twiml.attribute"
local grammar = require "twilio.twiml.grammar"

local twiml = {}

local function sorted(t)
   local names = {}
   for name in pairs(t) do names[#names + 1] = name end
   table.sort(names)
   return names
end

-- "Say voice loop > SsmlBreak" -> "Say", { "voice", "loop" }, { "SsmlBreak" }
local function read(line)
   local tag, attributes, children = line:match("^([^ {]+)%S*([^>]*)>?(.*)$")
   local function words(text)
      local list = {}
      for word in text:gmatch("[^%s,]+") do list[#list + 1] = word end
      return list
   end
   return tag, words(attributes), words(children)
end

local VALUE = "twilio.twiml.Value"

local function is_name(name) return name:find("^[%a_][%w_]*$") ~= nil end

local function put_class(out, language, name, line)
   local _, attributes, children = read(line)
   local class = ("twilio.twiml.%s.%s"):format(language, name)
   -- The content: texts, its children, and elements that the grammar doesn't know.
   local content = { "string|number|twilio.twiml.Any" }
   for i, child in ipairs(children) do
      content[i + 1] = ("twilio.twiml.%s.%s"):format(language, child)
   end
   out[#out + 1] = ("\n---@alias %s.Content %s"):format(class, table.concat(content, "|"))
   out[#out + 1] = "\n---@class " .. class .. ".Attributes: twilio.twiml.Attributes"
   out[#out + 1] = ("---@field [integer] false|%s.Content"):format(class)
   for _, wire in ipairs(attributes) do
      local snake = attribute.snake(wire)
      local is_reserved = snake == "for" -- the only word of Lua among them
      out[#out + 1] = ("---@field %s? %s"):format(is_reserved and '["for"]' or snake, VALUE)
      if wire ~= snake and is_name(wire) then
         out[#out + 1] = ("---@field %s? %s"):format(wire, VALUE)
      end
   end
   out[#out + 1] = "\n---@class " .. class .. ": twilio.twiml.Node"
   for _, child in ipairs(children) do
      local below = ("twilio.twiml.%s.%s"):format(language, child)
      local method = attribute.snake((child:gsub("^Ssml", "")))
      out[#out + 1] = ("---@field %s fun(self, content?: %s.Content|%s.Attributes,"
         .. " attributes?: %s.Attributes): %s"):format(
         method == "break" and "break_" or method, below, below, below, below)
   end
end

--- @return (array of strings) "voice", ...
function twiml.languages() return sorted(grammar) end

--- The types of a language. @return (string)
function twiml.language(head, language)
   local out = { "---@meta twilio.twiml." .. language, head }
   local lines = grammar[language]
   for _, name in ipairs(sorted(lines)) do put_class(out, language, name, lines[name]) end
   out[#out + 1] = "\n---@class twilio.twiml." .. language
   local seen = {}
   for _, name in ipairs(sorted(lines)) do
      local tag = read(lines[name])
      local capital = tag:gsub("^%l", string.upper):gsub("%-(%l)", string.upper)
      for _, spelling in ipairs { name, tag, capital } do
         local is_other = spelling ~= name and lines[spelling] -- another class's own name
         if is_name(spelling) and not seen[spelling] and not is_other then
            seen[spelling] = true
            local class = ("twilio.twiml.%s.%s"):format(language, name)
            out[#out + 1] = ("---@field %s fun(content?: %s.Content|%s.Attributes,"
               .. " attributes?: %s.Attributes): %s"):format(
               spelling == "break" and '["break"]' or spelling, class, class, class, class)
         end
      end
   end
   out[#out + 1] = ("local %s = {}\n\nreturn %s\n"):format(language, language)
   return table.concat(out, "\n")
end

return twiml
