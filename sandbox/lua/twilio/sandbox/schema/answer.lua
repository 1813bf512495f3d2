-- sandbox/schema/answer.lua: a record -> the body of an answer: every field that the API's files name, of
-- the kind they give it.
--
-- A field's value is the record's; else what follows from the request (its account, its URL); else
-- null where that is allowed, or the plainest value of its kind. The record keeps invented values
-- (SIDs), so that the next answer says the same. Must not know operations by name.

local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"

local answer = {}

local DEEPEST = 5 -- shapes may hold themselves

local plainest

local function repeated(it, maker, depth)
   local items = {}
   for i = 1, it.low or 0 do items[i] = plainest(it.items, maker, depth + 1) end
   return json.array(items)
end

local function object(it, maker, depth)
   local out = {}
   for _, property in ipairs(it.properties or {}) do
      if depth < DEEPEST or it.required[property.name] then
         out[property.name] = plainest(property.shape, maker, depth + 1)
      end
   end
   return json.object(out)
end

local function sid(it, maker)
   return it.prefixes == "AC" and maker.account_sid or maker.ids:sid(it.prefixes)
end

local makers = {
   string = function(it) return ("x"):rep(it.low or 0) end,
   integer = function(it) return it.low or 0 end,
   number = function(it) return it.low or 0 end,
   boolean = function() return false end,
   sid = sid,
   pattern = function(it, maker) return maker.ids:matching(it.pattern) end,
   enum = function(it) return it.first end,
   uri = function(_, maker) return maker.url end,
   ["uri-map"] = function() return json.object {} end,
   ["phone-number"] = function() return "+15005550006" end,
   ["iso-country-code"] = function() return "US" end,
   currency = function() return "USD" end,
   email = function() return "nobody@example.com" end,
   any = function() return json.object {} end,
   array = repeated,
   object = object,
}

local function accepted_by(it, value)
   local count = 0
   for _, choice in ipairs(it.choices) do
      if convert.value(choice, value) ~= nil then count = count + 1 end
   end
   return count
end

-- Of several shapes exactly one may fit: the first choice whose value is no other's.
local function choose(it, make)
   local first
   for _, choice in ipairs(it.choices) do
      local value, fields = make(choice)
      first = first or { value, fields }
      if accepted_by(it, value) == 1 then return value, fields end
   end
   return first[1], first[2]
end

function makers.one(it, maker, depth)
   return (choose(it, function(choice) return plainest(choice, maker, depth + 1) end))
end

for kind, format in pairs(convert.dates) do
   makers[kind] = function(_, maker) return format(maker.now) end
end

function plainest(it, maker, depth)
   if it.nullable and it.kind ~= "array" then return json.null end
   local make = makers[it.kind] or makers.string
   return make(it, maker, depth)
end

-- Kinds whose plainest value differs each time.
local invented = { sid = true, pattern = true, object = true, array = true, one = true }

local function field(property, fields, known, maker)
   local it, given = property.shape, fields[property.field]
   local value
   if given ~= nil then value = convert.value(it, given) end
   if value == nil then value = known(property.field, it) end
   if value ~= nil then return value end
   value = plainest(it, maker, 1)
   if invented[it.kind] and value ~= json.null and given == nil then fields[property.field] = value end
   return value
end

-- Only what the chosen shape invented is kept.
local function fill_one(it, fields, known, maker)
   local value, kept = choose(it, function(choice)
      local own = {}
      for name, given in pairs(fields) do own[name] = given end
      return answer.fill(choice, own, known, maker), own
   end)
   for name, invented_value in pairs(kept) do fields[name] = invented_value end
   return value
end

--- The body of an answer.
-- @param it (table) of shape.lua
-- @param fields (table) the record's; invented values are added to it
-- @param known (function) (snake_case name, shape) -> a value that follows from the request, or nil
-- @param maker (table) { ids, now = epoch seconds, account_sid, url = of the resource }
-- @return what json.encode takes
function answer.fill(it, fields, known, maker)
   if it.kind == "one" then return fill_one(it, fields, known, maker) end
   if it.kind ~= "object" or not it.properties then return plainest(it, maker, 1) end
   local out = {}
   for _, property in ipairs(it.properties) do out[property.name] = field(property, fields, known, maker) end
   if #it.properties == 0 then
      for name, value in pairs(fields.body_ or {}) do out[name] = value end
   end
   return json.object(out)
end

return answer
