-- twiml/node.lua: a TwiML element, made from a table or step by step.
--
-- Knows classes only as tables: `holds` (set of child tags; nil outside the grammar: anything),
-- `json`, `root`, `attributes`; vocabulary.lua makes them.
--
-- A node is finished when it is made: names are checked, text is escaped, its opening tag is
-- markup. Thus a mistake is raised at the line that made it, and writing the document out only
-- joins strings. Inner functions return nil and a message; the functions that callers see raise it
-- at the caller's line.

local attribute = require "twilio.twiml.attribute"
local json = require "twilio.json"
local xml = require "twilio.util.xml"

local node = {}

-- The metatable of an element has `twiml`, its class; a text's or comment's has LEAF.
local LEAF = {}
LEAF.twiml = LEAF
LEAF.__tostring = function(self) return self._markup end

local function class_of(value)
   local metatable = type(value) == "table" and getmetatable(value)
   return type(metatable) == "table" and metatable.twiml or nil
end

-- Children ----------------------------------------------------------------------------------------

local function misplaced(class, tag, child)
   local hint = class.vocabulary:places(child._tag)
   return ("<%s> can't stand in <%s>%s"):format(
      child._tag, tag, hint and (" (it can in " .. hint .. ")") or "")
end

local function push_text(self, text, message)
   if text then text, message = xml.text(text) end
   if not text then return nil, ("text of <%s>: %s"):format(self._tag, message) end
   if text ~= "" then rawset(self, #self + 1, text) end
   return true
end

local function push_node(class, self, child, kind)
   if kind == LEAF then
      if child._markup ~= "" then rawset(self, #self + 1, child._markup) end
   elseif class.holds and kind.holds and not class.holds[child._tag] then
      return nil, misplaced(class, self._tag, child)
   else
      rawset(self, #self + 1, child)
   end
   return true
end

-- Adds a child. `false` is none, so that `condition and voice.Say "x"` can stand in a table.
-- @return true; or nil, (string) the caller's mistake
local function push(class, self, child)
   if child == false then return true end
   local kind = class_of(child)
   if kind then return push_node(class, self, child, kind) end
   if type(child) == "string" or type(child) == "number" then
      -- Twilio refuses such a document with the call or the message that it answers.
      if class.root and child ~= "" then
         return nil, ("<%s> can't hold text, only elements "):format(self._tag)
            .. "(twiml.text and twiml.raw write it all the same)"
      end
      return push_text(self, attribute.scalar(child))
   end
   if type(child) == "table" and class.json then return push_text(self, json.encode(child)) end
   return nil, ("<%s> can't hold a %s, expected text or an element"):format(self._tag, type(child))
end

-- Making a node -----------------------------------------------------------------------------------

-- A document table: children in the array part, which may have holes, attributes in the hash part.
local function read_table(class, self, found, t)
   local count = 0
   for key, value in pairs(t) do
      if type(key) == "number" and key >= 1 and key % 1 == 0 then
         if key > count then count = key end
      else
         local ok, message = attribute.read(class, self._tag, found, key, value)
         if not ok then return nil, message end
      end
   end
   for i = 1, count do
      if t[i] ~= nil then
         local ok, message = push(class, self, t[i])
         if not ok then return nil, message end
      end
   end
   return true
end

-- A table is the content itself where JSON is expected, unless its array part has the content, and
-- its hash part attributes: Task { id = 1 }, Task({ id = 1 }, { priority = 5 }), Task { { id = 1 },
-- priority = 5 }.
local function read_content(class, self, found, content, attributes)
   local is_json = class.json and (attributes or type(content) == "table" and content[1] == nil)
   local is_document = type(content) == "table" and not class_of(content) and not is_json
   if is_document then return read_table(class, self, found, content) end
   if content ~= nil then return push(class, self, content) end
   return true
end

local function read_attributes(class, self, found, attributes)
   if attributes == nil then return true end
   if type(attributes) ~= "table" or class_of(attributes) then
      return nil, ("attributes of <%s>: expected a table"):format(self._tag)
   end
   return read_table(class, self, found, attributes)
end

--- Makes an element.
-- @param class (table) of vocabulary.lua
-- @param tag (string)
-- @param content (nil | string | number | node | table: children in its array part, attributes in
--    its hash part)
-- @param attributes (table, optional) the same kind of table, for when content is a text
-- @return the node
-- @return[2] nil, (string) what the caller did wrong
function node.new(class, tag, content, attributes)
   local self, found = { _tag = tag }, {}
   local ok, message = read_content(class, self, found, content, attributes)
   if ok then ok, message = read_attributes(class, self, found, attributes) end
   if not ok then return nil, message end
   self._open = attribute.opening(tag, found)
   return setmetatable(self, class.metatable)
end

local function leaf(make, s)
   if type(s) ~= "string" then return nil, "expected a string, got a " .. type(s) end
   local markup, message = make(s)
   if not markup then return nil, message end
   return setmetatable({ _markup = markup }, LEAF)
end

--- A text, a comment, or ready markup as a node. @return[2] nil, (string) why XML can't hold it
function node.text(s) return leaf(xml.text, s) end
function node.comment(s) return leaf(xml.comment, s) end
function node.raw(s) return leaf(xml.fragment, s) end

-- Steps: methods of every element -----------------------------------------------------------------

local steps = {}
node.steps = steps

--- The document as text, the same for the same document.
-- @param options (table, optional) declaration = false leaves `<?xml ...?>` out
-- @return (string)
function steps:to_xml(options)
   local bare = options and options.declaration == false
   return xml.write(self, bare and "" or xml.DECLARATION)
end

--- Adds a node that was made elsewhere, or a text.
-- @return the element itself; raises if the child can't stand here
function steps:append(child)
   local ok, message = push(class_of(self), self, child)
   if not ok then error(message, 2) end
   return self
end

--- Adds a text. @return the element itself
function steps:text(s)
   local child, message = node.text(s)
   if not child then error(message, 2) end
   push_node(class_of(self), self, child, LEAF)
   return self
end

--- Adds a comment. @return the element itself
function steps:comment(s)
   local child, message = node.comment(s)
   if not child then error(message, 2) end
   push_node(class_of(self), self, child, LEAF)
   return self
end

--- Adds ready markup, as twiml.raw checks it. @return the element itself
function steps:raw(s)
   local child, message = node.raw(s)
   if not child then error(message, 2) end
   push_node(class_of(self), self, child, LEAF)
   return self
end

--- Adds an element outside the grammar; arguments as for twiml.element. @return the new element
function steps:element(tag, content, attributes)
   local child, message = node.element(tag, content, attributes)
   if not child then error(message, 2) end
   rawset(self, #self + 1, child)
   return child
end

-- Classes' metatables -----------------------------------------------------------------------------

--- The metatable of a class's nodes.
-- @param class (table)
-- @param methods (table) what node.name finds
function node.metatable(class, methods)
   return {
      twiml = class,
      __index = methods,
      __tostring = steps.to_xml,
      __newindex = function(self, key)
         error(
            ("<%s> can't be given '%s' now: attributes are set when an element is made"):format(self._tag, tostring(key)),
            2)
      end,
   }
end

local GENERIC = {}
GENERIC.metatable = node.metatable(GENERIC, steps)

--- An element outside the grammar: any attribute, any child. Results as node.new.
function node.element(tag, content, attributes)
   if type(tag) ~= "string" or not xml.is_name(tag) then
      return nil, ("'%s' can't name an element"):format(tostring(tag))
   end
   return node.new(GENERIC, tag, content, attributes)
end

return node
