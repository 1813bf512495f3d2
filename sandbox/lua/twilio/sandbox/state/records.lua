-- sandbox/state/records.lua: the records that calls are about: finding one, making one.
--
-- Must not know products by name.

local api_error = require "twilio.sandbox.http.api_error"
local context = require "twilio.sandbox.http.context"
local field_names = require "twilio.sandbox.schema.field_names"
local json = require "twilio.json"
local record_fields = require "twilio.sandbox.state.fields"
local schemas = require "twilio.sandbox.schema.schemas"
local sids = require "twilio.sandbox.schema.sid"

local records = {}

-- Finding -----------------------------------------------------------------------------------------

local function has_create(place)
   for _, endpoint in pairs(place and place.verbs or {}) do
      if endpoint.method == "create" then return true end
   end
   return false
end

-- Places and endpoints are data: of each is kept what follows from it alone.
local creatable = setmetatable({}, { __mode = "k" })
local ancestors = setmetatable({}, { __mode = "k" })
local keys = setmetatable({}, { __mode = "k" })
local adopted = setmetatable({}, { __mode = "k" })

--- Returns true if the API can create the resource at a place: then it doesn't exist until it was
-- created. A resource that nobody can create (a lookup's number, a report, the one configuration of
-- a service) is there from the beginning.
function records.is_creatable(place)
   if creatable[place] == nil then
      creatable[place] = place.dynamic and (has_create(place) or has_create(place.parent)) or false
   end
   return creatable[place]
end

-- The places of the resources on the way to a place, from the innermost.
local function ancestors_of(place)
   local found, at = {}, place.parent
   while at do
      if at.dynamic and next(at.verbs) then found[#found + 1] = at end
      at = at.parent
   end
   ancestors[place] = found
   return found
end

-- Calls f with each resource on the way to a call's own, from the innermost: its place, and the
-- path where it is kept.
local function each_ancestor(call, f)
   for _, place in ipairs(ancestors[call.place] or ancestors_of(call.place)) do
      f(place, (context.kept_path(call, place)))
   end
end

--- A resource on the way to a call's own that doesn't exist: services that were never made have no
-- members.
-- @return (string | nil) its path
function records.missing_ancestor(sandbox, call)
   local missing
   each_ancestor(call, function(place, path)
      local may_lack = records.is_creatable(place) or sandbox.store:was_removed(path)
      if may_lack and not sandbox.store:get(path) then missing = path end
   end)
   return missing
end

-- The property of an endpoint's answer that holds a resource's key; nil if it has none.
local function key_in(endpoint, key)
   local answers = schemas.of_response(endpoint.file, endpoint.schema_key)
   for _, field in ipairs { key, "sid", "id" } do
      local property = answers and schemas.property(answers, field)
      if property then return property end
   end
end

-- The field that holds a resource's key, and what it must look like. The answer to an accepted
-- creation may lack it: then the resource's own answer tells.
local function key_property(call)
   local property = keys[call.endpoint]
   if not property then
      local key, own = call.endpoint.key, (call.place.any or call.place).verbs.GET
      property = key_in(call.endpoint, key) or own and key_in(own, key)
         or { field = key, schema = {} }
      keys[call.endpoint] = property
   end
   return property.field, property.schema, property.fact
end

-- A SID must have the right prefix, as far as the API's files say which.
local function is_plausible(call)
   local _, kind = key_property(call)
   local value, prefix = call.values[#call.values], call.endpoint.node.sid or kind.prefixes
   if not call.place.dynamic or not prefix or not call.endpoint.key:match("sid$") then
      return true
   end
   return #value == 34 and sids.has_prefix(value, prefix)
end

-- Making ------------------------------------------------------------------------------------------

-- Adds fields; those that are null are none.
local function add_to(out, fields)
   for name, value in pairs(fields) do
      if value ~= json.null then out[name] = value end
   end
   return out
end

-- A place beside a list's resources (Flows/Validate, Workers/Statistics) holds none of them.
local function collection_of(call, path)
   local place = call.place
   local is_beside = path == call.path and not place.dynamic and place.parent and place.parent.any
   return is_beside and path or path:match("^(.*)/[^/]*$")
end

-- Dates are kept as epoch seconds, and written as each answer wants them.
-- @param collection (string | nil) that the path is in; nil: it is looked for
local function put(sandbox, call, path, key, given, collection)
   local now = sandbox.clock.now
   local fields = {
      account_sid = call.account_sid, date_created = now, date_updated = now, created_at = now,
      updated_at = now,
   }
   add_to(add_to(fields, call.path_fields), given)
   if key then
      local field = key_property(call)
      fields[call.endpoint.key], fields[field] = fields[call.endpoint.key] or key, key
   end
   return sandbox.store:put(path, collection or collection_of(call, path), fields)
end

local function own_key(call) return call.place.dynamic and call.values[#call.values] or nil end

--- The record that a call's path names.
-- @return (table) the record
-- @return[2] nil, an API error
function records.find(sandbox, call)
   local record = sandbox.store:get(call.path)
   if record then return record end
   local absent = records.is_creatable(call.place) or sandbox.store:was_removed(call.path)
      or not is_plausible(call)
   if absent then return nil, api_error.not_found(call.uri) end
   return put(sandbox, call, call.path, own_key(call), {})
end

-- A resource that stands for another keeps that one's SID: POST .../PhoneNumbers
-- PhoneNumberSid=PN...
local function adopted_sid(call)
   local name = adopted[call.endpoint]
   if not name then
      name = field_names.singular(call.endpoint.mount):gsub("_mapping$", "") .. "_sid"
      adopted[call.endpoint] = name
   end
   local given = call.arguments[name]
   local prefix = call.endpoint.node.sid
   return type(given) == "string" and prefix and sids.has_prefix(given, prefix) and given or nil
end

local function given_key(call)
   local given = call.arguments[call.endpoint.key]
   return (type(given) == "string" and given ~= "" or type(given) == "number") and given
      or adopted_sid(call)
end

local function fresh_key(sandbox, call)
   local _, kind, fact = key_property(call)
   local prefix = call.sid_prefix or call.endpoint.node.sid or kind.prefixes
      or (fact and fact.prefix)
   if prefix then return sandbox.ids:sid(prefix) end
   if kind.pattern then return sandbox.ids:matching(kind.pattern) end
   if kind.kind == "integer" then return sandbox.store:count(call.path) end
   return sandbox.ids:hex(32)
end

-- A resource that is made there gets a key of its own; otherwise it is the one thing at that path,
-- made anew.
local function is_collection(call)
   return call.endpoint.side == "list"
      or (call.place.any ~= nil and call.place.any.verbs.GET ~= nil)
end

local function under(call, name) return call.path .. "/" .. tostring(name):gsub("/", "%%2F") end

local function is_taken(sandbox, call, name)
   return name ~= nil and name ~= "" and sandbox.store:get(under(call, name)) ~= nil
end

--- Makes the record of a create call.
-- @return (table) the record
-- @return[2] nil, an API error: its key or its unique name is taken
function records.create(sandbox, call)
   local given = record_fields.of_arguments(sandbox, call)
   if not is_collection(call) then return put(sandbox, call, call.path, nil, given) end
   local key = given_key(call)
   for _, name in ipairs { key or "", call.arguments.unique_name } do
      local is_refused = not call.takes_name and is_taken(sandbox, call, name)
      if is_refused then return nil, api_error.taken(name) end
   end
   key = key or fresh_key(sandbox, call)
   return put(sandbox, call, under(call, key), key, given, call.path)
end

--- Makes a record that no call made: a message that came in, a recording.
-- @param path (string) of its collection, with the product:
--    "api/2010-04-01/Accounts/AC.../Messages"
-- @param prefix (string) of its SID
function records.make(sandbox, path, prefix, fields)
   local sid, now = sandbox.ids:sid(prefix), sandbox.clock.now
   return sandbox.store:put(path .. "/" .. sid, path, add_to({
      sid = sid, date_created = now, date_updated = now,
      account_sid = path:match("/Accounts/(AC%x+)"),
   }, fields))
end

--- The record at a path, if it is one of a list's: records name others, and a loaded dump might
-- name anything.
-- @param path (string | nil)
-- @param name (string) of the list: "Calls"
function records.at(sandbox, path, name)
   local record = type(path) == "string" and sandbox.store:get(path)
   return record and record.collection:sub(-#name - 1) == "/" .. name and record or nil
end

-- A list whose items have no address of their own: usage records, metrics.
local function is_bare_list(call)
   return call.endpoint.method == "list" and not call.place.any
end

--- Makes the record at a call's path exist, and what it hangs on; at the path of a list whose items
-- have none, one more item.
-- @param fields (table) by their names in answers
function records.add(sandbox, call, fields)
   each_ancestor(call, function(place, path)
      if records.is_creatable(place) and not sandbox.store:get(path) then
         local above = context.above(sandbox, call, place.depth)
         put(sandbox, above, path, own_key(above), {})
      end
   end)
   if is_bare_list(call) then
      local key = fields.sid or fields.id or sandbox.ids:hex(32)
      return put(sandbox, call, under(call, key), nil, fields)
   end
   return put(sandbox, call, call.path, own_key(call), fields)
end

return records
