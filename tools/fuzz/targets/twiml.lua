-- fuzz/targets/twiml.lua: ready markup, names, texts and comments in TwiML; and the documents that
-- the sandbox reads.
--
-- Each is refused, or expat takes the document that it stands in, and finds the same in it; the
-- sandbox takes no document that expat refuses, and the one that the library has written.

local document = require "twilio.sandbox.twiml.document"
local lxp = require "lxp"
local messaging = require "twilio.twiml.messaging"
local node = require "twilio.twiml.node"
local reader = require "reader"
local sandbox_xml = require "twilio.sandbox.twiml.xml"
local twiml = require "twilio.twiml"
local voice = require "twilio.twiml.voice"

-- A document as expat reads it: { tag, attributes, children ... }; or nil, message.
local function read(text)
   local stack = { {} }
   local function add(child)
      local children = stack[#stack]
      if type(child) == "string" and type(children[#children]) == "string" then
         children[#children] = children[#children] .. child
      else
         children[#children + 1] = child
      end
   end
   local parser = lxp.new {
      StartElement = function(_, tag, attributes)
         local element = { tag = tag, attributes = {} }
         for _, name in ipairs(attributes) do element.attributes[name] = attributes[name] end
         add(element)
         stack[#stack + 1] = element
      end,
      EndElement = function() stack[#stack] = nil end,
      CharacterData = function(_, piece) add(piece) end,
   }
   local ok, message = parser:parse(text)
   if ok then ok, message = parser:parse() end
   pcall(parser.close, parser)
   return ok and stack[1][1], message
end

-- Neighbouring texts as one, without empty ones.
local function joined(element)
   local whole = { tag = element.tag, attributes = element.attributes }
   for _, child in ipairs(element) do
      if type(child) == "table" then
         whole[#whole + 1] = joined(child)
      elseif type(whole[#whole]) == "string" then
         whole[#whole] = whole[#whole] .. child
      elseif child ~= "" then
         whole[#whole + 1] = child
      end
   end
   return whole
end

local function written(response)
   local text = tostring(response)
   local theirs, message = read(text)
   assert(theirs, "expat refuses a document: " .. tostring(message))
   return text, theirs
end

local function raw(text)
   local ok, piece = pcall(function()
      local made = twiml.raw(text)
      return made
   end)
   if not ok then return assert(piece:find("targets/twiml.lua", 1, true), piece) end
   written(voice.Response { piece })
end

local function comment(text)
   local piece = node.comment(text)
   if piece then written(voice.Response { piece }) end
end

local function element(text)
   local line, rest = text:match "^([^\n]*)\n?(.*)$"
   local piece = node.element(line, { rest, [line] = rest })
   if not piece then return end
   local response = voice.Response { piece, voice.Say { "x", voice = "alice" } }
   local document_text, theirs = written(response)
   assert(theirs[1].tag == line and theirs[1].attributes[line] == rest, "an attribute differs")
   assert((theirs[1][1] or "") == rest, "a text differs")
   reader.same(joined(assert(sandbox_xml.read(document_text))), theirs, "document")
end

local VERBS = { "say", "play", "gather", "dial", "sms", "message", "redirect", "enqueue", "pause" }

-- Steps and tables with any values: a document, or the caller's mistake.
local function verbs(text)
   local bytes = reader.bytes(text)
   local response = bytes:pick { voice, messaging }.Response()
   local ok, message
   for _ = 1, 3 do
      local verb, content, attributes = bytes:pick(VERBS), bytes:value(), bytes:value()
      ok, message = pcall(function() response[verb](response, content, attributes) end)
      if not ok then
         assert(type(message) == "string" and message:find("targets/twiml.lua", 1, true), message)
      end
   end
   written(response)
end

local function sandbox(text)
   local ours, message = sandbox_xml.read(text)
   if not ours then return assert(type(message) == "string") end
   if not text:find("<?xml", 1, true) then
      local theirs, reason = read(text)
      assert(theirs, "the sandbox takes what expat refuses: " .. tostring(reason))
      if not text:find "\r" then reader.same(joined(ours), theirs, "document") end
   end
   document.read("voice", text)
end

return {
   covers = {
      "lua/twilio/twiml.lua", "lua/twilio/twiml/node.lua", "lua/twilio/twiml/attribute.lua",
      "lua/twilio/util/xml.lua", "sandbox/lua/twilio/sandbox/twiml/xml.lua",
   },
   is_linear = true,
   run = function(input)
      raw(input)
      comment(input)
      element(input)
      if #input < 4096 then verbs(input) end
      sandbox(input)
   end,
}
