-- cli/output/json.lua: JSON for people and pipes: indented, or one line; safe for a terminal.

local json = require "twilio.json"
local plain = require "twilio.cli.util.plain"

local pretty = {}

-- Escapes what json.encode leaves as it is and a terminal would obey: DEL, C1, bidirectional marks.
-- Bytes that are no UTF-8 become U+FFFD, which JSON can hold.
local function escaped(text)
   if not text:find "[\127-\255]" then return text end
   local out, at = {}, 1
   while true do
      local special = text:find("[\127-\255]", at)
      out[#out + 1] = text:sub(at, (special or 0) - 1)
      if not special then return table.concat(out) end
      local sequence = plain.sequence_at(text, special)
      local code = sequence and plain.hidden(sequence)
      if text:sub(special, special) == "\127" then
         out[#out + 1] = "\\u007f"
      elseif code then
         out[#out + 1] = ("\\u%04x"):format(code)
      else
         out[#out + 1] = sequence or "\239\191\189"
      end
      at = special + (sequence and #sequence or 1)
   end
end

--- A value as JSON on one line.
-- @return (string); or nil, (string) message
function pretty.line(value)
   local text, message = json.encode(value)
   if not text then return nil, message end
   return escaped(text)
end

-- The place of the quote that ends the string whose first quote stands at `from`.
local function string_end(text, from)
   local at = from + 1
   while true do
      at = text:find('["\\]', at)
      if text:sub(at, at) == '"' then return at end
      at = at + 2
   end
end

--- JSON text with line ends and indents. Works on the text, so that digits and order stay.
-- @param text (string) valid JSON without blanks between its tokens
-- @return (string)
function pretty.indented(text)
   local out, depth, at = {}, 0, 1
   local function line(change)
      depth = depth + change
      return "\n" .. ("  "):rep(depth)
   end
   while at <= #text do
      local char, stop = text:sub(at, at), at
      if char == '"' then
         stop = string_end(text, at)
         char = text:sub(at, stop)
      elseif char == "{" or char == "[" then
         local empty = text:match("^[]}]", at + 1)
         if empty then stop = at + 1 end
         char = empty and char .. empty or char .. line(1)
      elseif char == "}" or char == "]" then
         char = line(-1) .. char
      elseif char == "," then
         char = char .. line(0)
      elseif char == ":" then
         char = ": "
      end
      out[#out + 1] = char
      at = stop + 1
   end
   return table.concat(out)
end

return pretty
