-- util/xml.lua: XML 1.0 as text: escaping, and writing a tree of elements out.
--
-- An element here is any table with `_open` ('<Say voice="amy"'), `_tag` ("Say") and children in
-- the array part, each of them an element or finished markup (string). Text that XML 1.0 can't hold
-- (control characters, bytes that aren't UTF-8) is refused, never altered: nil, message, which the
-- public function raises at the caller's line.

local utf8 = require "twilio.util.utf8"

local xml = {}

xml.DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

local find, gsub, byte = string.find, string.gsub, string.byte

-- Of the characters of UTF-8, XML 1.0 holds neither U+FFFE nor U+FFFF.
local function sequence_end(s, position)
   if find(s, "^\239\191[\190\191]", position) then return nil end
   return utf8.sequence_end(s, position)
end

-- Checks that XML can hold a text. @return true; or nil, (string) why not
local function check(s)
   local position = find(s, "[^\t\n\r -\127]")
   while position do
      local first = byte(s, position)
      local last = sequence_end(s, position)
      if not last then
         local what = "not a character in UTF-8 that XML can hold"
         if first < 0x20 then what = "a control character" end
         return nil, ("byte %d (0x%02X) is %s"):format(position, first, what)
      end
      position = find(s, "[^\t\n\r -\127]", last + 1)
   end
   return true
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
      local ok, message = check(s)
      if not ok then return nil, message end
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
   if find(s, "--", 1, true) or find(s, "-$") then
      return nil, "'--' or a '-' at the end can't stand in a comment"
   end
   local ok, message = check(s)
   if not ok then return nil, message end
   return "<!--" .. s .. "-->"
end

local NAME = "[A-Za-z_:\128-\255][A-Za-z0-9_:.\128-\255-]*"

--- Returns true if a string can name an element or an attribute.
function xml.is_name(s)
   return find(s, "^" .. NAME .. "$") ~= nil and check(s) == true
end

--- Checks that XML can hold a text: characters in UTF-8 other than control characters.
-- @param s (string)
-- @return true; or nil, (string) why not
xml.check = check

--- The character that a reference stands for, if XML can hold it.
-- @param number (string) what is between "&#" and ";": "65", "x41"
-- @return (integer | nil) its code point
function xml.code_point(number)
   local hex, decimal = number:match "^x0*(%x+)$", number:match "^0*(%d+)$"
   local digits = hex or decimal
   if not digits or #digits > 7 then return nil end -- more are beyond any, and beyond numbers
   local code = tonumber(digits, hex and 16 or 10)
   local is_one = code == 0x9 or code == 0xA or code == 0xD or code >= 0x20 and code <= 0xD7FF
      or code >= 0xE000 and code <= 0xFFFD or code >= 0x10000 and code <= 0x10FFFF
   return is_one and code or nil
end

local ENTITIES = { amp = true, lt = true, gt = true, quot = true, apos = true }

-- The end of the reference that begins at a place, or nil.
local function reference_end(s, place)
   local name, last = s:match("^&([A-Za-z]+);()", place)
   if name then return ENTITIES[name] and last end
   name, last = s:match("^&#([0-9A-Fa-fx]+);()", place)
   return name and xml.code_point(name) and last
end

local function has_only_references(s)
   local place = find(s, "&", 1, true)
   while place do
      local after = reference_end(s, place)
      if not after then return false end
      place = find(s, "&", after, true)
   end
   return true
end

-- An attribute's value, in either quotes.
local DOUBLE = "^[ \t-\r]+(" .. NAME .. ')[ \t-\r]*=[ \t-\r]*"([^<"]*)"()'
local SINGLE = "^[ \t-\r]+(" .. NAME .. ")[ \t-\r]*=[ \t-\r]*'([^<']*)'()"

-- The name of the tag that begins at a place, whether it is empty, and where it ends; or nil.
local function read_tag(s, place)
   local name, after = s:match("^<(" .. NAME .. ")()", place)
   local seen = {}
   while name do
      local attribute, value, next_one = s:match(DOUBLE, after)
      if not value then attribute, value, next_one = s:match(SINGLE, after) end
      if not value then break end
      if seen[attribute] or not has_only_references(value) then return nil end
      seen[attribute], after = true, next_one
   end
   if not name then return nil end
   local slash, last = s:match("^[ \t-\r]*(/?)>()", after)
   return slash and name, slash == "/", last
end

-- The place after a comment or a CDATA section, which begin with a '<' and aren't tags; or nil.
local function section_end(s, place)
   local last, _
   if s:sub(place, place + 3) == "<!--" then
      _, last = find(s, "--", place + 4, true)
      last = last and byte(s, last + 1) == 62 and last + 1 -- "--" stands at its end only; 62: ">"
   elseif s:sub(place, place + 8) == "<![CDATA[" then
      _, last = find(s, "]]>", place + 9, true)
   end
   return last and last + 1
end

--- Checks ready markup: elements, text, references, comments and CDATA, each element closed.
-- @param s (string) UTF-8
-- @return (string) the same
-- @return[2] nil, (string) why it can't stand in a document
function xml.fragment(s)
   local ok, message = check(s)
   if not ok then return nil, message end
   local open, after, place = {}, 1, find(s, "[<&]")
   local mark = find(s, "]]>", 1, true) -- the end of a CDATA section, which can't stand in a text
   while true do
      if mark and mark < after then mark = find(s, "]]>", after, true) end
      if mark and mark < (place or math.huge) then
         return nil, ("byte %d: a ']]>' that ends no section"):format(mark)
      end
      if not place then break end
      local closing, last = s:match("^</(" .. NAME .. ")[ \t-\r]*>()", place)
      if closing then
         if open[#open] ~= closing then
            return nil, ("byte %d: </%s> has no start tag"):format(place, closing)
         end
         open[#open], after = nil, last
      elseif byte(s, place) == 38 then
         after = reference_end(s, place)
         if not after then return nil, ("byte %d: a '&' that begins no reference"):format(place) end
      else
         after = section_end(s, place)
         if not after then
            local name, is_empty, last_of_tag = read_tag(s, place)
            if not name then return nil, ("byte %d: a '<' that begins no tag"):format(place) end
            if not is_empty then open[#open + 1] = name end
            after = last_of_tag
         end
      end
      place = find(s, "[<&]", after)
   end
   if #open > 0 then return nil, ("<%s> isn't closed"):format(open[#open]) end
   return s
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
