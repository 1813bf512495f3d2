-- twiml.lua: the parts of a TwiML document that no grammar has: any element, texts, comments, ready
-- markup.
--
-- The verbs and nouns are in twilio.twiml.voice, .messaging and .fax; what is made here can stand
-- in all of them. Must not know the client.

local node = require "twilio.twiml.node"

local twiml = {}

--- An element outside the grammar: it stands anywhere and holds anything.
-- @param tag (string)
-- @param content (nil | string | number | node | table: children in its array part, attributes in
--    its hash part);
-- attribute names are wire names, taken as they are
-- @param attributes (table, optional) for when content is a text
-- @return a node, with the methods append, text, comment, raw, element and to_xml; raises if XML
--    has no such name or text
function twiml.element(tag, content, attributes)
   local element, message = node.element(tag, content, attributes)
   if not element then error(message, 2) end
   return element
end

--- A text, escaped as a bare string is; for code that handles nodes only.
-- @param s (string) UTF-8
-- @return a node; raises if XML can't hold the text
function twiml.text(s)
   local text, message = node.text(s)
   if not text then error(message, 2) end
   return text
end

--- A comment, exactly as given: spaces inside are the caller's.
-- @param s (string) UTF-8
-- @return a node; raises if it holds "--" or what XML can't hold
function twiml.comment(s)
   local comment, message = node.comment(s)
   if not comment then error(message, 2) end
   return comment
end

--- Ready markup, written as it is: SSML that the program has as text, or elements from elsewhere:
-- voice.Say { twiml.raw '<break time="1s"/> and <emphasis>on</emphasis>' }. Never make it of what
-- users wrote: that is for strings, which are escaped.
-- @param markup (string) UTF-8: elements, each closed, text, references, comments, CDATA; no DTD
-- @return a node; raises if a document with it wouldn't be XML
function twiml.raw(markup)
   local raw, message = node.raw(markup)
   if not raw then error(message, 2) end
   return raw
end

return twiml
