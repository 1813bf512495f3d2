---@meta twilio.twiml
-- Written by hand; the elements of each language are in twilio/twiml, which is generated.

-- An element, a text or a comment; its tostring is the document.
---@class twilio.twiml.Node
---@field to_xml fun(self, options?: { declaration: boolean }): string
---@field append fun(self, child: twilio.twiml.Node): twilio.twiml.Node
---@field text fun(self, s: string|number): twilio.twiml.Node
---@field comment fun(self, s: string): twilio.twiml.Node
---@field raw fun(self, markup: string): twilio.twiml.Node
---@field element fun(self, tag: string, content?: any, attributes?: table): twilio.twiml.Node

-- The value of an attribute: a list is joined, another table is JSON.
---@alias twilio.twiml.Value string|number|boolean|table

---@alias twilio.twiml.Content string|number|twilio.twiml.Node

-- The table of an element: children in its array part, attributes beside them.
---@class twilio.twiml.Attributes
---@field attributes? table<string, twilio.twiml.Value>
---@field [integer] string|number|false|twilio.twiml.Node

---@class twilio.twiml
local twiml = {}

---@param tag string
---@param content? any
---@param attributes? table
---@return twilio.twiml.Node
function twiml.element(tag, content, attributes) end

---@param s string|number
---@return twilio.twiml.Node
function twiml.text(s) end

---@param s string
---@return twilio.twiml.Node
function twiml.comment(s) end

---@param markup string
---@return twilio.twiml.Node
function twiml.raw(markup) end

return twiml
