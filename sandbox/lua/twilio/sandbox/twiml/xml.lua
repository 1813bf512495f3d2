-- sandbox/twiml/xml.lua: reads an XML document, strictly, as far as TwiML goes: no DTD, no entities
-- of one's own.
--
-- A document is { tag =, attributes = { name = value }, children... }, a child being text or
-- another such table. Must not know TwiML.

local core = require "twilio.core"
local markup = require "twilio.util.xml"

local xml = {}

local DEEPEST = 200

local NAME = "([A-Za-z_:\128-\255][A-Za-z0-9_:.\128-\255-]*)"

local named = { amp = "&", lt = "<", gt = ">", quot = '"', apos = "'" }

-- Bytes of a code point in UTF-8; utf8.char isn't there on Lua 5.1.
local function utf8_bytes(code)
   if code < 0x80 then return string.char(code) end
   local bytes, limit = {}, 0x40
   while code >= limit do
      table.insert(bytes, 1, string.char(0x80 + code % 0x40))
      code, limit = math.floor(code / 0x40), #bytes == 1 and 0x20 or limit / 2
   end
   return string.char(256 - 2 * limit + code) .. table.concat(bytes)
end

local function character(reference)
   local number = reference:match "^#(.*)$"
   if not number then return named[reference] end
   local code = markup.code_point(number)
   return code and utf8_bytes(code)
end

-- Each reader takes the state and raises { message } for what isn't XML; read catches it.
local function fail(state, message)
   local _, lines = state.text:sub(1, state.at):gsub("\n", "")
   error({ message = ("line %d: %s"):format(lines + 1, message) }, 0)
end

local function resolve(state, text)
   if not text:find("&", 1, true) then return text end
   local rest = text:gsub("&[A-Za-z0-9#]+;", "")
   if rest:find("&", 1, true) then fail(state, "a & that isn't written &amp;") end
   return (text:gsub("&([A-Za-z0-9#]+);", function(reference)
      return character(reference) or fail(state, "unknown entity &" .. reference .. ";")
   end))
end

local function take(state, pattern)
   local from, to, a, b, c = state.text:find("^" .. pattern, state.at)
   if not from then return nil end
   state.at = to + 1
   return a or state.text:sub(from, to), b, c
end

local function read_attributes(state)
   local attributes = {}
   while true do
      local space = take(state, "[ \t-\r]+")
      local name = take(state, NAME .. "[ \t-\r]*=[ \t-\r]*")
      if not name then return attributes end
      if not space then fail(state, "no space before the attribute " .. name) end
      if attributes[name] then fail(state, "the attribute " .. name .. " stands twice") end
      local quote, value = take(state, "([\"'])(.-)%1")
      if not quote or value:find("<", 1, true) then
         fail(state, "the value of the attribute " .. name .. " isn't quoted well")
      end
      attributes[name] = resolve(state, value:gsub("[\t\r\n]", " "))
   end
end

-- Skips what may stand anywhere and means nothing here. @return (boolean) true if there was some
local function skip(state)
   local comment = take(state, "<!%-%-(.-)%-%->")
   if comment then
      if comment:find("--", 1, true) then fail(state, "-- in a comment") end
      return true
   end
   if not take(state, "<%?" .. NAME .. "%f[ \t-\r?]") then return false end
   if not take(state, ".-%?>") then fail(state, "a processing instruction isn't closed") end
   return true
end

local read_element

local function read_child(state, element, depth)
   local text = take(state, "([^<]+)")
   if text then
      if text:find("]]>", 1, true) then fail(state, "]]> in text") end
      element[#element + 1] = resolve(state, text)
      return
   end
   local cdata = take(state, "<!%[CDATA%[(.-)%]%]>")
   if cdata then
      element[#element + 1] = cdata
   elseif not skip(state) then
      element[#element + 1] = read_element(state, depth + 1)
   end
end

function read_element(state, depth)
   if depth > DEEPEST then fail(state, "nested too deeply") end
   local tag = take(state, "<" .. NAME)
   if not tag then
      fail(state,
         state.at > #state.text and "the document ends too early" or "an element was expected")
   end
   local element = { tag = tag, attributes = read_attributes(state) }
   if take(state, "/>") then return element end
   if not take(state, ">") then fail(state, "the tag <" .. tag .. " isn't closed") end
   while not take(state, "</" .. tag:gsub("[^A-Za-z0-9\128-\255]", "%%%0") .. "[ \t-\r]*>") do
      if state.text:find("^</", state.at) then fail(state, "another tag than </" .. tag .. ">") end
      read_child(state, element, depth)
   end
   return element
end

local function skip_around(state)
   repeat until not (take(state, "[ \t-\r]+") or skip(state))
end

-- A document whose declaration names another encoding is taken as it is.
local function check_characters(state)
   if state.text:find("%z") then fail(state, "a NUL byte") end
   local encoding = state.text:match "^<%?xml[^>]-encoding[ \t-\r]*=[ \t-\r]*[\"']([^\"']*)"
   if encoding and core.lower(encoding) ~= "utf-8" then return end
   local ok, message = markup.check(state.text)
   if not ok then fail(state, message) end
end

local function document(text)
   local state = { text = text, at = 1 }
   take(state, "\239\187\191") -- a byte order mark
   check_characters(state)
   if take(state, "<%?xml[ \t-\r]") and not take(state, ".-%?>") then
      fail(state, "the XML declaration isn't closed")
   end
   skip_around(state)
   if text:find("^<!DOCTYPE", state.at) then fail(state, "a document type isn't allowed") end
   local root = read_element(state, 1)
   skip_around(state)
   if state.at <= #text then fail(state, "something after the document") end
   return root
end

--- Reads a document.
-- @param text (string) UTF-8
-- @return (table) the root element
-- @return[2] nil, (string) where and why it isn't XML
function xml.read(text)
   local ok, result = pcall(document, text)
   if ok then return result end
   if type(result) == "table" then return nil, result.message end
   error(result, 0)
end

--- All text in an element, its children's too.
function xml.text(element)
   local parts = {}
   for i, child in ipairs(element) do
      parts[i] = type(child) == "table" and xml.text(child) or child
   end
   return table.concat(parts)
end

return xml
