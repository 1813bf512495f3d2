-- sandbox/schema/write.lua: an answer as JSON text: the same text as json.encode's.
--
-- Answers of one schema have the same members. A class, made once for a schema, holds their order
-- and their names as text, so that only values are written each time. Texts that come again and
-- again (SIDs of accounts, dates, numbers) are kept as they were written. Tables with other marks
-- are left to json.encode. Must not know schemas or records.

local core = require "twilio.core"
local json = require "twilio.json"

local write = {}

local concat, sort = table.concat, table.sort
local NULL = json.null
local OBJECT, ARRAY = getmetatable(json.object {}), getmetatable(json.array {})

-- Texts ------------------------------------------------------------------------------------------

local LONGEST, MOST = 200, 2000 -- bytes of a text that is kept, texts
local kept, kept_count = {}, 0

local function keep(text, written)
   if kept_count >= MOST then kept, kept_count = {}, 0 end
   kept[text], kept_count = written, kept_count + 1
   return written
end

local function quote(text)
   local written = kept[text]
   if written then return written end
   written = json.encode(text)
   return #text <= LONGEST and keep(text, written) or written
end

--- Tells that a text has no character that JSON escapes: a URL that is percent-encoded.
function write.is_plain(text)
   if not kept[text] and #text <= LONGEST then keep(text, '"' .. text .. '"') end
end

-- Objects ----------------------------------------------------------------------------------------

-- Another member than the class has.
local function add_other(t, name, value) rawset(setmetatable(t, OBJECT), name, value) end

--- The metatable of objects that have these members and no others: for json.* they are what
-- json.object makes.
-- @param names (array of strings) is sorted
-- @param are_plain (boolean | nil) true: all values are texts as of is_plain
function write.class(names, are_plain)
   sort(names, core.less)
   local order = { are_plain = are_plain }
   for i, name in ipairs(names) do
      order[i] = { name = name, head = (i > 1 and "," or "{") .. quote(name) .. ":" }
   end
   return {
      __name = "json object", twilio_json = { kind = "object" }, order = order,
      __newindex = add_other,
   }
end

-- Writing ----------------------------------------------------------------------------------------

-- The parts of the text that is being written, and their number: nothing that writes waits for
-- anything.
local parts, count = {}, 0
local MOST_PARTS = 4096 -- are kept for the next text

local add

-- Each adds a value's text, and returns false where it has none.
local function add_members(t)
   local names = {}
   for name in pairs(t) do
      if type(name) ~= "string" then return false end
      names[#names + 1] = name
   end
   sort(names, core.less)
   for i, name in ipairs(names) do
      parts[count + 1] = (i > 1 and "," or "{") .. quote(name) .. ":"
      count = count + 1
      if not add(t[name]) then return false end
   end
   count = count + 1
   parts[count] = #names > 0 and "}" or "{}"
   return true
end

local function add_in_order(t, order)
   local before, are_plain = count, order.are_plain
   for i = 1, #order do
      local member = order[i]
      local value = t[member.name]
      if value == nil then
         count = before
         return add_members(t)
      end
      count = count + 1
      parts[count] = member.head
      if are_plain then
         count = count + 1
         parts[count] = '"' .. value .. '"'
      elseif not add(value) then
         return false
      end
   end
   count = count + 1
   parts[count] = #order > 0 and "}" or "{}"
   return true
end

local function add_items(t)
   local number = 0
   for _ in pairs(t) do number = number + 1 end
   if number ~= #t then return false end
   count = count + 1
   parts[count] = "["
   for i = 1, number do
      if i > 1 then
         count = count + 1
         parts[count] = ","
      end
      if not add(t[i]) then return false end
   end
   count = count + 1
   parts[count] = "]"
   return true
end

local function add_other_value(value)
   local text = json.encode(value)
   count = count + 1
   parts[count] = text
   return text ~= nil
end

local function add_table(t)
   local marks = getmetatable(t)
   if marks == OBJECT then return add_members(t) end
   if marks == ARRAY then return add_items(t) end
   local order = type(marks) == "table" and rawget(marks, "order")
   if order then return add_in_order(t, order) end
   return add_other_value(t)
end

function add(value)
   if value == NULL then
      count = count + 1
      parts[count] = "null"
      return true
   end
   local kind = type(value)
   if kind == "string" then
      count = count + 1
      parts[count] = kept[value] or quote(value)
      return true
   end
   if kind == "table" then return add_table(value) end
   if kind == "boolean" then
      count = count + 1
      parts[count] = value and "true" or "false"
      return true
   end
   return add_other_value(value)
end

--- Writes a value.
-- @return as json.encode
function write.text(value)
   count = 0
   local text = add(value) and concat(parts, "", 1, count)
   if count > MOST_PARTS then parts = {} end
   if text then return text end
   return json.encode(value)
end

return write
