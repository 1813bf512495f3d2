-- call/sentences.lua: the mistakes of one call's arguments as one text.
--
-- Loaded with the first mistake. Makes texts, and never raises.

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

--- "missing required parameters 'to', 'channel'"
-- @param names (array of strings)
function sentences.missing(names)
   local plural = #names > 1 and "s" or ""
   return ("missing required parameter%s '%s'"):format(plural, table.concat(names, "', '"))
end

return sentences
