-- sandbox/behaviour/taskrouter/attributes.lua: the attributes of workers and tasks, and what an
-- expression sees of them.

local json = require "twilio.json"
local limits = require "twilio.sandbox.schema.limits"

local attributes = {}

-- Fields of a record -> { text, value }: attributes are looked at more often than they change.
local decoded = setmetatable({}, { __mode = "k" })

--- Checks what a request gives. @return true; or nil, (string) a message
function attributes.check(text)
   local value = limits.decode(text)
   if type(value) ~= "table" or json.is_array(value) or value[1] ~= nil then
      return nil, "must be a JSON object"
   end
   return true
end

--- A record's attributes. @return (table)
function attributes.of(record)
   local fields = record.fields
   local known = decoded[fields]
   if known and known.text == fields.attributes then return known.value end
   local value = type(fields.attributes) == "string" and json.decode(fields.attributes)
   if type(value) ~= "table" then value = {} end
   decoded[fields] = { text = fields.attributes, value = value }
   return value
end

-- Names that TaskRouter has beside a worker's own attributes.
local function worker_channels(fields)
   local channels = {}
   for name, count in pairs(fields.load or {}) do channels[name] = { assigned_tasks = count } end
   return setmetatable(channels, { __index = function(_, name)
      local capacity = (fields.capacity or {})[name] or 1
      return {
         assigned_tasks = (fields.load or {})[name] or 0, configured_capacity = capacity,
         available_capacity_percentage = 100,
      }
   end })
end

local known_of_worker = {
   sid = function(fields) return fields.sid end,
   name = function(fields) return fields.friendly_name end,
   friendly_name = function(fields) return fields.friendly_name end,
   activity_name = function(fields) return fields.activity_name end,
   activity_sid = function(fields) return fields.activity_sid end,
   available = function(fields) return fields.available end,
   channel = worker_channels,
}

local known_of_task = {
   sid = function(fields) return fields.sid end,
   priority = function(fields) return fields.priority end,
   task_channel_unique_name = function(fields) return fields.task_channel_unique_name end,
   routing_target = function(fields) return fields.routing_target end,
}

-- A view of a record: its attributes, and below them what TaskRouter knows of it.
local function view(record, known)
   local own, fields = attributes.of(record), record.fields
   return setmetatable({}, { __index = function(_, name)
      local value = own[name]
      if value == nil and known[name] then value = known[name](fields) end
      return value
   end })
end

--- The names that an expression about a worker sees: TargetWorkers of a queue.
function attributes.worker(worker)
   local of_worker = view(worker, known_of_worker)
   return setmetatable({}, { __index = function(_, name)
      local value = of_worker[name]
      if value == nil and name == "worker" then return of_worker end
      return value
   end })
end

--- The names that an expression about a task sees: a filter of a workflow.
function attributes.task(task)
   local of_task = view(task, known_of_task)
   return setmetatable({}, { __index = function(_, name)
      local value = of_task[name]
      if value == nil and name == "task" then return of_task end
      return value
   end })
end

--- The names that an expression about a worker for a task sees: a target of a workflow.
function attributes.pair(worker, task)
   return { worker = view(worker, known_of_worker), task = view(task, known_of_task) }
end

return attributes
