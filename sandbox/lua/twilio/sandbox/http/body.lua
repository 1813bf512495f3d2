-- sandbox/http/body.lua: a record as the body of an answer, with what follows from where it is: its
-- URL, its links, whose it is.
--
-- Must not know products by name.

local answer = require "twilio.sandbox.schema.answer"
local context = require "twilio.sandbox.http.context"
local core = require "twilio.core"
local field_names = require "twilio.sandbox.schema.field_names"
local revisions = require "twilio.sandbox.http.revisions"
local sids = require "twilio.sandbox.schema.sid"
local write = require "twilio.sandbox.schema.write"

local body = {}

-- The sub-resources of places are data: place -> array of { name, path }, and the class of their
-- objects.
local sub_resources = setmetatable({}, { __mode = "k" })

local function sub_resources_of(place)
   local found, names = {}, {}
   for segment in pairs(place.children) do
      local name = field_names.snake(segment)
      found[#found + 1], names[#names + 1] = { name = name, path = "/" .. segment }, name
   end
   found.class = write.class(names, true)
   sub_resources[place] = found
   return found
end

-- Sub-resources of a place: name -> address.
local function links(place, address, extension)
   local out, found = {}, sub_resources[place] or sub_resources_of(place)
   for _, child in ipairs(found) do out[child.name] = address .. child.path .. extension end
   return setmetatable(out, found.class)
end

-- An ancestor's SID from the path, for fields like list_sid whose name doesn't say whose it is.
local function may_be_ancestor(field, kind)
   return kind.kind == "sid" and field:match("_sid$") and not field:match("^parent_")
end

-- The last SID of a kind in a path.
local function last_sid(in_path, prefixes)
   for i = #in_path, 1, -1 do
      if sids.has_prefix(in_path[i], prefixes) then return in_path[i] end
   end
   return nil
end

local function ancestor_sid(in_path, field, kind)
   return may_be_ancestor(field, kind) and last_sid(in_path, kind.prefixes) or nil
end

-- Field -> function(call, kind, uri, record) -> value
local derived = {
   -- The files have some of these as absolute, though the API sends them all as paths.
   uri = function(_, _, uri) return uri end,
   url = function(call, _, uri) return call.base .. uri end,
   revision = function(_, kind, _, record) return revisions.shown(record, kind) end,
   api_version = function(call) return call.product == "api" and "2010-04-01" or nil end,
}

local function item_place(call)
   return call.endpoint.side == "list" and call.place.any or call.place
end

function derived.subresource_uris(call, _, uri)
   return links(item_place(call), uri:sub(1, #uri - #call.extension), call.extension)
end

function derived.links(call, _, uri)
   return links(item_place(call), call.base .. uri:sub(1, #uri - #call.extension), call.extension)
end

-- Returns true if a request names a field in a parameter that asks for fields: Fields=caller_name,
-- Type=caller-name, AddOns=...
local function is_asked(arguments, field)
   for _, name in ipairs { "fields", "type", "add_ons" } do
      local given = arguments[name]
      local text = type(given) == "table" and table.concat(given, ",") or tostring(given or "")
      if ("," .. text:gsub("-", "_") .. ","):find("," .. field .. ",", 1, true) then return true end
   end
   return arguments[field] ~= nil
end

local function is_sid(text) return #text == 34 and text:find("^[A-Z][A-Z]%x+$") ~= nil end

-- Collections are few, and their records many: path -> { uri, sids = array of those in it }.
local collections, collections_count = {}, 0
local MOST_COLLECTIONS = 1000

local function collection_of(path)
   local known = collections[path]
   if known then return known end
   known = { uri = context.uri_of(path), sids = {} }
   for segment in path:gmatch("[^/]+") do
      if is_sid(segment) then known.sids[#known.sids + 1] = segment end
   end
   if collections_count >= MOST_COLLECTIONS then collections, collections_count = {}, 0 end
   collections[path], collections_count = known, collections_count + 1
   return known
end

-- A record's path in URLs, without extension, and the SIDs in it.
local function location_of(record)
   local path = record.path
   -- Records of a list that isn't kept are in no collection.
   local collection = record.collection or path:match("^(.*)/")
   local known, own = collection_of(collection), path:sub(#collection + 2)
   if not is_sid(own) or #path ~= #collection + 35 then
      local above = path == collection and known or collection_of(path:match("^(.*)/"))
      return context.uri_of(path), above.sids
   end
   local in_path = { own }
   for i, sid in ipairs(known.sids) do in_path[i], in_path[i + 1] = sid, own end
   return known.uri .. "/" .. own, in_path
end

-- A SID of a kind that a field names: the first such field, by name.
local function sid_in(fields, prefix)
   local best
   for name, value in pairs(fields) do
      if type(value) == "string" and #value == 34 and value:sub(1, 2) == prefix
         and name:sub(-4) == "_sid" and (not best or core.less(name, best)) then
         best = name
      end
   end
   return best and fields[best]
end

local function may_be_known(field, kind)
   return derived[field] ~= nil or may_be_ancestor(field, kind) or false
end

--- The body that shows a record.
-- @param call (table) of context.lua
-- @param schema (table) of the operation's answer, or of a list's items
function body.of(sandbox, call, schema, record)
   local uri_base, in_path = location_of(record)
   local uri = uri_base .. call.extension
   write.is_plain(uri)
   local function known(field, kind)
      local derive = derived[field]
      if derive then return derive(call, kind, uri, record) end
      return ancestor_sid(in_path, field, kind)
   end
   local maker = {
      ids = sandbox.ids, now = sandbox.clock.now, account_sid = call.account_sid,
      url = call.base .. uri, uri = uri, may_be_known = may_be_known,
      uri_base = uri_base, url_base = call.base .. uri_base,
   }
   -- A SID of this kind that the resource's path or another of its fields has, or a new one.
   function maker.sid(prefix)
      if prefix == "AC" then return call.account_sid end
      return last_sid(in_path, prefix) or sid_in(record.fields, prefix) or sandbox.ids:sid(prefix)
   end
   function maker.is_asked(field) return is_asked(call.arguments, field) end
   local filled = answer.fill(schema, record.fields, known, maker)
   local sid = record.fields.sid
   -- A resource that is kept under another key (an identity, a number) is also found by its SID.
   if type(sid) == "string" and record.path:sub(-#sid) ~= sid and not record.names then
      sandbox.store:name(record, sid)
   end
   return filled
end

return body
