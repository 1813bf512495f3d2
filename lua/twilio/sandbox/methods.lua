-- sandbox/methods.lua: what the six methods do: create, fetch, update, patch, delete and list, on
-- any resource.
--
-- behaviour/ has what a single resource does beyond that (messages get delivered); it is called
-- here before and after. Each takes (world, call) and returns a status and a body, or nil, problem.

local body = require "twilio.sandbox.body"
local filters = require "twilio.sandbox.filters"
local json = require "twilio.json"
local names = require "twilio.sandbox.names"
local paging = require "twilio.sandbox.paging"
local records = require "twilio.sandbox.records"
local shape = require "twilio.sandbox.shape"

local methods = {}

-- Runs the resource's own part of a method, if it has one. @return the problem, if it refuses
local function refused(world, it, moment, record)
   local behaviour = world.behaviours[it.endpoint.name]
   local own = behaviour and behaviour[moment]
   if not own then return nil end
   local _, problem = own(world, it, record)
   return problem
end

local function body_of(world, it, record)
   local answers = shape.of(it.endpoint.file, it.endpoint.shape)
   return answers and body.of(world, it, answers, record)
end

function methods.create(world, it)
   local problem = refused(world, it, "before_create")
   if problem then return nil, problem end
   local record, taken = records.create(world, it)
   if not record then return nil, taken end
   problem = refused(world, it, "after_create", record)
   if problem then return nil, problem end
   return it.op.success or 201, body_of(world, it, record)
end

function methods.fetch(world, it)
   local record, absent = records.find(world, it)
   if not record then return nil, absent end
   return it.op.success or 200, body_of(world, it, record)
end

function methods.update(world, it)
   local record, absent = records.find(world, it)
   if not record then return nil, absent end
   local problem = refused(world, it, "before_update", record)
   if problem then return nil, problem end
   world.store:update(record, it.arguments)
   record.fields.date_updated, record.fields.updated_at = world.clock.now, world.clock.now
   problem = refused(world, it, "after_update", record)
   if problem then return nil, problem end
   return it.op.success or 200, body_of(world, it, record)
end

methods.patch = methods.update

function methods.delete(world, it)
   local record, absent = records.find(world, it)
   if not record then return nil, absent end
   local problem = refused(world, it, "before_delete", record)
   if problem then return nil, problem end
   local last = body_of(world, it, record)
   -- A resource that can't be made again must be remembered as gone.
   if it.place.dynamic then world.store:remove(record.path, not records.is_creatable(it.place)) end
   return it.op.success or 204, last
end

local function may_be(it, value) return value ~= json.null or it.nullable end

local function frame_member(frame, property)
   local value = frame[property.field]
   if property.field ~= "meta" or not property.shape.properties then return may_be(property.shape, value) and value or nil end
   local meta = {}
   for _, part in ipairs(property.shape.properties) do
      if may_be(part.shape, value[part.field]) then meta[part.name] = value[part.field] end
   end
   return json.object(meta)
end

-- The list's answer: the records under their key, and beside them what its style of paging says.
local function list_body(answers, frame, key, items)
   local out = {}
   for _, property in ipairs(answers.properties) do
      if property.name == key then
         out[key] = json.array(items)
      else
         out[property.name] = frame_member(frame, property)
      end
   end
   return json.object(out)
end

-- The recordings of one call are kept among all recordings: there the path is a filter as well.
local function filter_of(it, item)
   local wanted = {}
   for name, value in pairs(it.arguments) do wanted[name] = value end
   for name, value in pairs(it.shared and it.path_fields or {}) do wanted[name] = value end
   return filters.new(item, wanted)
end

local function items_of(world, it, item, found)
   local items = {}
   for i, record in ipairs(found) do
      items[i] = item.kind == "string" and record.path:match("[^/]*$") or body.of(world, it, item, record)
   end
   return items
end

function methods.list(world, it)
   local problem = refused(world, it, "before_list")
   if problem then return nil, problem end
   local answers, key = shape.of(it.endpoint.file, it.endpoint.shape), it.op.paging.key
   local item = shape.property(answers, names.snake(key)).shape.items
   local page, bad = paging.read(world.store, it.path, it.op, it.arguments, filter_of(it, item))
   if not page then return nil, bad end
   local frame = paging.frame(page, { key = key, uri = it.uri, url = it.url }, it.request)
   return it.op.success or 200, list_body(answers, frame, key, items_of(world, it, item, page.records))
end

return methods
