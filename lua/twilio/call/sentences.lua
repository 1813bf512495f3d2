-- call/sentences.lua: the mistakes of one call's arguments as one text.
--
-- Loaded with the first mistake. Makes texts, and never raises.

local mistakes = require "twilio.util.mistakes"

local sentences = {}

local MOST_TOLD = 8 -- mistakes in one message

local POSITIONAL = "^arguments are named"

--- All mistakes of a call as one text.
-- @param messages (array of strings) in the order in which they are told
-- @return (string) "unknown parameter 'form'; missing required parameter 'to'"
function sentences.together(messages)
   local told = {}
   for _, message in ipairs(messages) do
      -- One item without a name speaks for all.
      local is_repeated = #told > 0 and message:find(POSITIONAL) and told[#told]:find(POSITIONAL)
      if not is_repeated then told[#told + 1] = message end
   end
   local more = #told - MOST_TOLD
   if more > 0 then told[MOST_TOLD + 1] = ("and %d more"):format(more) end
   return table.concat(told, "; ", 1, math.min(#told, MOST_TOLD + 1))
end

--- Says what is wrong with a name that an operation has no parameter for.
-- @param op (table) of operation.parse
-- @param name (any) the key in the caller's table
-- @return (string)
function sentences.unknown(op, name)
   if type(name) ~= "string" then
      local sentence = "arguments are named: { name = value }, found the %s %s"
      return sentence:format(type(name), tostring(name))
   end
   local names = {}
   for i, parameter in ipairs(op.parameters) do names[i] = parameter.name end
   return mistakes.unknown("parameter", name, names)
end

--- "missing required parameters 'to', 'channel'"
-- @param names (array of strings)
function sentences.missing(names)
   local plural = #names > 1 and "s" or ""
   return ("missing required parameter%s '%s'"):format(plural, table.concat(names, "', '"))
end

return sentences
