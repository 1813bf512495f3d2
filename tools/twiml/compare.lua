-- Makes the documents of compare.js again, by tables and by steps, and compares the bytes.
--
--    LUA_PATH="lua/?.lua;;" lua tools/twiml/compare.lua documents.json
--
-- Exits with 1 if a document differs, showing both.

local json = require "twilio.json"
local twiml = require "twilio.twiml"

local LANGUAGES = {
   voice = require "twilio.twiml.voice",
   messaging = require "twilio.twiml.messaging",
   fax = require "twilio.twiml.fax",
}

local function snake(name)
   return (name:gsub("[:-]", "_"):gsub("(%l)(%u)", "%1_%2"):lower())
end

local function snake_keys(t)
   local out = {}
   for name, value in pairs(t) do out[snake(name)] = value end
   return out
end

local function copy(t)
   local out = {}
   for name, value in pairs(t) do out[name] = value end
   return out
end

local to_node

local function add_children(vocabulary, document, steps)
   for _, step in ipairs(steps) do document[#document + 1] = to_node(vocabulary, step) end
   return document
end

function to_node(vocabulary, step)
   if step.comment then return twiml.comment(step.comment) end
   if step.tag then
      return twiml.element(step.tag, add_children(vocabulary, copy(step.attributes), step.steps))
   end
   if not step.name then return twiml.text(step.text) end
   local document = snake_keys(step.attributes)
   document[1] = step.text
   return vocabulary[step.name](add_children(vocabulary, document, step.steps))
end

local function by_steps(element, steps)
   for _, step in ipairs(steps) do
      if step.comment then element:comment(step.comment)
      elseif step.tag then by_steps(element:element(step.tag, step.attributes), step.steps)
      elseif not step.name then element:text(step.text)
      else
         local name = snake(step.method)
         by_steps(element[name](element, step.text, snake_keys(step.attributes)), step.steps)
      end
   end
   return element
end

local function compare(number, expected, got)
   if got == expected then return 0 end
   print(("document %d\n  expected %s\n  got      %s"):format(number, expected, got))
   return 1
end

local file = assert(
   io.open(assert(arg[1], "usage: lua tools/twiml/compare.lua documents.json"), "rb"))
local documents = assert(json.decode(file:read("*a")))
file:close()

local different = 0
for i, document in ipairs(documents) do
   local vocabulary = LANGUAGES[document.language]
   local by_tables = vocabulary.Response(add_children(vocabulary, {}, document.steps))
   different = different + compare(i, document.expected, tostring(by_tables))
   different = different + compare(
      i, document.expected, tostring(by_steps(vocabulary.Response(), document.steps)))
end
print(("%d documents, each made in two ways; %d differ"):format(#documents, different))
os.exit(different == 0 and 0 or 1)
