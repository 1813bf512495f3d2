-- cli/api/value.lua: the value of an option: text, @FILE, - or @- for standard input, @@text for
-- text that begins with @; and text as the type that a JSON body wants.

local json = require "twilio.util.lazy" "twilio.json" -- with the first value that isn't text

local value = {}

local function read(path, state)
   local file, message
   if path == "-" and state.is_input_read then return nil, "another option has it" end
   if path == "-" then state.is_input_read = true end
   if path == "-" then file = io.stdin else file, message = io.open(path, "rb") end
   local text
   if file then text, message = file:read "*a" end
   if file and path ~= "-" then file:close() end
   return text, message
end

--- Reads an option's value.
-- @param text (string) as it was written
-- @param state (table) of one command line: standard input is there for one option
-- @return (string)
-- @return[2] nil, (string) why it can't be read
function value.read(text, state)
   if text == "-" then text = "@-" end
   local path = text:match "^@(.*)$"
   if not path then return text end
   if path:sub(1, 1) == "@" then return path end
   local content, message = read(path, state)
   if not content and path == "-" then
      return nil, "can't be read from standard input: " .. message
   elseif not content then
      return nil, ("can't be read: %s (write @@ for text that begins with @)"):format(message)
   end
   return content
end

--- A JSON text, decoded. @return the value; or nil, (string) message
function value.json(text)
   local decoded, message = json.decode(text)
   if decoded == nil and text ~= "null" then return nil, "is no JSON: " .. tostring(message) end
   return decoded
end

local converters = {}

function converters.boolean(text)
   if text == "true" then return true end
   if text == "false" then return false end
   return nil, "must be true or false"
end

function converters.integer(text)
   if text:find "^%-?%d+$" then return (json.decode(text)) end
   return nil, "must be an integer"
end

function converters.number(text)
   local number = text:find "^%-?[%d.]+[eE]?[+-]?%d*$" and json.decode(text)
   if type(number) == "number" then return number end
   return nil, "must be a number"
end

function converters.object(text) return value.json(text) end

-- Anything: what looks like JSON is, what doesn't is text.
function converters.any(text)
   local looks = text:find "^%s*[%[{\"]" or text:find "^%-?%d+%.?%d*$" or text == "true"
      or text == "false"
   if not looks then return text end
   local decoded = json.decode(text)
   if decoded == nil then return text end
   return decoded
end

converters.JSON, converters.map = converters.any, converters.object

--- Text as a member of a JSON body.
-- @param text (string)
-- @param one (table) of twilio.describe: type, array, map, members
-- @return the value
-- @return[2] nil, (string) what is wrong with it, to stand after its name
function value.member(text, one)
   if one.map or one.members or one.type == "object" then return value.json(text) end
   local convert = converters[one.type]
   if not convert then return text end
   return convert(text)
end

return value
