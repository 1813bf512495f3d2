-- sandbox/behaviour/sync.lua: Sync's documents, lists, maps and streams, and the items of lists and
-- maps: times to live, unique names, counted indices.
--
-- An expired record is gone (404), and its name is free again.

local api_error = require "twilio.sandbox.http.api_error"

local later = require "twilio.sandbox.behaviour.later"

local sync = {}

local LONGEST = 31536000 -- seconds: a year

local function expire(sandbox, event)
   local record = sandbox.store:get(event.path)
   local at = record and tonumber(record.fields.date_expires)
   -- A later time to live has its own event.
   if at and at <= sandbox.clock.now then sandbox.store:remove(record.path) end
end

local function plan(sandbox, name, record)
   local at = tonumber(record.fields.date_expires)
   if not at then return end
   later.plan(sandbox, at - sandbox.clock.now, { name = name, step = "expire", path = record.path })
end

-- The parameters by which a time to live goes: `ttl` is the resource's own.
local function read_ttl(call, own)
   local given = call.arguments
   if given[own] ~= nil then given.ttl = given[own] end
   given[own] = nil
end

local wires = { ttl = "Ttl", item_ttl = "ItemTtl", collection_ttl = "CollectionTtl" }

local function check_ttl(call)
   for name, wire in pairs(wires) do
      local seconds = call.arguments[name]
      if seconds and (seconds < 0 or seconds > LONGEST) then
         return nil, api_error.invalid(wire, "must be from 0 to " .. LONGEST)
      end
   end
   return true
end

local function check_name(sandbox, call)
   local name = call.arguments.unique_name
   if not name or name == "" or not sandbox.store:get(call.path .. "/" .. name) then return true end
   return nil, api_error.new(409, 54301, "There is one named " .. name .. " already")
end

-- @param own (string) the parameter that is another word for Ttl
local function object(name, own)
   local behaviour = { events = { expire = expire } }

   function behaviour.before_create(sandbox, call)
      local ok, err = check_ttl(call)
      if not ok then return nil, err end
      if own then read_ttl(call, own) end
      return check_name(sandbox, call)
   end

   function behaviour.before_update(_, call)
      local ok, err = check_ttl(call)
      if ok and own then read_ttl(call, own) end
      return ok, err
   end

   local function keep(sandbox, _, record)
      plan(sandbox, name, record)
      return true
   end

   behaviour.after_create, behaviour.after_update = keep, keep
   return behaviour
end

sync.documents = object "sync/Services/{}/Documents"
sync.lists = object("sync/Services/{}/Lists", "collection_ttl")
sync.maps = object("sync/Services/{}/Maps", "collection_ttl")
sync.streams = object "sync/Services/{}/Streams"

-- A collection lives on from each item that says so.
local function prolong(sandbox, name, call)
   local seconds = call.arguments.collection_ttl
   call.arguments.collection_ttl = nil
   local path = call.path:match("^(.*)/Items")
   local collection = seconds and sandbox.store:get(path)
   if not collection then return end
   collection.fields.date_expires = seconds > 0 and sandbox.clock.now + seconds or nil
   plan(sandbox, name, collection)
end

local function items(name)
   local behaviour = object(name .. "/{}/Items", "item_ttl")
   local check_update = behaviour.before_update

   function behaviour.before_update(sandbox, call)
      local ok, err = check_update(sandbox, call)
      if ok then prolong(sandbox, name, call) end
      return ok, err
   end

   return behaviour
end

sync.list_items, sync.map_items = items "sync/Services/{}/Lists", items "sync/Services/{}/Maps"

-- An index is never used a second time.
function sync.list_items.before_create(sandbox, call)
   local ok, err = check_ttl(call)
   if not ok then return nil, err end
   prolong(sandbox, "sync/Services/{}/Lists", call)
   read_ttl(call, "item_ttl")
   local list = sandbox.store:get((call.path:gsub("/Items$", "")))
   if not list then return true end
   local index = list.fields.next_index or sandbox.store:count(call.path)
   call.arguments.index, list.fields.next_index = index, index + 1
   return true
end

function sync.map_items.before_create(sandbox, call)
   local ok, err = check_ttl(call)
   if not ok then return nil, err end
   prolong(sandbox, "sync/Services/{}/Maps", call)
   read_ttl(call, "item_ttl")
   local key = call.arguments.key
   if key and sandbox.store:get(call.path .. "/" .. key:gsub("/", "%%2F")) then
      return nil, api_error.new(409, 54208, "The map has an item of the key " .. key .. " already")
   end
   return true
end

return sync
