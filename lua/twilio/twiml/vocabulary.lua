-- twiml/vocabulary.lua: the lines of grammar.lua -> constructors and methods, each made on first
-- use.
--
-- Knows how to read a line; knows no verb by name.
--
-- A class is { vocabulary, tag, json, root, attributes, separators, children, holds, metatable };
-- node.lua and attribute.lua say what they read of it.

local core = require "twilio.core"
local attribute = require "twilio.twiml.attribute"
local node = require "twilio.twiml.node"

-- One spelling for say-as, say_as, sayAs and SayAs, and for `break_`, as a Lua keyword is written.
local function plain(name)
   return core.lower((name:gsub("[_-]", "")))
end

local function tag_of(line) return (line:match("^[^ {]+")) end

-- Methods: gather:say(...) ------------------------------------------------------------------------

local function child_method(class)
   return function(self, content, attributes)
      local child, message = node.new(class, class.tag, content, attributes)
      if not child then error(message, 2) end
      rawset(self, #self + 1, child)
      return child
   end
end

local function unknown_child(class, name)
   local names = {}
   for step in pairs(node.steps) do names[#names + 1] = step end
   for _, child in ipairs(class.children) do
      names[#names + 1] = attribute.snake(child:gsub("^Ssml", ""))
   end
   table.sort(names, core.less)
   local sentence = "<" .. class.tag .. "> can't hold '%s'"
   return require("twilio.util.mistakes").unknown(sentence, name, names)
end

-- Children go by their tag (Sip in Refer) or by their class (ReferSip).
local function find_child(class, name)
   local wanted = plain(name)
   for _, child_name in ipairs(class.children) do
      local child = class.vocabulary.classes[child_name]
      if plain(child.tag) == wanted or plain(child_name) == wanted then return child end
   end
   return nil, unknown_child(class, name)
end

local function new_methods(class)
   local methods = {}
   for name, step in pairs(node.steps) do methods[name] = step end
   return setmetatable(methods, { __index = function(_, name)
      local child, message = find_child(class, tostring(name))
      if not child then error(message, 2) end
      methods[name] = child_method(child)
      return methods[name]
   end })
end

-- Classes: "TAG attribute ... > CHILD ..." --------------------------------------------------------

local function read_attributes(class, words)
   for word in words:gmatch("%S+") do
      local name, comma = word:match("^([^,]+)(,?)$")
      class.attributes[attribute.snake(name)], class.attributes[name] = name, name
      if comma == "," then class.separators[name] = "," end
   end
end

local function read_children(class, words)
   for child in words:gmatch("%S+") do
      class.children[#class.children + 1] = child
      class.holds[tag_of(class.vocabulary.lines[child])] = true
   end
end

local function read_class(vocabulary, line)
   local tag, mark, attributes, children = line:match("^([^ {]+)(%S*)([^>]*)>?(.*)$")
   local class = {
      vocabulary = vocabulary, tag = tag, json = mark == "{}", root = tag == "Response",
      attributes = {}, separators = {}, children = {}, holds = {},
   }
   read_attributes(class, attributes)
   read_children(class, children)
   class.metatable = node.metatable(class, new_methods(class))
   return class
end

-- Vocabularies ------------------------------------------------------------------------------------

local Vocabulary = {}
Vocabulary.__index = Vocabulary

-- "<Dial>, <Refer>": where a tag can stand; nil if nowhere.
function Vocabulary:places(tag)
   local places = {}
   for name in pairs(self.lines) do
      local class = self.classes[name]
      if class.holds[tag] then places[#places + 1] = "<" .. class.tag .. ">" end
   end
   table.sort(places, core.less)
   return places[1] and table.concat(places, ", ")
end

-- Every spelling of every class: its tag (say-as), and its own name (SsmlSayAs), which wins.
local function spellings(lines)
   local by_name = {}
   for name, line in pairs(lines) do
      if not lines[tag_of(line)] then by_name[plain(tag_of(line))] = name end
   end
   for name in pairs(lines) do by_name[plain(name)] = name end
   return by_name
end

local function constructor(class)
   return function(content, attributes)
      local element, message = node.new(class, class.tag, content, attributes)
      if not element then error(message, 2) end
      return element
   end
end

local function new_vocabulary(lines)
   local vocabulary = setmetatable({ lines = lines }, Vocabulary)
   vocabulary.classes = setmetatable({}, { __index = function(classes, name)
      classes[name] = read_class(vocabulary, lines[name])
      return classes[name]
   end })
   return vocabulary
end

--- One constructor an element: voice.Say(content, attributes) -> node, with arguments as for
-- node.new. Found by tag and by class, however spelled: voice["say-as"], voice.SayAs,
-- voice.SsmlSayAs. nil for an element that the grammar hasn't got. Attributes are snake_case
-- (num_digits) or the wire's (numDigits, and what the grammar doesn't know yet: any name with a
-- capital, ':' or '-'; any at all in attributes = { name = value }). A constructor raises at its
-- caller's line when a name isn't known or a child can't stand there.
-- @param lines (table) class -> line, of grammar.lua
-- @return (table) the constructors
return function(lines)
   local vocabulary, by_name = new_vocabulary(lines), spellings(lines)
   return setmetatable({}, { __index = function(constructors, name)
      local class = type(name) == "string" and by_name[plain(name)]
      if not class then return nil end
      constructors[name] = constructor(vocabulary.classes[class])
      return constructors[name]
   end })
end
