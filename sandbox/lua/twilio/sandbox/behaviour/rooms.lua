-- sandbox/behaviour/rooms.lua: video rooms: their names are free again when they are completed.

local api_error = require "twilio.sandbox.http.api_error"

local rooms = {}

local function is_running(record) return record ~= nil and record.fields.status ~= "completed" end

function rooms.before_create(sandbox, call)
   local name = call.arguments.unique_name
   if not name or name == "" then return true end
   if is_running(sandbox.store:get(call.path .. "/" .. name)) then
      return nil, api_error.new(400, 53113, "There is a room named " .. name .. " already")
   end
   call.takes_name = true
   return true
end

function rooms.after_create(_, _, record)
   record.fields.status = "in-progress"
   return true
end

-- A name means the room that is running.
function rooms.before_fetch(_, call, record)
   if is_running(record) or call.values[#call.values] == record.fields.sid then return true end
   return nil, api_error.not_found(call.uri)
end

function rooms.before_update(_, call, record)
   local ok, err = rooms.before_fetch(nil, call, record)
   if not ok then return nil, err end
   if is_running(record) then return true end
   return nil, api_error.new(400, 53118, "The room is completed")
end

function rooms.after_update(sandbox, _, record)
   if not is_running(record) then record.fields.end_time = sandbox.clock.now end
   return true
end

return rooms
