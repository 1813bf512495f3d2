-- cli/util/twiml_check.lua: a TwiML document against the library's grammar: elements that can't
-- stand where they do, unknown attributes, what isn't XML; each with its line and column.
--
-- The reader is expat (LuaExpat). Must not know files.

local closest = require "twilio.util.closest"
local core = require "twilio.core"
local grammar = require "twilio.twiml.grammar"

local twiml_check = {}

--- The vocabularies: voice, messaging, fax.
twiml_check.kinds = { "voice", "messaging", "fax" }

-- "TAG{} attribute attribute, > CHILD ..." -> { tag, attributes, children = tag -> class }
local function read_classes(lines)
   local classes = {}
   for name, line in pairs(lines) do
      local tag, attributes, children = line:match "^([^ {]+){?}?([^>]*)>?(.*)$"
      local class = { tag = tag, attributes = {}, names = {}, children = children }
      for word in attributes:gmatch "[^%s,]+" do
         class.attributes[word] = true
         table.insert(class.names, word)
      end
      classes[name] = class
   end
   for _, class in pairs(classes) do
      local by_tag, tags = {}, {}
      for child in class.children:gmatch "%S+" do
         by_tag[classes[child].tag] = classes[child]
         tags[#tags + 1] = classes[child].tag
      end
      table.sort(tags, core.less)
      class.children, class.tags = by_tag, tags
   end
   return classes
end

local known = {}

local function classes_of(kind)
   known[kind] = known[kind] or read_classes(grammar[kind])
   return known[kind]
end

local function meant(name, names)
   local found = closest(name, names)
   return found and (" (did you mean '%s'?)"):format(found) or ""
end

-- "<Dial>, <Refer>": where a tag may stand; nil if nowhere.
local function places(classes, tag)
   local found, seen = {}, {}
   for _, class in pairs(classes) do
      if class.children[tag] and not seen[class.tag] then
         seen[class.tag] = true
         found[#found + 1] = "<" .. class.tag .. ">"
      end
   end
   table.sort(found, core.less)
   return found[1] and table.concat(found, ", ")
end

local function of_element(classes, parent, tag)
   if not parent then
      if tag == "Response" then return classes.Response end
      return nil, ("the root is <%s>, not <Response>"):format(tag)
   end
   local class = parent.children[tag]
   if class then return class end
   local where = places(classes, tag)
   if where then
      return nil, ("<%s> can't stand in <%s> (it can in %s)"):format(tag, parent.tag, where)
   end
   return nil, ("<%s> is no element of <%s>%s"):format(tag, parent.tag, meant(tag, parent.tags))
end

--- Checks a document.
-- @param text (string) the document
-- @param kind (string) "voice", "messaging" or "fax"
-- @return (array) of { line, column, message }, in the order of the document; empty if all is well
function twiml_check.check(text, kind)
   local classes, found, stack, parser = classes_of(kind), {}, {}, nil
   local function tell(message)
      local line, column = parser:pos()
      found[#found + 1] = { line = line, column = column, message = message }
   end
   local callbacks = {}

   function callbacks.StartElement(_, tag, attributes)
      local parent = stack[#stack]
      local class, message
      if parent ~= false then class, message = of_element(classes, parent, tag) end
      if message then tell(message) end
      for _, name in ipairs(attributes) do
         local is_foreign = name:find(":", 1, true) or name == "xmlns"
         if class and not class.attributes[name] and not is_foreign then
            tell(("unknown attribute '%s' of <%s>%s"):format(name, tag, meant(name, class.names)))
         end
      end
      stack[#stack + 1] = class or false -- below an unknown element nothing is known
   end

   function callbacks.EndElement() stack[#stack] = nil end

   function callbacks.StartDoctypeDecl()
      tell "a document type isn't allowed: Twilio refuses it"
      parser:stop()
   end

   parser = require("lxp").new(callbacks)
   local ok, message, line, column = parser:parse(text)
   if ok then ok, message, line, column = parser:parse() end
   if not ok and not (#found > 0 and found[#found].message:find "document type") then
      found[#found + 1] = { line = line or 1, column = column or 1, message = tostring(message) }
   end
   pcall(parser.close, parser)
   return found
end

--- The vocabulary that a document is nearest to.
-- @return (string) of twiml_check.kinds
function twiml_check.kind_of(text)
   local best, least = nil, math.huge
   for _, kind in ipairs(twiml_check.kinds) do
      local count = #twiml_check.check(text, kind)
      if count < least then best, least = kind, count end
   end
   return best
end

return twiml_check
