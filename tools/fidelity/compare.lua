-- Compares an answer with the example that the OpenAPI files have of it: which fields are there,
-- and which of them have the JSON type that the example shows.
--
-- Counted are the members of a resource and of the objects in it; of arrays of objects, and of the
-- resources of a list, the first stands for all, and a list's frame (pages) isn't counted. Members
-- of `links` and `subresource_uris` count as links too, those of other objects as nested, too.
-- Values aren't compared, but for two: the HTTP status, and the status of what was created, which
-- must be one that the examples of this creation show. Must not know how answers are had.

local examples = require "openapi.examples"

local compare = {}

local type_of = examples.type_of

--- The measures, in the order of reports.
compare.measures = { "name", "type", "nested", "links", "status", "http" }

--- Counts of nothing: measure -> { of, right }; `missed` is an array of { example, what =
-- field's path, got, wanted = types or statuses }.
function compare.new_counts()
   local counts = { missed = {} }
   for _, name in ipairs(compare.measures) do counts[name] = { of = 0, right = 0 } end
   return counts
end

--- Adds counts to others.
function compare.sum(total, counts)
   for _, name in ipairs(compare.measures) do
      total[name].of = total[name].of + counts[name].of
      total[name].right = total[name].right + counts[name].right
   end
end

local Comparison = {}
Comparison.__index = Comparison

function Comparison:count(measure, is_right)
   local c = self.counts[measure]
   c.of, c.right = c.of + 1, c.right + (is_right and 1 or 0)
end

function Comparison:miss(what, got, wanted)
   table.insert(self.counts.missed, {
      example = self.example, what = what, got = got, wanted = wanted,
   })
end

local link_fields = { links = true, subresource_uris = true }

local function object_or_empty(value) return type_of(value) == "object" and value or {} end

-- kind: "links" or "nested" below such an object; nil for a resource's own fields.
function Comparison:members(wanted, got, path, kind)
   for name, content in pairs(wanted) do
      local mine = got[name]
      local has_type = mine ~= nil and type_of(mine) == type_of(content)
      local here = path == "" and name or path .. "." .. name
      self:count("name", mine ~= nil)
      self:count("type", has_type)
      if kind then self:count(kind, has_type) end
      if not has_type then
         self:miss(here, mine == nil and "nothing" or type_of(mine), type_of(content))
      end
      self:value(content, mine, here, link_fields[name] and "links" or kind or "nested")
   end
end

function Comparison:value(wanted, got, path, kind)
   local wanted_type = type_of(wanted)
   if wanted_type == "object" then
      self:members(wanted, object_or_empty(got), path, kind)
   elseif wanted_type == "array" and type_of(wanted[1]) == "object" then
      local first = type_of(got) == "array" and got[1]
      self:members(wanted[1], object_or_empty(first), path .. "[]", kind)
   end
end

function Comparison:list(wanted, got)
   for name, content in pairs(wanted) do
      if type_of(content) == "array" and type_of(content[1]) == "object" then
         self:value(content, got[name], name, nil)
      end
   end
end

local function is_method(example, word)
   return example.op.operationId:lower():sub(1, #word) == word
end

-- status -> true, of all examples of this creation.
local function first_statuses(example)
   local shown = {}
   for _, other in ipairs(example.all) do
      if other.op == example.op then shown[other.value.status or false] = true end
   end
   return shown
end

--- Adds one example.
-- @param counts (table) of new_counts
-- @param example (table) of examples.of_document, with `all` = that list
-- @param response (table) { status, body }
function compare.add(counts, example, response)
   local self = setmetatable({ counts = counts, example = example }, Comparison)
   local ok, got = pcall(examples.decode, response.body)
   got = ok and object_or_empty(got) or {}
   if is_method(example, "list") then
      self:list(example.value, got)
   else
      self:members(example.value, got, "", nil)
   end
   self:count("http", response.status == example.status)
   if response.status ~= example.status then
      self:miss("HTTP", response.status, example.status)
   end
   if is_method(example, "create") and type(example.value.status) == "string" then
      local is_shown = first_statuses(example)[got.status or false] == true
      self:count("status", is_shown)
      if not is_shown then self:miss("status", tostring(got.status), example.value.status) end
   end
end

return compare
