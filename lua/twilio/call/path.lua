-- call/path.lua: path arguments, bound to the placeholders of a path.

local core = require "twilio.core"
local operation = require "twilio.call.operation"
local serialize = require "twilio.util.lazy" "twilio.call.serialize" -- with the first odd value

local path = {}

--- Binds path arguments.
-- @param names (array) of the path's placeholders, wire names
-- @param given (array) the caller's values, in that order
-- @return (table) wire name -> encoded text
-- @return[2] nil, (string) the caller's mistake: a missing one would turn a fetch into a list
function path.bind(names, given)
   local values = {}
   for i, name in ipairs(names) do
      local text, message = given[i], nil
      -- A plain word, as SIDs are, is what serialize would make of it.
      if type(text) ~= "string" or not text:find("^%w+$") then
         text, message = serialize.path(text)
      end
      if not text then
         return nil, ("path argument '%s' %s"):format(operation.snake(name), message)
      end
      values[name] = core.percent_encode(text)
   end
   return values
end

return path
