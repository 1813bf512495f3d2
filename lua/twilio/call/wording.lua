-- call/wording.lua: how a caller's mistakes are told: all of one call together, after the
-- operation's name.
--
-- Loaded with the first mistake. Makes texts, and never raises.

local mistakes = require "twilio.util.mistakes"

local wording = {}

local MOST_TOLD = 8 -- mistakes in one message

local POSITIONAL = "^arguments are named"

--- All mistakes of a call as one text.
-- @param messages (array of strings) in the order in which they are told
-- @return (string) "unknown parameter 'form'; missing required parameter 'to'"
function wording.together(messages)
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

--- Two messages as one, either of which may be absent.
function wording.both(a, b)
   return a and b and a .. "; " .. b or a or b
end

--- Says what is wrong with a name that an operation has no parameter for.
-- @param op (table) of operation.parse
-- @param name (any) the key in the caller's table
-- @return (string)
function wording.unknown(op, name)
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
function wording.missing(names)
   local plural = #names > 1 and "s" or ""
   return ("missing required parameter%s '%s'"):format(plural, table.concat(names, "', '"))
end

--- Says what is wrong with the client that a method was called on.
-- @return (string | nil)
function wording.of_client(client)
   -- client.request(...) instead of client:request(...)
   local is_client = type(client) == "table" and rawget(client, "transports")
   if not is_client then return "call it with a colon" end
   return client.closed and "the client is closed" or nil
end

-- Searches the data that was read so far: whoever holds a resource has asked for it by its name.
local function name_below(nodes, wanted)
   for name, node in pairs(nodes or {}) do
      if node == wanted then return name end
      if type(node) == "table" then
         local found = node.list and name_below(node.list.nodes, wanted)
            or node.item and name_below(node.item.nodes, wanted)
         if found then return found end
      end
   end
   return nil
end

--- The name by which a list or an instance was asked for: "verifications".
-- @param target (list | instance)
function wording.name(target)
   return name_below(target._version.nodes, target._node) or "resource"
end

--- A mistake with its operation's name. A method that is called by a tail call has no line of its
-- own: the position of its mistake is the caller's caller's, and the name is what helps.
-- @param target (list | instance), method (string), message (string)
-- @return (string) "messages:create: unknown parameter 'form'"
function wording.in_call(target, method, message)
   return ("%s:%s: %s"):format(wording.name(target), method, message)
end

return wording
