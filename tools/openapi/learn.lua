-- The facts that the example answers of a document tell about its schemas: which fields are filled
-- and which are null when a resource is new, with which defaults, of what the nested objects
-- consist, what links are called and where they lead.
--
-- A fact is a word (sandbox/lua/twilio/sandbox/schema/facts.lua reads them):
--
--   name?          null                           name!1 name!0   true, false
--   name#12        a number                       name=text       a text, percent-encoded
--   name^6         six digits, others each time
--   name$          any text                       name@VA         a SID
--   name~t+600     a time: t date-time, d date, r RFC 2822; seconds after the creation
--   name+/Roles    an address below the resource's own URL; name-/Media.json: below its path
--   name&https://  another address; <VA> stands for a SID
--   name?{words}   an object if the request asks for this field, otherwise null
--   name{words}    an object; name[word] an array of one item, name[] an empty one
--
-- Examples of a creation tell more than others: what is null there is null in a new resource.
-- Example texts aren't kept unless they are words of the API (statuses, kinds), nor are SIDs,
-- dates or counts. Must not know files, or how facts are applied.

local document = require "openapi.document"
local examples = require "openapi.examples"
local names = require "openapi.names"
local sorted_keys = require("openapi.source").sorted_keys

-- Forms of texts ----------------------------------------------------------------------------------

local months = {
   Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6, Jul = 7, Aug = 8, Sep = 9, Oct = 10,
   Nov = 11, Dec = 12,
}

-- Seconds that grow with the time, good for differences, and the letter of the form; nil: no date.
local function moment(text)
   local y, m, d, rest = text:match("^(%d%d%d%d)-(%d%d)-(%d%d)(.*)$")
   local letter = "t"
   if y and rest == "" then letter = "d" end
   if y and rest ~= "" and not rest:match("^T%d%d:%d%d") then return nil end
   if not y then
      d, m, y, rest = text:match("^%a%a%a, (%d%d?) (%a%a%a) (%d%d%d%d) (%d%d:%d%d:%d%d)")
      letter, m = "r", months[m]
      if not m then return nil end
      rest = "T" .. rest
   end
   local hour, min, sec = rest:match("^T(%d%d):(%d%d):?(%d?%d?)")
   local days = tonumber(y) * 365.25 + (tonumber(m) - 1) * 30.4 + tonumber(d)
   return math.floor(days * 86400 + (tonumber(hour) or 0) * 3600 + (tonumber(min) or 0) * 60
      + (tonumber(sec) or 0)), letter
end

local LONGEST = 400 * 86400 -- seconds: what is further off is no rule

local function offset_of(at, context)
   local seconds = context.created and at - context.created or 0
   if seconds <= 0 or seconds > LONGEST then return "" end
   if seconds > 86400 then seconds = math.floor(seconds / 86400 + 0.5) * 86400 end
   return ("+%d"):format(seconds)
end

-- An address below the resource's own, or any other with its SIDs left open.
local function address_of(text, context)
   local bare = text:gsub("%?.*$", "")
   for _, own in ipairs(context.own) do
      local rest = bare:sub(1, #own) == own and bare:sub(#own + 1)
      if rest and (rest == "" or rest:match("^[/.]")) then
         return (own:match("^/") and "-" or "+") .. rest:gsub("[%s{}%[%]]", "")
      end
   end
   return "&" .. bare:gsub("(%u%u)(%w+)", function(prefix, rest)
      return #rest == 32 and "<" .. prefix .. ">" or nil
   end):gsub("[%s{}%[%]]", "")
end

local API_VERSION = "2010-04-01"

local function form_of_text(text, context)
   local is_sid = #text == 34 and text:match("^%u%u%w+$")
      or #text > 30 and #text < 38 and text:match("^%u%u%x+$")
   if is_sid then return "@" .. text:sub(1, 2) end
   local at, letter = moment(text)
   if at and text ~= API_VERSION then return "~" .. letter .. offset_of(at, context) end
   if text:match("^https?://[%w.-]*twilio%.com") or text:match("^/2010%-04%-01/") then
      return address_of(text, context)
   end
   return "=" .. text
end

-- Gathering ---------------------------------------------------------------------------------------

local function new_node() return { all = {}, create = {}, members = {}, filled = 0, seen = 0 } end

local function add(votes, key, weight) votes[key] = (votes[key] or 0) + (weight or 1) end

local function child(node, name)
   node.members[name] = node.members[name] or new_node()
   return node.members[name]
end

-- A schema and what it consists of, and its name if it has one.
local function resolve(doc, schema)
   local name
   while schema and schema["$ref"] do
      name = schema["$ref"]:match("^#/components/schemas/([^/]+)$")
      schema = document.resolve(doc, { ["$ref"] = schema["$ref"] })
   end
   return schema or {}, name
end

local function properties_of(doc, schema, into)
   into = into or {}
   for name, property in pairs(schema.properties or {}) do into[name] = property end
   for _, kind in ipairs { "allOf", "oneOf" } do
      for _, part in ipairs(schema[kind] or {}) do
         properties_of(doc, (resolve(doc, part)), into)
      end
   end
   return into
end

local gather

local function gather_members(self, node, schema, value, context)
   if next(value) then node.filled = node.filled + 1 end
   local properties = properties_of(self.doc, schema)
   for name, member in pairs(value) do
      gather(self, child(node, name), properties[name] or {}, member, context)
   end
end

-- The node of a named object is its own: all that refer to it share what is known.
local function node_of(self, node, schema)
   local resolved, name = resolve(self.doc, schema)
   if not name or not next(properties_of(self.doc, resolved)) then
      return node, resolved
   end
   self.named[name] = self.named[name] or new_node()
   return self.named[name], resolved
end

function gather(self, node, schema, value, context)
   local kind = examples.type_of(value)
   local form = kind
   if kind == "string" then form = form_of_text(value, context) end
   if kind == "number" then form = ("#%.14g"):format(value) end
   if kind == "boolean" then form = value and "!1" or "!0" end
   if kind == "null" then form = "?" end
   local declared = resolve(self.doc, schema)
   -- The sandbox shows null where nothing is known of what may be null, but for arrays.
   node.is_enum = declared.enum ~= nil
   local is_null_anyway = declared.type ~= nil and declared.type ~= "array"
   node.is_nullable = declared.nullable == true and is_null_anyway
   node.seen = node.seen + 1
   node.kinds = node.kinds or {}
   node.kinds[form] = kind
   add(node.all, form, context.weight)
   if context.is_create then add(node.create, form, context.weight) end
   if kind == "object" then
      local own, resolved = node_of(self, node, schema)
      node.is_named = own ~= node or nil
      gather_members(self, own, resolved, value, context)
   elseif kind == "array" then
      local items = resolve(self.doc, schema).items or {}
      node.items = node.items or { empty = 0, filled = 0 }
      local which = value[1] == nil and "empty" or "filled"
      node.items[which] = node.items[which] + 1
      if value[1] ~= nil then gather(self, child(node, "[]"), items, value[1], context) end
   end
end

local usual = { create = true, fetch = true, update = true, read = true, readFull = true }

local function context_of(example, resource)
   local own = {}
   for _, name in ipairs { "url", "uri" } do
      local address = resource[name]
      if type(address) == "string" then
         own[#own + 1] = address:gsub("%?.*$", ""):gsub("%.json$", "")
      end
   end
   local created = resource.date_created or resource.dateCreated or resource.createdAt
   return {
      own = own, created = type(created) == "string" and moment(created) or nil,
      is_create = example.op.operationId:lower():match("^create") ~= nil,
      -- Others show special cases.
      weight = usual[example.name] and 1.5 or 1,
   }
end

-- Returns true if a request may say which fields it wants: lookups.
local function takes_fields(doc, example)
   for _, p in ipairs(document.parameters(doc, doc.paths[example.path], example.op)) do
      local is_askable = p.name == "Fields" or p.name == "AddOns"
      if is_askable and p["in"] == "query" and example.verb == "get" then return true end
   end
   return nil
end

local function gather_example(self, example)
   local key = example.verb:upper() .. " " .. example.path:gsub("{[^}]*}", "{}")
   self.operations[key] = self.operations[key] or new_node()
   local node, value = self.operations[key], example.value
   local schema = example.schema or {}
   if not example.op.operationId:lower():match("^list") then
      local own = node_of(self, node, schema)
      own.is_askable = own.is_askable or takes_fields(self.doc, example)
      return gather(self, node, schema, value, context_of(example, value))
   end
   local resolved = resolve(self.doc, schema)
   for name, content in pairs(value) do
      if examples.is_array(content) and examples.type_of(content[1]) == "object" then
         local array = document.resolve(self.doc, properties_of(self.doc, resolved)[name])
         local items = child(child(node, name), "[]")
         gather(self, items, array.items or {}, content[1], context_of(example, content[1]))
      end
   end
end

-- Writing -----------------------------------------------------------------------------------------

-- The key with most votes; of several with as many, the one that `second` prefers, and not null.
local function most(votes, second)
   local best
   for _, key in ipairs(sorted_keys(votes)) do
      local lead = best and votes[key] - votes[best] or 1
      if lead == 0 then lead = (second[key] or 0) - (second[best] or 0) end
      if lead == 0 and best == "null" then lead = 1 end
      if lead > 0 then best = key end
   end
   return best
end

local function by_kind(node, votes)
   local out = {}
   for form, count in pairs(votes) do add(out, node.kinds[form], count) end
   return out
end

-- The form that most examples show: of the kind that most have.
local function winner(node)
   local votes = next(node.create) and node.create or node.all
   local kind, of_kind = most(by_kind(node, votes), by_kind(node, node.all)), {}
   for form, count in pairs(votes) do
      if node.kinds[form] == kind then of_kind[form] = count end
   end
   return most(of_kind, node.all), kind
end

local function encode(text)
   return (text:gsub("[^%w_.:/*,-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

local counting = { "count", "total", "num", "size", "duration", "price", "usage", "used", "index" }

local function is_count(name)
   for _, word in ipairs(counting) do
      if name:lower():find(word, 1, true) then return true end
   end
   return false
end

-- Returns true for a text that is a word of the API, not of the example.
local function is_word(text, name)
   return text ~= "" and #text <= 40 and text ~= name and not text:lower():find("name", 1, true)
      and not text:find("example", 1, true)
      and text:match("^[%a][%w_./:+-]*$") ~= nil and text:find("%d%d%d%d") == nil
end

local link_fields = { links = true, subresource_uris = true }

local render

local MOST_LEVELS = 8

-- Fields that all resources have from where and when they are made.
local given = {
   account_sid = "@", url = "+", uri = "-", date_created = "~", date_updated = "~",
   created_at = "~", updated_at = "~",
}

local function is_given(name, word, level)
   return level == 1 and given[name] ~= nil and word:sub(1, 1) == given[name]
end

local LEAST_SHARE = 0.4 -- of the objects that must have a member: others are of few, or data

local function words_of(node, level, is_askable, is_link)
   local words = {}
   for _, name in ipairs(sorted_keys(node.members)) do
      local member = node.members[name]
      local is_data = name == "[]" or (#name == 34 and name:match("^%u%u%x+$") ~= nil)
      local is_usual = is_link or is_askable or member.seen >= LEAST_SHARE * node.filled
      if not is_data and is_usual then
         -- The results of add-ons are there if the request names them.
         local may_ask = is_askable and (level == 1 or name ~= "results")
         local word = render(member, name, level, may_ask, is_askable)
         if word and not is_given(name, word, level) then
            words[#words + 1] = encode(name) .. word
         end
      end
   end
   return table.concat(words, " ")
end

local function array_of(node, name, level)
   local items = node.items or { empty = 1, filled = 0 }
   local item = node.members["[]"]
   if items.filled < items.empty or level > MOST_LEVELS or not item then return "[]" end
   local word = render(item, name, level + 1)
   return "[" .. (word or "") .. "]"
end

function render(node, name, level, is_askable, has_askable)
   local form, kind = winner(node)
   if not form then return nil end
   if is_askable and next(node.members) and kind ~= "array" then
      return "?{" .. words_of(node, level + 1, node.members.results ~= nil) .. "}"
   end
   if has_askable and kind == "object" then return "{" .. words_of(node, level, true) .. "}" end
   if kind == "object" then
      if node.is_named or level > MOST_LEVELS then return "{}" end
      return "{" .. words_of(node, level + 1, nil, link_fields[name]) .. "}"
   end
   if form == "?" and node.is_nullable and not link_fields[name] then return nil end
   if kind == "array" then return array_of(node, name, level) end
   if kind == "number" then return is_count(name) and "#0" or form end
   local text = form:match("^=(.*)$")
   if not text then return form end
   if text == API_VERSION then return form end
   local is_code = name:match("ation_code$") and text:match("^%d+$") and #text < 10
   if is_code then return "^" .. #text end
   return is_word(text, name) and "=" .. encode(text) or "$"
end

-- The parameters of a form, or the members of a JSON body.
local function parameters_of(doc, op)
   local content, form = document.body(doc, op)
   local _, media = next(content)
   return properties_of(doc, form or media and (resolve(doc, media.schema)) or {})
end

-- Fields that repeat a parameter of the creation which needn't be given: schema's name -> set.
local function echoes(doc, list)
   local out = {}
   for _, example in ipairs(list) do
      local _, name = resolve(doc, example.schema)
      if name and example.op.operationId:match("^Create") then
         out[name] = out[name] or {}
         for parameter in pairs(parameters_of(doc, example.op)) do
            out[name][names.snake(parameter)] = true
         end
      end
   end
   return out
end

local free_form = {}
for name in ([[attributes config configuration data definition hidden_details metadata parameters
   policy sink_configuration traits types variables]]):gmatch("%S+") do free_form[name] = true end

-- Of those a text, a SID and an address are what the request says, or nothing; a choice among the
-- API's words has a default, and an object for the caller's own data is empty.
local function drop_echoes(node, set)
   for name, member in pairs(node.members) do
      if set[names.snake(name)] then
         local form, kind = winner(member)
         local is_choice = member.is_enum or form == "=GET" or form == "=POST"
         if kind == "string" and not is_choice then node.members[name] = nil end
         if kind == "object" and free_form[name] then member.members = {} end
      end
   end
end

--- Learns from the examples of a document.
-- @param list (array) of examples.of_document
-- @param alive (table) schema's name -> names of fields that the sandbox fills by itself
-- @return (table) words by schema's name and, of answers whose schema has none, by operation: "POST
--    /v2/Services"
return function(doc, list, alive)
   local self = { doc = doc, named = {}, operations = {} }
   for _, example in ipairs(list) do gather_example(self, example) end
   local out, said = {}, echoes(doc, list)
   for name, node in pairs(self.named) do
      drop_echoes(node, said[name] or {})
      for field in (alive[name] or ""):gmatch("%S+") do node.members[field] = nil end
      out[name] = words_of(node, 1, node.is_askable)
   end
   for key, node in pairs(self.operations) do
      local words = words_of(node, 1)
      if words ~= "" and not node.is_named then out[key] = words end
   end
   return out
end
