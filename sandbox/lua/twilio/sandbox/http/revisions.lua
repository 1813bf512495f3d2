-- sandbox/http/revisions.lua: how often a record was changed, and changes that are made only if
-- nobody else has made one: If-Match.
--
-- The field `revision` and the header ETag show it: as hexadecimal digits from "0", or counted from
-- 1 where the API's files have an integer. Must not know how answers are written.

local api_error = require "twilio.sandbox.http.api_error"

local revisions = {}

-- A name that no answer has.
local COUNT = "revision_"

--- Counts a change of a record.
function revisions.advance(record)
   record.fields[COUNT] = (record.fields[COUNT] or 0) + 1
end

--- The revision as a field of an answer. @param kind (table) its schema
function revisions.shown(record, kind)
   local count = record.fields[COUNT] or 0
   return kind.kind == "integer" and count + 1 or ("%x"):format(count)
end

-- Places are data: place -> boolean.
local conditional = setmetatable({}, { __mode = "k" })

-- Returns true if an operation at a place takes If-Match.
local function is_conditional(place)
   if conditional[place] == nil then
      local found = false
      for _, endpoint in pairs(place.verbs) do
         local parameter = endpoint.op.by_wire["If-Match"]
         found = found or parameter ~= nil
      end
      conditional[place] = found
   end
   return conditional[place]
end

-- Products whose files have a bare number as ETag, from 1.
local counted = { intelligence_v3 = true }

local function tag_of(call, record)
   local kind = { kind = counted[call.endpoint.file] and "integer" or "string" }
   return tostring(revisions.shown(record, kind)), counted[call.endpoint.file]
end

--- The ETag of a call's resource. @return (string | nil) nil: resources there have none
function revisions.tag(call)
   local place = call.endpoint.side == "list" and call.place.any or call.place
   if not call.record or not is_conditional(place) then return nil end
   local tag, is_bare = tag_of(call, call.record)
   return is_bare and tag or '"' .. tag .. '"'
end

-- Twilio's codes for a revision that isn't the newest, by the resource's name.
local codes = { { "^sync/.*/Documents$", 54103 }, { "^sync/.*/Items$", 54155 } }

local function code_of(name)
   for _, rule in ipairs(codes) do
      if name:find(rule[1]) then return rule[2] end
   end
   return 20412
end

-- Returns true if an If-Match header names the revision, with or without quotes; "*" is any.
local function matches(header, revision)
   for tag in header:gmatch("[^,%s]+") do
      local named = tag:gsub("^W/", ""):gsub('^"(.*)"$', "%1")
      if named == "*" or named == revision then return true end
   end
   return false
end

--- Refuses a change of a revision that isn't the newest.
-- @return (table | nil) the API error
function revisions.refused(call, record)
   local parameter = call.op.by_wire["If-Match"]
   local header = parameter and call.arguments[parameter.name]
   if not header then return nil end
   call.arguments[parameter.name] = nil
   if matches(header, (tag_of(call, record))) then return nil end
   return api_error.new(412, code_of(call.endpoint.name),
      "The revision of the resource isn't the one that If-Match names")
end

return revisions
