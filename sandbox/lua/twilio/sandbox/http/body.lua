-- sandbox/http/body.lua: a record as the body of an answer, with what follows from where it is: its
-- URL, its links, whose it is.
--
-- Must not know products by name.

local answer = require "twilio.sandbox.schema.answer"
local context = require "twilio.sandbox.http.context"
local core = require "twilio.core"
local field_names = require "twilio.sandbox.schema.field_names"
local json = require "twilio.json"
local revisions = require "twilio.sandbox.http.revisions"
local sids = require "twilio.sandbox.schema.sid"

local body = {}

-- Sub-resources of a place: name -> address.
local function links(place, address, extension)
   local out = {}
   for segment in pairs(place.children) do
      out[field_names.snake(segment)] = address .. "/" .. segment .. extension
   end
   return json.object(out)
end

-- An ancestor's SID from the path, for fields like list_sid whose name doesn't say whose it is.
local function ancestor_sid(path, field, kind)
   if kind.kind ~= "sid" or not field:match("_sid$") or field:match("^parent_") then return nil end
   local found
   for sid in path:gmatch("/([A-Z][A-Z]%x+)") do
      if sids.is(sid, kind.prefixes) then found = sid end
   end
   return found
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

-- The SIDs of a path, by prefix: the last one of each kind.
local function sids_in(path)
   local found = {}
   for sid in path:gmatch("/(%u%u%x+)") do
      if #sid == 34 then found[sid:sub(1, 2)] = sid end
   end
   return found
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

--- The body that shows a record.
-- @param call (table) of context.lua
-- @param schema (table) of the operation's answer, or of a list's items
function body.of(sandbox, call, schema, record)
   local uri = context.uri_of(call, record.path)
   local uri_base = uri:sub(1, #uri - #call.extension)
   local function known(field, kind)
      local derive = derived[field]
      if derive then return derive(call, kind, uri, record) end
      return ancestor_sid(record.path, field, kind)
   end
   local maker = {
      ids = sandbox.ids, now = sandbox.clock.now, account_sid = call.account_sid,
      url = call.base .. uri, uri = uri,
      uri_base = uri_base, url_base = call.base .. uri_base,
   }
   local in_path
   -- A SID of this kind that the resource's path or another of its fields has, or a new one.
   function maker.sid(prefix)
      if prefix == "AC" then return call.account_sid end
      in_path = in_path or sids_in(record.path)
      return in_path[prefix] or sid_in(record.fields, prefix) or sandbox.ids:sid(prefix)
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
