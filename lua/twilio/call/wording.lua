-- call/wording.lua: how a caller's mistakes are told: after the operation's name, with a hint at
-- the help about it.
--
-- Loaded with the first mistake. Makes texts, and never raises.

local place = require "twilio.call.place"
local sentences = require "twilio.call.sentences"

local wording = {
   together = sentences.together, missing = sentences.missing, -- for whoever tells both
}

--- Two messages as one, either of which may be absent.
function wording.both(a, b)
   return a and b and a .. "; " .. b or a or b
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

--- A hint at the help about a call or a resource: '; see twilio.describe("messages:create")'.
-- @param target (list | instance)
-- @param method (string | nil)
-- @return (string) empty for what isn't in the API data
function wording.hint(target, method)
   local at = place.of_node(target._version, target._node)
   if not at then return "" end
   local side = target._side == target._node.item and "item" or "list"
   return ("; see twilio.describe(%q)"):format(place.name(at, side, method))
end

-- A wrong name or a missing one: help tells the right ones.
local function is_about_names(message)
   return message:find("unknown parameter '", 1, true)
      or message:find("missing required parameter", 1, true)
end

--- A mistake with its operation's name. A method that is called by a tail call has no line of its
-- own: the position of its mistake is the caller's caller's, and the name is what helps.
-- @param target (list | instance), method (string), message (string)
-- @return (string) "messages:create: unknown parameter 'form'", with a hint at the help
function wording.in_call(target, method, message)
   local hint = is_about_names(message) and wording.hint(target, method) or ""
   return ("%s:%s: %s%s"):format(wording.name(target), method, message, hint)
end

return wording
