-- cli/output/table.lua: records as a table that fits the terminal, and one record as a list of its
-- fields.

local cell = require "twilio.cli.output.cell"
local columns = require "twilio.cli.output.columns"
local plain = require "twilio.cli.util.plain"
local width = require "twilio.cli.util.width"

local M = {}

local GAP, WIDEST, NARROWEST = 2, 40, 6
local ENOUGH = 12 -- columns of a wider one that are worth showing

local function cells_of(records, name)
   local texts, widest = {}, width.of(name)
   for i, record in ipairs(records) do
      texts[i] = plain.text(cell.text(cell.field(record, name)))
      widest = math.max(widest, width.of(texts[i]))
   end
   return { name = name, texts = texts, width = widest }
end

local function total(list)
   local sum = -GAP
   for _, one in ipairs(list) do sum = sum + one.width + GAP end
   return sum
end

-- Columns that somebody asked for are all there: the widest are narrowed until they fit.
local function narrow(list, room)
   while total(list) > room do
      local widest = list[1]
      for _, one in ipairs(list) do
         if one.width > widest.width then widest = one end
      end
      if widest.width <= NARROWEST then return end
      widest.width = math.max(NARROWEST, widest.width - (total(list) - room))
   end
end

-- The first columns that have room; a wide one may be cut to what is left. A column of nothing but
-- blanks tells nothing.
local function choose(records, room)
   local list = {}
   for _, name in ipairs(columns.of(records)) do
      local one = cells_of(records, name)
      if table.concat(one.texts) ~= "" then
         local left = room - (#list > 0 and total(list) + GAP or 0)
         local enough = math.min(one.width, one.width > ENOUGH and ENOUGH or WIDEST)
         one.width = math.min(one.width, WIDEST, math.max(left, enough))
         if one.width <= left or #list == 0 then list[#list + 1] = one end
      end
   end
   return list
end

local function line_of(list, text_of, is_last_filled)
   local parts = {}
   for i, one in ipairs(list) do
      local text = text_of(one)
      parts[i] = (i < #list or is_last_filled) and width.fit(text, one.width)
         or width.cut(text, one.width)
   end
   return (table.concat(parts, (" "):rep(GAP)):gsub(" +$", ""))
end

--- Records as a table.
-- @param records (array)
-- @param fields (array | nil) names; those that tell most and have room unless given
-- @param room (number) columns of the terminal
-- @param bold (function) text -> text, for the heading
-- @return (array of strings) lines
function M.records(records, fields, room, bold)
   local list
   if fields then
      list = {}
      for i, name in ipairs(fields) do list[i] = cells_of(records, name) end
   else
      list = choose(records, room)
   end
   narrow(list, room)
   local lines = { bold(line_of(list, function(one) return plain.text(one.name) end)) }
   for i = 1, #records do
      lines[#lines + 1] = line_of(list, function(one) return one.texts[i] end)
   end
   return lines
end

--- One record as a list: a name and its value on a line, long values on several.
-- @param fields (array | nil) as for records; all unless given
function M.record(record, fields, room, bold)
   local names, widest = fields or columns.of({ record }, true), 0
   for _, name in ipairs(names) do widest = math.max(widest, width.of(name)) end
   local lines = {}
   for _, name in ipairs(names) do
      local text = plain.text(cell.text(cell.field(record, name)))
      local rest = math.max(NARROWEST, room - widest - GAP)
      for i, part in ipairs(width.wrap(text, rest)) do
         local head = width.fit(i == 1 and plain.text(name) or "", widest)
         lines[#lines + 1] = ((i == 1 and bold(head) or head) .. (" "):rep(GAP) .. part)
            :gsub(" +$", "")
      end
   end
   return lines
end

return M
