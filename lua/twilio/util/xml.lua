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

local ENTITIES = { amp = true, lt = true, gt = true, quot = true, apos = true }

-- The end of the reference that begins at a place, or nil.
local function reference_end(s, place)
   local name, last = s:match("^&([A-Za-z]+);()", place)
   if not name then last = s:match("^&#%d+;()", place) or s:match("^&#x%x+;()", place) end
   return (not name or ENTITIES[name]) and last or nil
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
local DOUBLE = "^[ \t-\r]+" .. NAME .. '[ \t-\r]*=[ \t-\r]*"([^<"]*)"()'
local SINGLE = "^[ \t-\r]+" .. NAME .. "[ \t-\r]*=[ \t-\r]*'([^<']*)'()"

-- The name of the tag that begins at a place, whether it is empty, and where it ends; or nil.
local function read_tag(s, place)
   local name, after = s:match("^<(" .. NAME .. ")()", place)
   while name do
      local value, next_one = s:match(DOUBLE, after)
      if not value then value, next_one = s:match(SINGLE, after) end
      if not value then break end
      if not has_only_references(value) then return nil end
      after = next_one
   end
   if not name then return nil end
   local slash, last = s:match("^[ \t-\r]*(/?)>()", after)
   return slash and name, slash == "/", last
end

-- Sections that begin with a '<' and aren't tags: prefix, end.
local SECTIONS = { { "<!--", "-->" }, { "<![CDATA[", "]]>" } }

local function section_end(s, place)
   for _, section in ipairs(SECTIONS) do
      if s:sub(place, place + #section[1] - 1) == section[1] then
         local _, last = find(s, section[2], place + #section[1], true)
         return last and last + 1
      end
   end
end

--- Checks ready markup: elements, text, references, comments and CDATA, each element closed.
-- @param s (string) UTF-8
-- @return (string) the same
-- @return[2] nil, (string) why it can't stand in a document
function xml.fragment(s)
   local ok, message = check(s)
   if not ok then return nil, message end
   local open, place = {}, find(s, "[<&]")
   while place do
      local after
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
