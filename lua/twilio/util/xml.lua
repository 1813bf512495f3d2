-- util/xml.lua: XML 1.0 as text: escaping, and writing a tree of elements out.
--
-- An element here is any table with `_open` ('<Say voice="amy"'), `_tag` ("Say") and children in
-- the array part, each of them an element or finished markup (string). Text that XML 1.0 can't hold
-- (control characters, bytes that aren't UTF-8) is refused, never altered: nil, message, which the
-- public function raises at the caller's line.

local xml = {}

xml.DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

local find, gsub, byte = string.find, string.gsub, string.byte

-- The characters beyond ASCII that XML 1.0 holds, by the first byte of their UTF-8 form; the rest
-- of that form as a pattern. Left out: overlong forms, surrogates, beyond U+10FFFF, U+FFFE and
-- U+FFFF.
local TAIL = "[\128-\191]"
local SEQUENCES = {}
for first = 0xC2, 0xDF do SEQUENCES[first] = "^" .. TAIL end
for first = 0xE1, 0xEE do SEQUENCES[first] = "^" .. TAIL .. TAIL end
for first = 0xF1, 0xF3 do SEQUENCES[first] = "^" .. TAIL .. TAIL .. TAIL end
SEQUENCES[0xE0] = "^[\160-\191]" .. TAIL
SEQUENCES[0xED] = "^[\128-\159]" .. TAIL
SEQUENCES[0xF0] = "^[\144-\191]" .. TAIL .. TAIL
SEQUENCES[0xF4] = "^[\128-\143]" .. TAIL .. TAIL

local function sequence_end(s, position, first)
   if first ~= 0xEF then return SEQUENCES[first] and select(2, find(s, SEQUENCES[first], position + 1)) end
   if find(s, "^\191[\190\191]", position + 1) then return nil end
   return select(2, find(s, "^" .. TAIL .. TAIL, position + 1))
end

-- nil if XML can hold the text, else what is wrong with it.
local function problem(s)
   local position = find(s, "[^\t\n\r -\127]")
   while position do
      local first = byte(s, position)
      local last = sequence_end(s, position, first)
      if not last then
         local why = first < 0x20 and "a control character" or "not a character in UTF-8 that XML can hold"
         return ("byte %d (0x%02X) is %s"):format(position, first, why)
      end
      position = find(s, "[^\t\n\r -\127]", last + 1)
   end
end

-- A parser turns a bare CR into LF, and tabs and line ends of an attribute into spaces: only
-- references keep them.
local REFERENCES = {
   ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;",
   ["\t"] = "&#x9;", ["\n"] = "&#xA;", ["\r"] = "&#xD;",
}

-- `odd` matches what is neither plain ASCII nor free of escaping: nearly all text has none and is
-- done after one look.
local function escaper(odd, special)
   return function(s)
      if not find(s, odd) then return s end
      local why = problem(s)
      if why then return nil, why end
      return (gsub(s, special, REFERENCES))
   end
end

--- Escapes text between tags.
-- @param s (string) UTF-8
-- @return (string)
-- @return[2] nil, (string) why XML can't hold it
xml.text = escaper("[^\t\n !-$%%'-;=?-\127]", "[&<>\r]")

--- Escapes an attribute's value, which then stands between double quotes; otherwise as xml.text.
xml.attribute = escaper("[^ !#-$%%'-;=-\127]", '[&<"\t\n\r]')

--- A comment, exactly as given: no space is added.
-- @return (string) markup
-- @return[2] nil, (string) why a comment can't hold it
function xml.comment(s)
   if find(s, "--", 1, true) or find(s, "-$") then return nil, "'--' or a '-' at the end can't stand in a comment" end
   local why = problem(s)
   if why then return nil, why end
   return "<!--" .. s .. "-->"
end

--- Returns true if a string can name an element or an attribute.
function xml.is_name(s)
   return find(s, "^[A-Za-z_:\128-\255][A-Za-z0-9_:.\128-\255-]*$") ~= nil and not problem(s)
end

local function write(element, out, n)
   if #element == 0 then
      out[n + 1], out[n + 2] = element._open, "/>"
      return n + 2
   end
   out[n + 1], out[n + 2] = element._open, ">"
   n = n + 2
   for i = 1, #element do
      local child = element[i]
      if type(child) == "string" then
         n = n + 1
         out[n] = child
      else
         n = write(child, out, n)
      end
   end
   out[n + 1], out[n + 2], out[n + 3] = "</", element._tag, ">"
   return n + 3
end

--- Writes an element and all below it.
-- @param element (table) see the head
-- @param prefix (string) what stands before it, such as xml.DECLARATION; "" for nothing
-- @return (string)
function xml.write(element, prefix)
   local out = { prefix }
   write(element, out, 1)
   return table.concat(out)
end

return xml
