---@meta twilio.json
-- Written by hand.

---JSON that can be sent back unchanged: a null that was received is absent, and is written again
---unless the program has set the field; an empty array stays one; integers keep every digit. Also
---`twilio.json`.
---@class twilio.json
---@field null twilio.Null JSON's null, for values to be sent
local json = {}

---Marks a table as a JSON object, so that it is `{}` even when empty.
---
---Errors: none.
---```lua
---print(json.encode { attributes = json.object {} })   -- {"attributes":{}}
---```
---@param t? table a new one
---@return table t
function json.object(t) end

---Marks a table as a JSON array, so that it is `[]` even when empty.
---
---Errors: none.
---```lua
---print(json.encode { tags = json.array {} })          -- {"tags":[]}
---```
---@param t? table a new one
---@return table t
function json.array(t) end

---Returns true for a table that goes out as an array: a decoded array, one of json.array, or a
---sequence.
---
---Errors: none.
---```lua
---print(json.is_array(json.decode "[]"), json.is_array(json.decode "{}"))
---```
---@param t table
---@return boolean is_array
function json.is_array(t) end

---The members of a decoded table that were null and that the program has not set.
---
---Errors: none.
---```lua
---local record = json.decode '{"a":null}'
---print(record.a, json.nulls(record).a)                -- nil  true
---```
---@param t table
---@return table<string, true>? nulls not to be changed
function json.nulls(t) end

---A value that is written as it is, by whoever would spell the names in it otherwise.
---
---Errors: none.
---```lua
---print(json.is_verbatim(json.verbatim { displayName = "x" }))
---```
---@param value any what has a JSON form; nil is null
---@return any value
function json.verbatim(value) end

---Returns true for what json.verbatim makes.
---
---Errors: none.
---```lua
---print(json.is_verbatim {})
---```
---@param value any
---@return boolean is_verbatim
function json.is_verbatim(value) end

---Decodes a JSON text.
---
---Errors: a text that isn't JSON returns `nil, message`.
---```lua
---local value, message = json.decode '{"sid":"SM1","parts":[1,2]}'
---print(value and value.parts[2] or message)
---```
---@param text string
---@param keep_nulls? boolean true: null members are json.null in the place of absent
---@return any value
---@return string? message
function json.decode(text, keep_nulls) end

---Encodes a value. Members are sorted by name.
---
---Errors: a value without a JSON form (a function, a cycle, an infinite number) returns
---`nil, message`.
---```lua
---print(json.encode { body = "Hello", media = json.array {}, price = json.null })
---```
---@param value any
---@return string? text
---@return string? message
function json.encode(value) end

return json
