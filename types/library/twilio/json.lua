---@meta twilio.json
-- Written by hand.

---@class twilio.json
---@field null twilio.Null
local json = {}

---@param t? table
---@return table
function json.object(t) end

---@param t? table
---@return table
function json.array(t) end

---@param t table
---@return boolean
function json.is_array(t) end

---@param t table
---@return table<string, true>?
function json.nulls(t) end

---@param value any
---@return any
function json.verbatim(value) end

---@param value any
---@return boolean
function json.is_verbatim(value) end

---@param text string
---@param keep_nulls? boolean
---@return any value
---@return string? message
function json.decode(text, keep_nulls) end

---@param value any
---@return string? text
---@return string? message
function json.encode(value) end

return json
