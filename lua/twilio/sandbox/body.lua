-- sandbox/body.lua: a record as the body of an answer, with what follows from where it is: its URL,
-- its links, whose it is.
--
-- Must not know products by name.

local answer = require "twilio.sandbox.answer"
local call = require "twilio.sandbox.call"
local ids = require "twilio.sandbox.ids"
local json = require "twilio.json"
local names = require "twilio.sandbox.names"

local body = {}

-- Sub-resources of a place: name -> address.
local function links(place, address, extension)
   local out = {}
   for segment in pairs(place.children) do out[names.snake(segment)] = address .. "/" .. segment .. extension end
   return json.object(out)
end

-- An ancestor's SID from the path, for fields like list_sid whose name doesn't say whose it is.
local function ancestor_sid(path, field, kind)
   if kind.kind ~= "sid" or not field:match("_sid$") or field:match("^parent_") then return nil end
   local found
   for sid in path:gmatch("/([A-Z][A-Z]%x+)") do
      if #sid == 34 and ids.has_prefix(sid, kind.prefixes) then found = sid end
   end
   return found
end

-- Field -> function(call, kind, uri) -> value
local derived = {
   -- The files have some of these as absolute, though the API sends them all as paths; nothing
   -- follows them.
   uri = function(it, kind, uri) return kind.kind == "uri" and it.base .. uri or uri end,
   url = function(it, _, uri) return it.base .. uri end,
   api_version = function(it) return it.product == "api" and "2010-04-01" or nil end,
}

local function item_place(it)
   return it.endpoint.side == "list" and it.place.any or it.place
end

function derived.subresource_uris(it, _, uri)
   return links(item_place(it), uri:sub(1, #uri - #it.extension), it.extension)
end

function derived.links(it, _, uri)
   return links(item_place(it), it.base .. uri:sub(1, #uri - #it.extension), it.extension)
end

--- The body that shows a record.
-- @param it (table) the call
-- @param answers (table) shape of the operation's answer, or of a list's items
function body.of(world, it, answers, record)
   local uri = call.uri_of(it, record.path)
   local function known(field, kind)
      local derive = derived[field]
      if derive then return derive(it, kind, uri) end
      return ancestor_sid(record.path, field, kind)
   end
   local maker = { ids = world.ids, now = world.clock.now, account_sid = it.account_sid, url = it.base .. uri }
   return answer.fill(answers, record.fields, known, maker)
end

return body
