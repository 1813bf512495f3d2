-- sandbox/behaviour/taskrouter/configuration.lua: the configuration of a workflow: which tasks go
-- to which queues, in which order, for how long.

local expressions = require "twilio.sandbox.behaviour.taskrouter.expressions"
local json = require "twilio.json"
local limits = require "twilio.sandbox.schema.limits"
local number = require "twilio.util.number"
local sids = require "twilio.sandbox.schema.sid"

local configuration = {}

local function is_list(value)
   return type(value) == "table" and not (next(value) and value[1] == nil)
end

local function read_expression(text, where)
   if text == nil or text == json.null or text == "" then return nil end
   if type(text) ~= "string" then return nil, where .. " must be a text" end
   local read, message = expressions.read(text)
   if not read then return nil, ("%s: %s"):format(where, message) end
   return read
end

local function read_text(value)
   return type(value) == "string" and value ~= "" and value or nil
end

local MOST = 2147483647

-- @return (number | nil), (string | nil) a message
local function read_number(value, lowest, where)
   if value == nil or value == json.null then return nil end
   local read = number.parse(value)
   if not read or read < lowest or read > MOST then
      return nil, ("%s must be a number from %d to %d"):format(where, lowest, MOST)
   end
   return read
end

-- "worker.level DESC, worker.age" -> array of { names, is_descending }
local function read_order(text)
   local order = {}
   for path, way in (text or ""):gmatch("([A-Za-z0-9_.]+)[ \t]*([A-Za-z]*)") do
      local names = {}
      for name in path:gmatch("[^.]+") do names[#names + 1] = name end
      order[#order + 1] = { names = names, is_descending = way:find("^[Dd]") ~= nil }
   end
   return order[1] and order
end

local function read_target(given, where)
   if type(given) ~= "table" then return nil, where .. " must be an object" end
   local message
   local target = {
      queue = read_text(given.queue), known_queue = read_text(given.known_queue_sid),
      known_worker = read_text(given.known_worker_sid),
      known_worker_name = read_text(given.known_worker_friendly_name),
      text = read_text(given.expression), order_by = read_order(read_text(given.order_by)),
   }
   if target.queue and not sids.is(target.queue, "WQ") then
      return nil, where .. ".queue must be the SID of a task queue"
   end
   target.timeout, message = read_number(given.timeout, 0, where .. ".timeout")
   if message then return nil, message end
   target.priority, message = read_number(given.priority, -MOST, where .. ".priority")
   if message then return nil, message end
   target.expression, message = read_expression(given.expression, where .. ".expression")
   if message then return nil, message end
   target.skip_if, message = read_expression(given.skip_if, where .. ".skip_if")
   if message then return nil, message end
   return target
end

local function read_filter(given, where)
   if type(given) ~= "table" or not is_list(given.targets) or #given.targets == 0 then
      return nil, where .. " must be an object with targets"
   end
   local text = given.expression or given.expression == nil and given.expr
   local expression, message = read_expression(text, where .. ".expression")
   if message then return nil, message end
   local filter = {
      expression = expression, text = read_text(text), targets = {},
      name = read_text(given.filter_friendly_name) or read_text(given.friendly_name),
   }
   for i, target in ipairs(given.targets) do
      filter.targets[i], message = read_target(target, ("%s.targets[%d]"):format(where, i - 1))
      if message then return nil, message end
   end
   return filter
end

--- Reads a configuration.
-- @param text (string) JSON: { "task_routing": { "filters": [ { "expression", "targets": [ {
--    "queue", "priority", "timeout" = seconds, "expression", "order_by", "skip_if",
--    "known_worker_sid" } ] } ], "default_filter": { "queue" } } }
-- @return (table) { filters = array of { expression, text, name, targets = array of targets },
--    default = a filter of one target | nil }
-- @return[2] nil, (string) a message
function configuration.read(text)
   local given = limits.decode(text)
   local routing = type(given) == "table" and given.task_routing
   if type(routing) ~= "table" then return nil, "must be a JSON object with task_routing" end
   local filters = routing.filters or {}
   if not is_list(filters) then return nil, "task_routing.filters must be a list" end
   local read = { filters = {} }
   for i, filter in ipairs(filters) do
      local message
      read.filters[i], message = read_filter(filter, ("task_routing.filters[%d]"):format(i - 1))
      if message then return nil, message end
   end
   local default = routing.default_filter
   if type(default) == "table" and next(default) then
      local target, message = read_target(default, "task_routing.default_filter")
      if not target then return nil, message end
      target.timeout = nil -- tasks stay there until somebody takes them
      read.default = { name = "default_filter", targets = { target } }
   end
   if not read.filters[1] and not read.default then
      return nil, "task_routing needs filters or a default_filter"
   end
   return read
end

--- The SIDs of queues that a configuration names. @return (array)
function configuration.queues(read)
   local found = {}
   local function collect(filter)
      for _, target in ipairs(filter.targets) do found[#found + 1] = target.queue end
   end
   for _, filter in ipairs(read.filters) do collect(filter) end
   if read.default then collect(read.default) end
   return found
end

-- Fields of a workflow -> { text, read }
local kept = setmetatable({}, { __mode = "k" })

--- A workflow's configuration.
-- @return (table) as read has it; nothing is routed by one that can't be read (a loaded dump's)
function configuration.of(workflow)
   local fields = workflow.fields
   local known = kept[fields]
   if known and known.text == fields.configuration then return known.read end
   local read = type(fields.configuration) == "string" and configuration.read(fields.configuration)
   read = read or { filters = {} }
   kept[fields] = { text = fields.configuration, read = read }
   return read
end

return configuration
