-- contact_centre.lua: a workspace of TaskRouter in a sandbox, for specs.
--
--   local centre = require("support.contact_centre").new()
--
-- Its parts: box, client, space (the workspace), asked (requests of webhooks), answers (what
-- http://app.example/assign answers next: JSON texts, or functions), pages (path -> what
-- http://app.example answers there), available and offline (activities' SIDs).

local json = require "twilio.json"
local sandbox_client = require "support.sandbox_client"

local Centre = {}
Centre.__index = Centre

local contact_centre = {}

--- Makes one.
-- @param options (table | nil) of workspaces:create
function contact_centre.new(options)
   local self = setmetatable({ asked = {}, answers = {}, pages = {} }, Centre)
   self.box, self.client = sandbox_client.new { webhook = function(request)
      self.asked[#self.asked + 1] = request
      local answer = request.url:find("/assign", 1, true) and table.remove(self.answers, 1)
         or self.pages[request.url:match "^http://app.example(/[^?]*)"]
         or '<Response><Pause length="60"/></Response>'
      return type(answer) == "function" and answer(request) or answer
   end }
   local given = { friendly_name = "Centre" }
   for name, value in pairs(options or {}) do given[name] = value end
   self.space = assert(self.client.taskrouter.v1.workspaces:create(given))
   for _, activity in ipairs(assert(self.space.activities:list())) do
      self[activity.friendly_name:lower()] = activity.sid
   end
   return self
end

--- Makes a queue. @param expression (string | nil) TargetWorkers
function Centre:queue(name, expression, more)
   local given = { friendly_name = name, target_workers = expression }
   for field, value in pairs(more or {}) do given[field] = value end
   return assert(self.space.task_queues:create(given))
end

--- Makes a workflow.
-- @param routing (table) its task_routing
function Centre:workflow(routing, more)
   local given = {
      friendly_name = "Workflow", configuration = { task_routing = routing },
      assignment_callback_url = "http://app.example/assign",
   }
   for field, value in pairs(more or {}) do given[field] = value end
   return assert(self.space.workflows:create(given))
end

--- Makes a worker who is available. @param attributes (table | nil)
function Centre:worker(name, attributes, more)
   local given = {
      friendly_name = name, activity_sid = self.available,
      attributes = attributes or json.object {},
   }
   for field, value in pairs(more or {}) do given[field] = value end
   return assert(self.space.workers:create(given))
end

--- Makes a task. @param attributes (table | nil)
function Centre:task(attributes, more)
   local given = { attributes = attributes or json.object {} }
   for field, value in pairs(more or {}) do given[field] = value end
   return assert(self.space.tasks:create(given))
end

--- A task's state in words: "reserved Ann pending, Bob rejected": its reservations, oldest first.
function Centre.story(_, task)
   local parts = {}
   for _, one in ipairs(assert(task.reservations:list())) do
      table.insert(parts, 1, one.worker_name .. " " .. one.reservation_status)
   end
   local status = assert(task:fetch()).assignment_status
   return #parts > 0 and status .. ": " .. table.concat(parts, ", ") or status
end

--- A workspace with one queue of everybody, and a workflow that sends every task there.
function contact_centre.simple(options)
   local self = contact_centre.new(options)
   self.everybody = self:queue("Everybody")
   self.flow = self:workflow { default_filter = { queue = self.everybody.sid } }
   return self
end

return contact_centre
