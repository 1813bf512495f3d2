-- sandbox/schema/answer.lua: a record -> the body of an answer: every field that the API's files
-- name, of the kind they give it.
--
-- A field's value is the record's; else what follows from the request (its account, its URL); else
-- what the API's examples show of a new resource (facts.lua); else null where that is allowed, or
-- the plainest value of its kind. The record keeps invented values (SIDs, dates), so that the next
-- answer says the same. Must not know operations by name.

local convert = require "twilio.sandbox.schema.convert"
local facts = require "twilio.sandbox.schema.facts"
local json = require "twilio.json"
local write = require "twilio.sandbox.schema.write"

local answer = {}

local DEEPEST = 5 -- schemas may hold themselves
local NULL = { kind = "null" }
local ANY = { kind = "any", nullable = true }

local plainest

local function repeated(schema, maker, depth)
   local items = {}
   for i = 1, schema.low or 0 do items[i] = plainest(schema.items, maker, depth + 1) end
   return json.array(items)
end

local function object(schema, maker, depth)
   local out = {}
   for _, property in ipairs(schema.properties or {}) do
      if depth < DEEPEST or schema.required[property.name] then
         out[property.name] = plainest(property.schema, maker, depth + 1)
      end
   end
   return json.object(out)
end

local function sid(schema, maker)
   return schema.prefixes == "AC" and maker.account_sid or maker.ids:sid(schema.prefixes)
end

local makers = {
   string = function(schema) return ("x"):rep(schema.low or 0) end,
   integer = function(schema) return schema.low or 0 end,
   number = function(schema) return schema.low or 0 end,
   boolean = function() return false end,
   sid = sid,
   pattern = function(schema, maker) return maker.ids:matching(schema.pattern) end,
   enum = function(schema) return schema.first end,
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

local function accepted_by(schema, value)
   local count = 0
   for _, choice in ipairs(schema.choices) do
      if convert.value(choice, value) ~= nil then count = count + 1 end
   end
   return count
end

-- Of several schemas exactly one may fit: the first choice whose value is no other's.
local function choose(schema, make)
   local first
   for _, choice in ipairs(schema.choices) do
      local value, fields = make(choice)
      first = first or { value, fields }
      if accepted_by(schema, value) == 1 then return value, fields end
   end
   return first[1], first[2]
end

function makers.one(schema, maker, depth)
   return (choose(schema, function(choice) return plainest(choice, maker, depth + 1) end))
end

for kind, format in pairs(convert.dates) do
   makers[kind] = function(_, maker) return format(maker.now) end
end

function plainest(schema, maker, depth)
   if schema.nullable and schema.kind ~= "array" then return json.null end
   local make = makers[schema.kind] or makers.string
   return make(schema, maker, depth)
end

-- The members that an object has by its schema and by a fact: array of { name, schema, fact, extra
-- = the schema of any other member }. Both are data, so that it is made once.
local function plan_of(schema, fact)
   local plan = fact.plans and fact.plans[schema]
   if plan then return plan end
   plan = {}
   for _, property in ipairs(schema.properties or {}) do
      local own = fact.by_name and fact.by_name[property.name] or property.fact
      plan[#plan + 1] = { name = property.name, schema = property.schema, fact = own }
      plan[property.name] = true
   end
   for _, member in ipairs(schema.extra ~= false and fact.members or {}) do
      if not plan[member.name] then
         plan[#plan + 1] = {
            name = member.name, schema = ANY, fact = member.fact, extra = schema.extra,
         }
         plan[member.name] = true
      end
   end
   fact.plans = fact.plans or {}
   fact.plans[schema] = plan
   return plan
end

local complete

-- Completes an object by its schema and by a fact, around members that are given.
local function members(schema, fact, given, maker, depth)
   local out, plan = {}, plan_of(schema, fact)
   for _, member in ipairs(plan) do
      local own, is_wanted = member.fact, true
      if own and own.kind == "asked" then
         own, is_wanted = own.value, maker.is_asked(member.name)
      end
      if is_wanted then
         local value = complete(member.schema, own, given[member.name], maker, depth + 1)
         if member.extra then value = convert.value(member.extra, value) end
         out[member.name] = value
      end
   end
   for name, value in pairs(given) do
      if not plan[name] then out[name] = value end
   end
   return json.object(out)
end

local NOTHING = {}

local constant = { number = true, boolean = true, literal = true, text = true }
local any_text = { string = true, any = true, one = true }
local objects = { object = true, any = true, ["uri-map"] = true }

local function made(schema, fact, maker)
   if fact.kind == "text" and not any_text[schema.kind] then return nil end
   if not constant[fact.kind] then return convert.value(schema, facts.make(fact, maker)) end
   -- The same for all resources.
   if fact.checked_by ~= schema then
      fact.checked_by, fact.checked = schema, convert.value(schema, facts.make(fact, maker))
   end
   return fact.checked
end

-- A fact's value, if the schema takes it.
local function told(schema, fact, maker, depth)
   local kind = fact.kind
   if kind == "null" then return (schema.nullable or schema.kind == "any") and json.null or nil end
   local is_shallow = depth <= DEEPEST + 2
   if kind == "object" and objects[schema.kind] and is_shallow then
      return members(schema, fact, NOTHING, maker, depth)
   end
   if kind == "array" and fact.item and schema.kind == "array" and is_shallow then
      return json.array { complete(schema.items, fact.item, nil, maker, depth + 1) }
   end
   local value = made(schema, fact, maker)
   if value == nil and kind ~= "object" and kind ~= "array" then
      -- The kind of value is known, though not a fitting one.
      value = (makers[schema.kind] or makers.string)(schema, maker, depth)
   end
   return value
end

-- A value that was given. In an object the API fills what the request didn't say, where its
-- examples tell.
local function shown(schema, fact, given, maker, depth)
   local value = convert.value(schema, given)
   local is_open = fact and fact.kind == "object" and fact.members[1] and objects[schema.kind]
      and type(value) == "table" and #value == 0
   return is_open and members(schema, fact, value, maker, depth) or value, is_open
end

function complete(schema, fact, given, maker, depth)
   local value
   if given ~= nil then return (shown(schema, fact, given, maker, depth)) end
   if fact then value = told(schema, fact, maker, depth) end
   if value == nil then value = plainest(schema, maker, depth) end
   return value
end

-- Kinds whose plainest value differs each time.
local invented = { sid = true, pattern = true, object = true, array = true, one = true }

-- Facts whose value depends on the moment, or is made anew each time; addresses follow from the
-- resource's.
local passing = { sid = true, digits = true, date = true, object = true, array = true }
local follows = { links = true, subresource_uris = true }

-- Kinds whose plainest value is always the same.
local same = {
   string = true, integer = true, number = true, boolean = true, enum = true,
   ["phone-number"] = true, ["iso-country-code"] = true, currency = true, email = true,
}

-- The value that a property has in each answer whose record and request say nothing of it; nil: it
-- is another each time.
local function default_of(property)
   local schema, fact = property.schema, property.fact
   local is_null = schema.nullable and schema.kind ~= "array"
   local is_same, value = same[schema.kind], nil
   if not fact then
      if is_null or is_same then value = plainest(schema, nil, 1) end
   elseif fact.kind == "null" then
      if schema.nullable or schema.kind == "any" then return json.null end
      if is_same then value = plainest(schema, nil, 1) end
   elseif constant[fact.kind] then
      value = made(schema, fact, nil)
      if value == nil and is_same then value = makers[schema.kind](schema) end
   end
   return value
end

-- Schemas are data: of each the properties with what follows from them alone, and the metatable of
-- the answers that are made by it, which write.lua reads: their members in the order of their
-- names.
local plans = setmetatable({}, { __mode = "k" })

local function plan_of_answer(schema, maker)
   local plan, names = {}, {}
   for i, property in ipairs(schema.properties) do
      local name, kind = property.name, property.schema
      local own = { name = name, field = property.field, schema = kind, fact = property.fact }
      own.is_any_text = kind.kind == "string" and not kind.low and not kind.high
      local may_be_known = not maker.may_be_known or maker.may_be_known(property.field, kind)
      if not may_be_known then own.default = default_of(property) end
      plan[i], names[i] = own, name
   end
   plan.class = write.class(names)
   plans[schema] = plan
   return plan
end

local function field(property, fields, known, maker)
   local schema, given, fact = property.schema, fields[property.field], property.fact
   if given == nil then
      if property.default ~= nil then return property.default end
   elseif property.is_any_text and type(given) == "string" then
      return given
   end
   local value, is_completed
   if given ~= nil then value, is_completed = shown(schema, fact, given, maker, 1) end
   if is_completed then fields[property.field] = value end
   if value == nil and not (fact and follows[property.field]) then
      value = known(property.field, schema)
   end
   if value ~= nil then return value end
   if fact and fact.kind == "asked" then
      fact = maker.is_asked(property.field) and fact.value or NULL
      if fact ~= NULL then return (complete(schema, fact, nil, maker, 1)) end
   end
   if fact and given == nil then
      value = told(schema, fact, maker, 1)
      if value ~= nil then
         local is_kept = passing[fact.kind] and not follows[property.field]
         if is_kept then fields[property.field] = value end
         return value
      end
   end
   value = plainest(schema, maker, 1)
   if invented[schema.kind] and value ~= json.null and given == nil then
      fields[property.field] = value
   end
   return value
end

-- Only what the chosen schema invented is kept.
local function fill_one(schema, fields, known, maker)
   local value, kept = choose(schema, function(choice)
      local own = {}
      for name, given in pairs(fields) do own[name] = given end
      return answer.fill(choice, own, known, maker), own
   end)
   for name, invented_value in pairs(kept) do fields[name] = invented_value end
   return value
end

--- The body of an answer.
-- @param schema (table) of schemas.lua
-- @param fields (table) the record's; invented values are added to it
-- @param known (function) (snake_case name, schema) -> a value that follows from the request, or
--    nil
-- @param maker (table) { ids, now = epoch seconds, account_sid, url = of the resource, url_base,
--    uri_base, sid = as facts.make wants them, is_asked = function(field) -> true if the request
--    asks for it; may_be_known = function(field, schema) -> false if `known` has nothing for it,
--    whatever the request (nil: it may always) }
-- @return what json.encode and write.text take
function answer.fill(schema, fields, known, maker)
   if schema.kind == "one" then return fill_one(schema, fields, known, maker) end
   if schema.kind ~= "object" or not schema.properties then return plainest(schema, maker, 1) end
   local out, plan = {}, plans[schema] or plan_of_answer(schema, maker)
   for _, property in ipairs(plan) do
      out[property.name] = field(property, fields, known, maker)
   end
   if #plan == 0 then
      for name, value in pairs(fields.body_ or {}) do out[name] = value end
   end
   return setmetatable(out, plan.class)
end

return answer
