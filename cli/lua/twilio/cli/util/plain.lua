-- cli/util/plain.lua: a text without anything that a terminal would obey: control characters, bytes
-- that are no UTF-8, marks that turn the direction of writing. They are shown as escapes: \n, \x1b,
-- \u202e. Printable text stays as it is.

local utf8 = require "twilio.util.utf8"

local plain = {}

local short = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

-- Beyond single bytes: C1 controls (U+0080 to U+009F), line and paragraph separators, and the
-- directional marks (U+202A to U+202E, U+2066 to U+2069). Lead bytes -> from, to, first code point
-- of the last byte's block.
local hidden = {
   ["\194"] = { { 0x80, 0x9F, 0x80 } },
   ["\226\128"] = { { 0xA8, 0xAE, 0x2028 } },
   ["\226\129"] = { { 0xA6, 0xA9, 0x2066 } },
}

local function is_hidden(sequence)
   local last = sequence:byte(-1)
   for _, range in ipairs(hidden[sequence:sub(1, -2)] or {}) do
      if last >= range[1] and last <= range[2] then return range[3] + last - range[1] end
   end
   return nil
end

-- The bytes of the UTF-8 sequence that begins at `at`, or nil.
local function sequence_at(text, at)
   local last = utf8.sequence_end(text, at)
   return last and text:sub(at, last)
end

plain.sequence_at = sequence_at

--- The code point of a UTF-8 sequence that no terminal should get, or nil.
plain.hidden = is_hidden

--- The text with escapes in the place of all that isn't printable.
-- @param text (string)
-- @return (string) one line of UTF-8
function plain.text(text)
   if not text:find "[%z\1-\31\127-\255]" then return text end
   local out, at = {}, 1
   while true do
      local special = text:find("[%z\1-\31\127-\255]", at)
      out[#out + 1] = text:sub(at, (special or 0) - 1)
      if not special then return table.concat(out) end
      local sequence = sequence_at(text, special)
      local code = sequence and is_hidden(sequence)
      if sequence and not code then
         out[#out + 1] = sequence
      elseif code then
         out[#out + 1] = code < 256 and ("\\x%02x"):format(code) or ("\\u%04x"):format(code)
      else
         local byte = text:sub(special, special)
         out[#out + 1] = short[byte] or ("\\x%02x"):format(byte:byte())
      end
      at = special + (sequence and #sequence or 1)
   end
end

return plain
