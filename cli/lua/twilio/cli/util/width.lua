-- cli/util/width.lua: columns that a text takes on a terminal, and texts cut and filled to so many.
--
-- For texts of plain.text: UTF-8, without control characters. The table of code points is loaded
-- with the first text that isn't ASCII.

local plain = require "twilio.cli.util.plain"

local width = {}

-- Returns true if a code point is in a sorted list of first and last code points.
local function is_in(list, code)
   local low, high = 1, #list / 2
   while low <= high do
      local middle = math.floor((low + high) / 2)
      if code < list[2 * middle - 1] then
         high = middle - 1
      elseif code > list[2 * middle] then
         low = middle + 1
      else
         return true
      end
   end
   return false
end

local function code_of(sequence)
   local first = sequence:byte()
   local code = #sequence == 2 and first - 0xC0 or #sequence == 3 and first - 0xE0 or first - 0xF0
   for i = 2, #sequence do code = code * 64 + sequence:byte(i) - 0x80 end
   return code
end

local function columns_of(sequence)
   if #sequence == 1 then return 1 end
   local ranges, code = require "twilio.cli.util.width_ranges", code_of(sequence)
   if code < 0x300 then return 1 end
   return is_in(ranges.zero, code) and 0 or is_in(ranges.wide, code) and 2 or 1
end

--- Columns of a text.
function width.of(text)
   if not text:find "[\128-\255]" then return #text end
   local columns, at = 0, 1
   while at <= #text do
      local sequence = plain.sequence_at(text, at) or text:sub(at, at)
      columns, at = columns + columns_of(sequence), at + #sequence
   end
   return columns
end

local ELLIPSIS = "\226\128\166"

--- A text cut to at most so many columns, with an ellipsis where something is missing.
function width.cut(text, most)
   if width.of(text) <= most then return text end
   local columns, at = 0, 1
   while at <= #text do
      local sequence = plain.sequence_at(text, at) or text:sub(at, at)
      local more = columns_of(sequence)
      if columns + more > most - 1 then break end
      columns, at = columns + more, at + #sequence
   end
   return text:sub(1, at - 1) .. ELLIPSIS
end

--- A text cut or filled with blanks to exactly so many columns.
function width.fit(text, columns)
   text = width.cut(text, columns)
   return text .. (" "):rep(columns - width.of(text))
end

--- A text in lines of at most so many columns, broken at blanks where there are some.
-- @return (array of strings)
function width.wrap(text, columns)
   local lines = {}
   while width.of(text) > columns do
      local used, at, blank = 0, 1, nil
      while at <= #text do
         local sequence = plain.sequence_at(text, at) or text:sub(at, at)
         local more = columns_of(sequence)
         if used + more > columns and at > 1 then break end
         if sequence == " " then blank = at end
         used, at = used + more, at + #sequence
      end
      local cut = blank and blank > 1 and text:sub(at, at) ~= " " and blank or at
      lines[#lines + 1] = (text:sub(1, cut - 1):gsub(" +$", ""))
      text = text:sub(cut):gsub("^ +", "")
   end
   if text ~= "" or #lines == 0 then lines[#lines + 1] = text end
   return lines
end

return width
