-- sandbox/behaviour/taskrouter/workspace.lua: what is where in a workspace, and what follows from
-- its records for looking things up: who is free in which queue, which tasks wait there.
--
-- The index is made of the records when a workspace is first used (also after a dump was loaded),
-- and kept up to date by state.lua. Pools (queue and channel -> workers with room for a task) are
-- made when a task first needs them. Must not know how tasks go on.

local attributes = require "twilio.sandbox.behaviour.taskrouter.attributes"
local expressions = require "twilio.sandbox.behaviour.taskrouter.expressions"
local line = require "twilio.sandbox.behaviour.taskrouter.line"

local workspace = {}

--- The path of the workspace that a path is in. @return (string)
function workspace.path(path) return path:match("^(taskrouter[^/]*/v1/Workspaces/[^/]*)") end

--- A record of a workspace by its SID. @param collection (string) "Workers"
function workspace.get(sandbox, path, collection, sid)
   if type(sid) ~= "string" or sid == "" then return nil end
   return sandbox.store:get(path .. "/" .. collection .. "/" .. sid)
end

--- Returns true if what requests name must be there. One that a test added has nothing of its own,
-- and anything may be named in it.
function workspace.is_complete(sandbox, path)
   return sandbox.store:count(workspace.path(path) .. "/Activities") > 0
end

-- Expressions -------------------------------------------------------------------------------------

-- Text -> expression or false; queues have few different ones.
local read = setmetatable({}, { __mode = "v" })

local function expression_of(text)
   local known = read[text]
   if known == nil then
      known = { value = expressions.read(text) }
      read[text] = known
   end
   return known.value
end

--- Returns true if a worker belongs to a queue.
function workspace.is_member(queue, worker)
   local text = queue.fields.target_workers
   if type(text) ~= "string" or text == "" then return true end
   local expression = expression_of(text)
   return expression ~= nil and expressions.matches(expression, attributes.worker(worker))
end

-- Room --------------------------------------------------------------------------------------------

local function total(load)
   local sum = 0
   for _, count in pairs(load or {}) do sum = sum + count end
   return sum
end

--- Returns true if a worker is there and has room for one more task of a channel.
function workspace.has_room(index, worker, channel)
   local fields = worker.fields
   if fields.available ~= true then return false end
   if index.is_single then return total(fields.load) == 0 end
   if (fields.closed or {})[channel] then return false end
   return ((fields.load or {})[channel] or 0) < ((fields.capacity or {})[channel] or 1)
end

-- Pools -------------------------------------------------------------------------------------------

local function fits(index, queue, channel, worker)
   return workspace.has_room(index, worker, channel) and workspace.is_member(queue, worker)
end

--- The workers of a queue that have room for a task of a channel, who is idle longest first.
-- @return (line) of paths
function workspace.pool(sandbox, index, queue, channel)
   local pools = index.pools[queue.path]
   if not pools then
      pools = {}
      index.pools[queue.path] = pools
   end
   if not pools[channel] then
      local pool = line.new()
      for worker in sandbox.store:each(index.path .. "/Workers", { ascending = true }) do
         if fits(index, queue, channel, worker) then pool:add(worker.path) end
      end
      pools[channel] = pool
   end
   return pools[channel]
end

--- Puts a worker where he belongs after a change; at the end, where he was at work.
function workspace.place(sandbox, index, worker)
   for queue_path, pools in pairs(index.pools) do
      local queue = sandbox.store:get(queue_path)
      for channel, pool in pairs(pools) do
         if queue and not worker.removed and fits(index, queue, channel, worker) then
            pool:add(worker.path)
         else
            pool:remove(worker.path)
         end
      end
   end
end

--- Forgets who is in a queue's pools: its expression has changed.
function workspace.forget_pools(index, queue) index.pools[queue.path] = nil end

-- Waiting tasks -----------------------------------------------------------------------------------

local function by_number(a, b) return a > b end

local function list_of(index, task)
   local fields = task.fields
   local queue = index.path .. "/TaskQueues/" .. fields.task_queue_sid
   local lists = index.waiting[queue]
   if not lists then
      lists = {}
      index.waiting[queue] = lists
   end
   local channel = fields.task_channel_unique_name or "default"
   local list = lists[channel]
   if not list then
      list = { levels = {}, lines = {}, queue = queue, channel = channel }
      lists[channel] = list
   end
   return list
end

--- Lets a task wait in its queue.
function workspace.wait(index, task)
   local list, level = list_of(index, task), tonumber(task.fields.priority) or 0
   workspace.stop_waiting(index, task)
   if not list.lines[level] then
      list.lines[level] = line.new()
      list.levels[#list.levels + 1] = level
      table.sort(list.levels, by_number)
   end
   list.lines[level]:add(task.path)
   index.lines[task.path] = list.lines[level]
end

--- Takes a task out of those that wait.
function workspace.stop_waiting(index, task)
   local own = index.lines[task.path]
   if own then
      own:remove(task.path)
      index.lines[task.path] = nil
   end
end

--- Walks the tasks that wait in a list, the first to be served first.
-- @param is_lifo (boolean) the newest of a priority first
-- @return (function) -> path, priority
function workspace.each_waiting(list, is_lifo)
   local level, walk = 0, nil
   return function()
      while true do
         local path = walk and walk()
         if path then return path, list.levels[level] end
         level = level + 1
         local priority = list.levels[level]
         if not priority then return nil end
         walk = list.lines[priority]:each(is_lifo)
      end
   end
end

-- The index ---------------------------------------------------------------------------------------

-- store -> path of a workspace -> index
local indices = setmetatable({}, { __mode = "k" })

local function fill(sandbox, index)
   for task in sandbox.store:each(index.path .. "/Tasks", { ascending = true }) do
      local fields = task.fields
      if fields.assignment_status == "pending" and type(fields.task_queue_sid) == "string" then
         workspace.wait(index, task)
      end
   end
   for _, kind in ipairs { "Workers", "TaskQueues", "Workflows" } do
      for record in sandbox.store:each(index.path .. "/" .. kind, { ascending = true }) do
         local name = record.fields.friendly_name
         if type(name) == "string" then index.names[kind .. "/" .. name] = record.path end
      end
   end
end

--- The index of a workspace.
-- @param path (string) of anything in it
-- @return (table) { path, names = "Workers/Ann" -> path, tasks, workers = to be looked at (arrays
--    of paths), jobs = array of functions that call webhooks, is_single = a worker has one task at
--    a time }
function workspace.index(sandbox, path)
   path = workspace.path(path)
   local all = indices[sandbox.store]
   if not all then
      all = {}
      indices[sandbox.store] = all
   end
   local index = all[path]
   if not index then
      index = {
         path = path, pools = {}, waiting = {}, lines = {}, names = {}, tasks = {}, workers = {},
         jobs = {},
      }
      all[path] = index
      fill(sandbox, index)
   end
   local record = sandbox.store:get(path)
   index.is_single = record ~= nil and record.fields.multi_task_enabled == false
   return index
end

--- Forgets a workspace that is deleted.
function workspace.forget(sandbox, path)
   local all = indices[sandbox.store]
   if all then all[path] = nil end
end

-- Names -------------------------------------------------------------------------------------------

--- Returns true if another record of a kind has a name already.
-- @param kind (string) "Workers"
-- @param record (table | nil) that may keep its own
function workspace.is_taken(sandbox, path, kind, name, record)
   if type(name) ~= "string" then return false end
   local taken = workspace.index(sandbox, path).names[kind .. "/" .. name]
   local other = taken and sandbox.store:get(taken)
   return other ~= nil and other ~= record and other.fields.friendly_name == name
end

--- Keeps the name of a record, so that it is found by it.
function workspace.keep_name(sandbox, kind, record)
   local name = record.fields.friendly_name
   if type(name) == "string" then
      workspace.index(sandbox, record.path).names[kind .. "/" .. name] = record.path
   end
end

--- The record of a name. @return (table | nil)
function workspace.named(sandbox, path, kind, name)
   local found = name and workspace.index(sandbox, path).names[kind .. "/" .. name]
   return found and sandbox.store:get(found)
end

return workspace
