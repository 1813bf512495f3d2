-- sandbox/behaviour.lua: the resources that do more than being kept, by product and name. Data.
--
-- Each is a table of functions (world, call, record) that methods.lua calls at their moment: before_create, after_create, before_fetch,
-- before_update, after_update, before_delete, before_list; returning nil, problem refuses the call. Its `events` are called when the
-- clock reaches what it planned.

local behaviour = {}

-- "api.messages" -> its behaviour
behaviour.of = {}

--- Makes a planned event happen: { name = "api.messages", step = ... }.
function behaviour.happen(world, event)
   behaviour.of[event.name].events[event.step](world, event)
end

return behaviour
