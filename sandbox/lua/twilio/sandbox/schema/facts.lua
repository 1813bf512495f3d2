-- sandbox/schema/facts.lua: facts about fields, as the API's example answers tell them: read from
-- their words, and made into values.
--
-- tools/openapi/learn.lua has the language. A fact is { kind, ... } as `readers` below have it; an
-- object's has members (array of { name, fact }) and by_name. Must not know schemas or records.

local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"

local facts = {}

local function decode(text)
   return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

local read_members

local date_kinds = { t = "date-time", d = "date", r = "rfc2822" }

-- First character -> function(text, position after it) -> fact, position after the fact.
local readers = {
   ["?"] = function(text, at)
      if text:sub(at, at) ~= "{" then return { kind = "null" }, at end
      local value
      value, at = read_members(text, at + 1)
      return { kind = "asked", value = value }, at
   end,
   ["$"] = function(_, at) return { kind = "text" }, at end,
   ["#"] = function(text, at)
      local digits, after = text:match("^([^%s{}%[%]]+)()", at)
      return { kind = "number", value = tonumber(digits) }, after
   end,
   ["!"] = function(text, at)
      return { kind = "boolean", value = text:sub(at, at) == "1" }, at + 1
   end,
   ["="] = function(text, at)
      local value, after = text:match("^([^%s{}%[%]]*)()", at)
      return { kind = "literal", value = decode(value) }, after
   end,
   ["^"] = function(text, at)
      return { kind = "digits", count = tonumber(text:sub(at, at)) }, at + 1
   end,
   ["@"] = function(text, at) return { kind = "sid", prefix = text:sub(at, at + 1) }, at + 2 end,
   ["~"] = function(text, at)
      local letter, offset, after = text:match("^(%l)%+?(%d*)()", at)
      return { kind = "date", format = date_kinds[letter], offset = tonumber(offset) or 0 }, after
   end,
   ["{"] = function(text, at) return read_members(text, at) end,
}

for mark, kind in pairs { ["+"] = "url", ["-"] = "uri", ["&"] = "address" } do
   readers[mark] = function(text, at)
      local value, after = text:match("^([^%s{}%[%]]*)()", at)
      return { kind = kind, value = decode(value) }, after
   end
end

local function read(text, at)
   return readers[text:sub(at, at)](text, at + 1)
end

readers["["] = function(text, at)
   if text:sub(at, at) == "]" then return { kind = "array" }, at + 1 end
   local item
   item, at = read(text, at)
   return { kind = "array", item = item }, at + 1
end

function read_members(text, at)
   local fact = { kind = "object", members = {}, by_name = {} }
   while true do
      local name, after = text:match("^%s*([%w_.:/*%%,]+)()", at)
      if not name then break end
      local member
      member, at = read(text, after)
      name = decode(name)
      fact.members[#fact.members + 1] = { name = name, fact = member }
      fact.by_name[name] = member
   end
   return fact, text:match("^%s*}?()", at)
end

--- Reads the words of an object.
-- @return (table) a fact of kind "object"
function facts.read(words) return (read_members(words, 1)) end

-- Making ------------------------------------------------------------------------------------------

local makers = {
   asked = function() return json.null end,
   null = function() return json.null end,
   text = function() return "" end,
   number = function(fact) return fact.value end,
   boolean = function(fact) return fact.value end,
   literal = function(fact) return fact.value end,
   digits = function(fact, maker) return maker.ids:digits(fact.count) end,
   sid = function(fact, maker) return maker.sid(fact.prefix) end,
   date = function(fact, maker) return convert.dates[fact.format](maker.now + fact.offset) end,
   url = function(fact, maker) return maker.url_base .. fact.value end,
   uri = function(fact, maker) return maker.uri_base .. fact.value end,
   address = function(fact, maker)
      return (fact.value:gsub("<(%u%u)>", function(prefix) return maker.sid(prefix) end))
   end,
}

function makers.array(fact, maker)
   return json.array(fact.item and { facts.make(fact.item, maker) } or {})
end

function makers.object(fact, maker)
   local out = {}
   for _, member in ipairs(fact.members) do out[member.name] = facts.make(member.fact, maker) end
   return json.object(out)
end

--- Makes the value that a fact tells of.
-- @param maker (table) { ids, now = epoch seconds, sid = function(prefix) -> a SID, url_base,
--    uri_base = the resource's URL and its path, without extension }
function facts.make(fact, maker) return makers[fact.kind](fact, maker) end

return facts
