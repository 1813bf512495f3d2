-- sandbox/behaviour/methods.lua: what the six methods do: create, fetch, update, patch, delete and
-- list, on any resource.
--
-- behaviour/ has what a single resource does beyond that (messages get delivered); it is called
-- here before and after. Each takes (sandbox, call) and returns a status and a body, or nil, an API
-- error.

local body = require "twilio.sandbox.http.body"
local field_names = require "twilio.sandbox.schema.field_names"
local filters = require "twilio.sandbox.http.filters"
local json = require "twilio.json"
local paging = require "twilio.sandbox.http.paging"
local record_fields = require "twilio.sandbox.state.fields"
local records = require "twilio.sandbox.state.records"
local registry = require "twilio.sandbox.behaviour.registry"
local revisions = require "twilio.sandbox.http.revisions"
local schemas = require "twilio.sandbox.schema.schemas"
local usage = require "twilio.sandbox.behaviour.usage"

local methods = {}

-- Runs the resource's own part of a method, if it has one. @return the API error, if it refuses
local function refused(sandbox, call, moment, record)
   local behaviour = registry.of[call.endpoint.name]
   local own = behaviour and behaviour[moment]
   if not own then return nil end
   local _, err = own(sandbox, call, record)
   return err
end

local function body_of(sandbox, call, record)
   call.record = record
   local schema = schemas.of_response(call.endpoint.file, call.endpoint.schema_key)
   local shown = schema and body.of(sandbox, call, schema, record)
   local behaviour = registry.of[call.endpoint.name]
   if shown and behaviour and behaviour.show then behaviour.show(sandbox, call, record, shown) end
   return shown
end

function methods.create(sandbox, call)
   local record
   local err = refused(sandbox, call, "before_create")
   -- A resource that counts as made anew may be there already.
   if not err then record = call.existing end
   if not err and not record then record, err = records.create(sandbox, call) end
   if record then err = refused(sandbox, call, "after_create", record) end
   if err then return nil, err end
   return call.op.success or 201, body_of(sandbox, call, record)
end

function methods.fetch(sandbox, call)
   local record, err = records.find(sandbox, call)
   if record then err = refused(sandbox, call, "before_fetch", record) end
   if err then return nil, err end
   return call.op.success or 200, body_of(sandbox, call, record)
end

function methods.update(sandbox, call)
   local record, err = records.find(sandbox, call)
   if not record then return nil, err end
   err = revisions.refused(call, record) or refused(sandbox, call, "before_update", record)
   if err then return nil, err end
   sandbox.store:update(record, record_fields.of_arguments(sandbox, call, record))
   record.fields.date_updated, record.fields.updated_at = sandbox.clock.now, sandbox.clock.now
   revisions.advance(record)
   err = refused(sandbox, call, "after_update", record)
   if err then return nil, err end
   return call.op.success or 200, body_of(sandbox, call, record)
end

methods.patch = methods.update

function methods.delete(sandbox, call)
   local record, err = records.find(sandbox, call)
   if not record then return nil, err end
   err = revisions.refused(call, record) or refused(sandbox, call, "before_delete", record)
   if err then return nil, err end
   local last = body_of(sandbox, call, record)
   -- A resource that can't be made again must be remembered as gone.
   if call.place.dynamic then
      usage.keep(sandbox, record)
      sandbox.store:remove(record.path, not records.is_creatable(call.place))
   end
   return call.op.success or 204, last
end

local function may_be(call, value) return value ~= json.null or call.nullable end

local function frame_member(frame, property)
   local value = frame[property.field]
   if property.field ~= "meta" or not property.schema.properties then
      return may_be(property.schema, value) and value or nil
   end
   local meta = {}
   for _, part in ipairs(property.schema.properties) do
      if may_be(part.schema, value[part.field]) then meta[part.name] = value[part.field] end
   end
   return json.object(meta)
end

-- The list's answer: the records under their key, and beside them what its style of paging says.
local function list_body(schema, frame, key, items)
   local out = {}
   for _, property in ipairs(schema.properties) do
      if property.name == key then
         out[key] = json.array(items)
      else
         out[property.name] = frame_member(frame, property)
      end
   end
   return json.object(out)
end

-- The recordings of one call are kept among all recordings: there the path is a filter as well.
local function filter_of(sandbox, call, item)
   local wanted, behaviour = {}, registry.of[call.endpoint.name]
   for name, value in pairs(call.arguments) do wanted[name] = value end
   for name, value in pairs(call.shared and call.path_fields or {}) do wanted[name] = value end
   local own = behaviour and behaviour.filter and behaviour.filter(sandbox, call)
   local general = filters.new(item, wanted)
   if not own or not general then return own or general end
   return function(record) return own(record) and general(record) end
end

local function items_of(sandbox, call, item, found)
   local items, behaviour = {}, registry.of[call.endpoint.name]
   local show = behaviour and behaviour.show
   for i, record in ipairs(found) do
      local shown = item.kind == "string" and record.path:match("[^/]*$")
         or body.of(sandbox, call, item, record)
      if show then show(sandbox, call, record, shown) end
      items[i] = shown
   end
   return items
end

function methods.list(sandbox, call)
   local page
   local err = refused(sandbox, call, "before_list")
   if err then return nil, err end
   local behaviour = registry.of[call.endpoint.name]
   local schema = schemas.of_response(call.endpoint.file, call.endpoint.schema_key)
   local key = call.op.paging.key
   local item = schemas.property(schema, field_names.snake(key)).schema.items
   -- A list that isn't of what is kept has records of its own.
   local source = behaviour and behaviour.source and behaviour.source(sandbox, call)
   page, err = paging.read(source or sandbox.store, call.path, call.op, call.arguments,
      filter_of(sandbox, call, item))
   if not page then return nil, err end
   if behaviour and behaviour.is_unpaged then
      local whole = { uri = call.uri }
      whole[key] = json.array(items_of(sandbox, call, item, page.records))
      return call.op.success or 200, json.object(whole)
   end
   local frame = paging.frame(page, { key = key, uri = call.uri, url = call.url }, call.request)
   local items = items_of(sandbox, call, item, page.records)
   return call.op.success or 200, list_body(schema, frame, key, items)
end

return methods
