-- sandbox/records.lua: the records that calls are about: making one, finding one, writing one as an answer.
--
-- Builds on store (by way of the world), shape, answer and call. Must not know products by name.

local answer = require "twilio.sandbox.answer"
local call = require "twilio.sandbox.call"
local json = require "twilio.json"
local names = require "twilio.sandbox.names"
local problem = require "twilio.sandbox.problem"
local shape = require "twilio.sandbox.shape"

local records = {}

-- Finding ---------------------------------------------------------------------------------------------------------

local function has_create(place)
   for _, endpoint in pairs(place and place.verbs or {}) do
      if endpoint.method == "create" then return true end
   end
   return false
end

-- What the API can make doesn't exist until it was made. What it can't (a lookup's number, a report, the one configuration of a
-- service) is there from the beginning.
local function is_creatable(place)
   return place.dynamic and (has_create(place) or has_create(place.parent)) or false
end

local function is_item(place) return place.dynamic and next(place.verbs) ~= nil end

--- The first resource on the way to this one that doesn't exist: services that were never made have no members.
-- @return (string | nil) its path
function records.missing_ancestor(world, it)
   local place = it.place.parent
   while place and place.depth > 0 do
      local path = is_item(place) and call.ancestor(it, place.depth)
      if path and not world.store:get(path) and (is_creatable(place) or world.store:was_removed(path)) then return path end
      place = place.parent
   end
   return nil
end

-- The prefix that a resource's SID must have, as far as the API's files say it. @return (string | nil)
local function sid_prefix(endpoint)
   local answers = shape.of(endpoint.file, endpoint.shape)
   local property = answers and (shape.property(answers, endpoint.key) or shape.property(answers, "sid"))
   return endpoint.node.sid or (property and property.shape.prefixes)
end

local function is_plausible(it)
   local value, prefix = it.values[#it.values], sid_prefix(it.endpoint)
   if not it.place.dynamic or not prefix or not it.endpoint.key:match("sid$") then return true end
   return #value == 34 and ("|" .. prefix .. "|"):find("|" .. value:sub(1, 2) .. "|", 1, true) ~= nil
end

local function merged(...)
   local out = {}
   for _, fields in ipairs { ... } do
      for name, value in pairs(fields) do out[name] = value end
   end
   return out
end

-- The field that holds a resource's key, and what it must look like.
local function key_property(it)
   local answers = shape.of(it.endpoint.file, it.endpoint.shape)
   for _, field in ipairs { it.endpoint.key, "sid", "id" } do
      local property = answers and shape.property(answers, field)
      if property then return property.field, property.shape end
   end
   return it.endpoint.key, nil
end

local function put(world, it, path, key, given)
   local now = world.clock.now
   local own = { account_sid = it.account_sid, date_created = now, date_updated = now, created_at = now, updated_at = now }
   local fields = merged(own, it.path_fields, given)
   if key then
      fields[it.endpoint.key] = fields[it.endpoint.key] or key
      fields[key_property(it)] = key
   end
   return world.store:put(path, path:match("^(.*)/[^/]*$"), fields)
end

--- The record that a call's path names.
-- @return (table) the record
-- @return[2] nil, problem
function records.find(world, it)
   local record = world.store:get(it.path)
   if record then return record end
   local absent = is_creatable(it.place) or (it.place.dynamic and world.store:was_removed(it.path)) or not is_plausible(it)
   if absent then return nil, problem.not_found(it.uri) end
   return put(world, it, it.path, it.place.dynamic and it.values[#it.values], {})
end

-- Making ----------------------------------------------------------------------------------------------------------

-- A resource that stands for another keeps that one's SID: POST .../PhoneNumbers PhoneNumberSid=PN...
local function adopted_sid(it)
   local given = it.arguments[names.singular(it.endpoint.mount) .. "_sid"]
   local prefix = it.endpoint.node.sid
   return type(given) == "string" and prefix and ("|" .. prefix .. "|"):find("|" .. given:sub(1, 2) .. "|", 1, true) and given or nil
end

local function fresh_key(world, it, kind)
   local ids = world.ids
   local prefix = it.sid_prefix or it.endpoint.node.sid
   if prefix then return ids:sid(prefix) end
   if kind and kind.prefixes then return ids:sid(kind.prefixes) end
   if kind and kind.pattern then return ids:matching(kind.pattern) end
   if kind and kind.kind == "integer" then return world.store:count(it.path) end
   return ids:hex(32)
end

-- What is made there gets a key of its own; otherwise it is the one thing at that path.
local function is_collection(it)
   return it.endpoint.side == "list" or (it.place.any ~= nil and it.place.any.verbs.GET ~= nil)
end

local function is_key(value) return type(value) == "string" and value ~= "" or type(value) == "number" end

--- Makes the record of a create call.
function records.create(world, it)
   if not is_collection(it) then return put(world, it, it.path, nil, it.arguments) end
   local _, kind = key_property(it)
   local given = it.arguments[it.endpoint.key]
   local key = is_key(given) and given or adopted_sid(it) or fresh_key(world, it, kind)
   return put(world, it, it.path .. "/" .. tostring(key):gsub("/", "%%2F"), key, it.arguments)
end

--- Makes a record that no call made: a message that came in, a recording.
-- @param path (string) of its collection, with the product: "api/2010-04-01/Accounts/AC.../Messages"
-- @param prefix (string) of its SID
function records.make(world, path, prefix, fields)
   local sid, now = world.ids:sid(prefix), world.clock.now
   return world.store:put(path .. "/" .. sid, path, merged({
      sid = sid, date_created = now, date_updated = now, account_sid = path:match("/Accounts/(AC%x+)"),
   }, fields))
end

--- Makes the record at a call's path exist, and what it hangs on.
-- @param fields (table) by their names in answers
function records.add(world, it, fields)
   local place = it.place.parent
   while place do
      if is_item(place) and is_creatable(place) and not world.store:get(call.ancestor(it, place.depth)) then
         records.add(world, call.above(world, it, place.depth), {})
      end
      place = place.parent
   end
   return put(world, it, it.path, it.place.dynamic and it.values[#it.values], fields)
end

-- Writing ---------------------------------------------------------------------------------------------------------

-- Sub-resources of a record's place: name -> path.
local function links(place, path, extension)
   local out = {}
   for segment in pairs(place.children) do out[names.snake(segment)] = path .. "/" .. segment .. extension end
   return json.object(out)
end

-- An ancestor's SID from the path, for fields like list_sid whose name doesn't say whose it is.
local function ancestor_sid(path, field, it)
   if it.kind ~= "sid" or not field:match("_sid$") or field:match("^parent_") then return nil end
   local found
   for prefix, rest in path:gmatch("/(%u%u)(%x+)") do
      if #rest == 32 and ("|" .. it.prefixes .. "|"):find("|" .. prefix .. "|", 1, true) then found = prefix .. rest end
   end
   return found
end

local function item_place(it)
   local place = it.place
   return it.endpoint.side == "list" and place.any or place
end

-- What follows from where a record is, on demand.
local function known_of(it, record, uri)
   local derived = {
      -- The files have some of these as absolute, though the API sends them all as paths; nothing follows them.
      uri = function(kind) return kind.kind == "uri" and it.base .. uri or uri end,
      url = function() return it.base .. uri end,
      links = function() return links(item_place(it), it.base .. uri:sub(1, #uri - #it.extension), it.extension) end,
      subresource_uris = function() return links(item_place(it), uri:sub(1, #uri - #it.extension), it.extension) end,
      api_version = function() return it.product == "api" and "2010-04-01" or nil end,
   }
   return function(field, kind)
      local derive = derived[field]
      if derive then return derive(kind) end
      return ancestor_sid(record.path, field, kind)
   end
end

--- The body that shows a record.
-- @param answers (table) shape of the operation's answer, or of a list's items
function records.body(world, it, answers, record)
   local uri = call.uri_of(it, record.path)
   local maker = { ids = world.ids, now = world.clock.now, account_sid = it.account_sid, url = it.base .. uri }
   return answer.fill(answers, record.fields, known_of(it, record, uri), maker)
end

return records
