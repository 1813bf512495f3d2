-- sandbox/server/events.lua: a sandbox's changes as server-sent events (text/event-stream): the
-- page's state whenever it has changed, and the time now and then.
--
-- An event's id is the state's version, so that who comes again with Last-Event-ID is told only of
-- a change. Pure: whoever serves it asks for what is new, and sends that.

local json = require "twilio.json"
local overview = require "twilio.sandbox.server.overview"

local Events = {}
Events.__index = Events

--- The event of what has changed since the last one. @return (string | nil) nil: nothing has
function Events:next()
   local version = overview.version(self.box, self.namespaces)
   if version == self.seen then return nil end
   self.seen = version
   local text = assert(json.encode(overview.of(self.box, self.namespaces)))
   return ("id: %s\nevent: state\ndata: %s\n\n"):format(version, text)
end

--- The event that says only that the sandbox is there, with its clock.
function Events:beat()
   return ("event: clock\ndata: %s\n\n"):format(assert(json.encode(self.box:clock_state())))
end

--- Returns true once the sandbox has been removed: only the event that says so is left. A page that
-- came again without it would make the sandbox anew.
function Events:is_over() return self.box.is_removed == true end

Events.REMOVED = "event: removed\ndata: {}\n\n"

local events = {}

--- @param box (Sandbox)
-- @param namespaces (Namespaces | nil)
-- @param last_id (string | nil) Last-Event-ID
function events.new(box, namespaces, last_id)
   return setmetatable({ box = box, namespaces = namespaces, seen = last_id }, Events)
end

return events
