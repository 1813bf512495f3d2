-- sandbox/schema/field_names.lua: the names under which the API's answers show what a path or a
-- parameter says.
--
-- The files' path parameters are often a bare {Sid}; an answer calls the same value account_sid or
-- service_sid, after the resource it belongs to.

local operation = require "twilio.call.operation"

local field_names = { snake = operation.snake }

local endings = { { "ies$", "y" }, { "sses$", "ss" }, { "xes$", "x" }, { "([^su])s$", "%1" } }

--- "addresses" -> "address", "services" -> "service", "status" -> "status"
function field_names.singular(mount)
   for _, ending in ipairs(endings) do
      local word, count = mount:gsub(ending[1], ending[2])
      if count > 0 then return word end
   end
   return mount
end

local bare = { Sid = "_sid", Id = "_id" }

--- The field of an answer that repeats a path parameter: {Sid} of accounts -> account_sid,
-- {ServiceSid} -> service_sid.
function field_names.of_placeholder(wire, mount)
   return bare[wire] and field_names.singular(mount) .. bare[wire] or operation.snake(wire)
end

return field_names
