---@meta twilio.twiml
-- Written by hand; the elements of each language are in twilio/twiml, which is generated.

---An element, a text or a comment; its tostring is the document. Elements of a language have a
---method for each child besides, `response:say("Hello", { voice = "Polly.Amy" })`, which returns
---the child.
---@class twilio.twiml.Node
local Node = {}

---The document as text, the same for the same document.
---
---Errors: none.
---```lua
---print(voice.Response { voice.Hangup() }:to_xml { declaration = false })
---```
---@param options? { declaration: boolean } false leaves `<?xml ...?>` out
---@return string xml
function Node:to_xml(options) end

---Adds a node that was made elsewhere, or a text.
---
---Errors: raises if the child can't stand here.
---```lua
---print(voice.Response():append(voice.Say "Hello"))
---```
---@param child twilio.twiml.Node|string
---@return twilio.twiml.Node self
function Node:append(child) end

---Adds a text.
---
---Errors: raises if XML can't hold the text, or the element holds none.
---```lua
---print(voice.Say():text "Hello")
---```
---@param s string|number UTF-8
---@return twilio.twiml.Node self
function Node:text(s) end

---Adds a comment.
---
---Errors: raises if it holds "--".
---```lua
---print(voice.Response():comment " from the night shift ")
---```
---@param s string UTF-8
---@return twilio.twiml.Node self
function Node:comment(s) end

---Adds ready markup, checked as in `twiml.raw`.
---
---Errors: raises if a document with it wouldn't be XML.
---```lua
---print(voice.Say():raw "Hello <break time='1s'/>")
---```
---@param markup string UTF-8
---@return twilio.twiml.Node self
function Node:raw(markup) end

---Adds an element outside the grammar.
---
---Errors: raises if XML has no such name.
---```lua
---local response = voice.Response()
---response:element("Future", { mode = "fast" })
---print(response)
---```
---@param tag string
---@param content? any a text, a node, or a table: children and attributes
---@param attributes? table where content is a text
---@return twilio.twiml.Any element the new one
function Node:element(tag, content, attributes) end

---The value of an attribute: a list is joined, another table is JSON.
---@alias twilio.twiml.Value string|number|boolean|table

---A node that may stand anywhere: an element outside the grammar, a text, a comment, markup.
---@class twilio.twiml.Any: twilio.twiml.Node

---The table of an element: children in its array part, attributes beside them.
---@class twilio.twiml.Attributes
---@field attributes? table<string, twilio.twiml.Value> whose names the grammar doesn't know

---Markup beyond TwiML's grammar: other elements, texts, comments, ready markup. The languages
---are in `twilio.twiml.voice`, `.messaging` and `.fax`. Also `twilio.twiml`.
---@class twilio.twiml
local twiml = {}

---An element outside the grammar: it stands anywhere and holds anything.
---
---Errors: raises if XML has no such name or text.
---```lua
---print(voice.Response { twiml.element("Future", { mode = "fast", voice.Say "Hello" }) })
---```
---@param tag string
---@param content? any a text, a node, or a table: children and attributes
---@param attributes? table where content is a text
---@return twilio.twiml.Any element
function twiml.element(tag, content, attributes) end

---A text, escaped as a bare string is; for code that handles nodes only.
---
---Errors: raises if XML can't hold the text.
---```lua
---print(voice.Say { twiml.text "5 < 6" })
---```
---@param s string|number UTF-8
---@return twilio.twiml.Any text
function twiml.text(s) end

---A comment, exactly as given.
---
---Errors: raises if it holds "--".
---```lua
---print(voice.Response { twiml.comment " nothing yet " })
---```
---@param s string UTF-8
---@return twilio.twiml.Any comment
function twiml.comment(s) end

---Ready markup, written as it is: SSML that the program has as text, or elements from elsewhere.
---
---Errors: raises if a document with it wouldn't be XML; there is no DTD.
---```lua
---print(voice.Say { twiml.raw "Hello <break time='1s'/>" })
---```
---@param markup string UTF-8: elements, each closed, text, references, comments, CDATA
---@return twilio.twiml.Any markup
function twiml.raw(markup) end

return twiml
