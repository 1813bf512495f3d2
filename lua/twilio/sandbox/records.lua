-- sandbox/records.lua: the records that calls are about: finding one, making one.
--
-- Must not know products by name.

local call = require "twilio.sandbox.call"
local ids = require "twilio.sandbox.ids"
local json = require "twilio.json"
local names = require "twilio.sandbox.names"
local problem = require "twilio.sandbox.problem"
local shape = require "twilio.sandbox.shape"

local records = {}

-- Finding -----------------------------------------------------------------------------------------

local function has_create(place)
   for _, endpoint in pairs(place and place.verbs or {}) do
      if endpoint.method == "create" then return true end
   end
   return false
end

--- Returns true if the API can create the resource at a place: then it doesn't exist until it was
-- created. A resource that nobody can create (a lookup's number, a report, the one configuration of
-- a service) is there from the beginning.
function records.is_creatable(place)
   return place.dynamic and (has_create(place) or has_create(place.parent)) or false
end

-- Calls f with each resource on the way to a call's own, from the innermost: its place, and the
-- path where it is kept.
local function each_ancestor(it, f)
   local place = it.place.parent
   while place do
      if place.dynamic and next(place.verbs) then f(place, (call.kept_path(it, place.depth))) end
      place = place.parent
   end
end

--- A resource on the way to a call's own that doesn't exist: services that were never made have no
-- members.
-- @return (string | nil) its path
function records.missing_ancestor(world, it)
   local missing
   each_ancestor(it, function(place, path)
      local may_lack = records.is_creatable(place) or world.store:was_removed(path)
      if may_lack and not world.store:get(path) then missing = path end
   end)
   return missing
end

local function key_in(endpoint, key)
   local answers = shape.of(endpoint.file, endpoint.shape)
   for _, field in ipairs { key, "sid", "id" } do
      local property = answers and shape.property(answers, field)
      if property then return property end
   end
end

-- The field that holds a resource's key, and what it must look like. The answer to an accepted
-- creation may lack it: then the resource's own answer tells.
local function key_property(it)
   local key, own = it.endpoint.key, (it.place.any or it.place).verbs.GET
   local property = key_in(it.endpoint, key) or own and key_in(own, key)
   if property then return property.field, property.shape end
   return key, {}
end

-- A SID must have the right prefix, as far as the API's files say which.
local function is_plausible(it)
   local _, kind = key_property(it)
   local value, prefix = it.values[#it.values], it.endpoint.node.sid or kind.prefixes
   if not it.place.dynamic or not prefix or not it.endpoint.key:match("sid$") then return true end
   return #value == 34 and ids.has_prefix(value, prefix)
end

-- Making ------------------------------------------------------------------------------------------

local function merged(...)
   local out = {}
   for _, fields in ipairs { ... } do
      for name, value in pairs(fields) do
         if value ~= json.null then out[name] = value end
      end
   end
   return out
end

-- Dates are kept as epoch seconds, and written as each answer wants them.
local function put(world, it, path, key, given)
   local now = world.clock.now
   local own = { account_sid = it.account_sid, date_created = now, date_updated = now, created_at = now, updated_at = now }
   local fields = merged(own, it.path_fields, given)
   if key then
      local field = key_property(it)
      fields[it.endpoint.key], fields[field] = fields[it.endpoint.key] or key, key
   end
   return world.store:put(path, path:match("^(.*)/[^/]*$"), fields)
end

local function own_key(it) return it.place.dynamic and it.values[#it.values] or nil end

--- The record that a call's path names.
-- @return (table) the record
-- @return[2] nil, problem
function records.find(world, it)
   local record = world.store:get(it.path)
   if record then return record end
   local absent = records.is_creatable(it.place) or world.store:was_removed(it.path) or not is_plausible(it)
   if absent then return nil, problem.not_found(it.uri) end
   return put(world, it, it.path, own_key(it), {})
end

-- A resource that stands for another keeps that one's SID: POST .../PhoneNumbers
-- PhoneNumberSid=PN...
local function adopted_sid(it)
   local given, prefix = it.arguments[names.singular(it.endpoint.mount) .. "_sid"], it.endpoint.node.sid
   return type(given) == "string" and prefix and ids.has_prefix(given, prefix) and given or nil
end

local function given_key(it)
   local given = it.arguments[it.endpoint.key]
   return (type(given) == "string" and given ~= "" or type(given) == "number") and given or adopted_sid(it)
end

local function fresh_key(world, it)
   local _, kind = key_property(it)
   local prefix = it.sid_prefix or it.endpoint.node.sid or kind.prefixes
   if prefix then return world.ids:sid(prefix) end
   if kind.pattern then return world.ids:matching(kind.pattern) end
   if kind.kind == "integer" then return world.store:count(it.path) end
   return world.ids:hex(32)
end

-- A resource that is made there gets a key of its own; otherwise it is the one thing at that path,
-- made anew.
local function is_collection(it)
   return it.endpoint.side == "list" or (it.place.any ~= nil and it.place.any.verbs.GET ~= nil)
end

local function under(it, name) return it.path .. "/" .. tostring(name):gsub("/", "%%2F") end

local function is_taken(world, it, name)
   return name ~= nil and name ~= "" and world.store:get(under(it, name)) ~= nil
end

--- Makes the record of a create call.
-- @return (table) the record
-- @return[2] nil, problem: its key or its unique name is taken
function records.create(world, it)
   if not is_collection(it) then return put(world, it, it.path, nil, it.arguments) end
   local key = given_key(it)
   for _, name in ipairs { key or "", it.arguments.unique_name } do
      if is_taken(world, it, name) then return nil, problem.taken(name) end
   end
   key = key or fresh_key(world, it)
   return put(world, it, under(it, key), key, it.arguments)
end

--- Makes a record that no call made: a message that came in, a recording.
-- @param path (string) of its collection, with the product:
--    "api/2010-04-01/Accounts/AC.../Messages"
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
   each_ancestor(it, function(place, path)
      if records.is_creatable(place) and not world.store:get(path) then
         local above = call.above(world, it, place.depth)
         put(world, above, path, own_key(above), {})
      end
   end)
   return put(world, it, it.path, own_key(it), fields)
end

return records
