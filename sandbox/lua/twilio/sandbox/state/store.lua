-- sandbox/state/store.lua: what was created, kept by path.
--
-- A record is { path, collection, seq, fields }: fields are values by the snake_case names of
-- answers. A collection is the records below one path, in the order of their making; pages of it
-- cost what the page costs, however many there are. Removed records stay as marks in their
-- collection until they are half of it, so that removing costs the same always. Must not know
-- operations or what the fields mean.

local core = require "twilio.core"
local json = require "twilio.json"

local Store = {}
Store.__index = Store

-- Names by which some products' resources can be addressed beside their SID.
local aliases = { "unique_name", "identity", "domain_name" }

local function collection_at(self, path)
   local collection = self.collections[path]
   if not collection then
      collection = { items = {}, removed = 0 }
      self.collections[path] = collection
   end
   return collection
end

local function set_aliases(self, record, value)
   for _, field in ipairs(aliases) do
      local name = record.fields[field]
      if type(name) == "string" then
         local path = record.collection .. "/" .. name
         if value or self.aliases[path] == record.path then self.aliases[path] = value end
      end
   end
end

--- Keeps a record; one that was at this path before is replaced.
-- @param path (string) of the resource
-- @param collection (string) path of the list it belongs to
-- @return (table) the record
function Store:put(path, collection, fields)
   if self.records[path] then self:remove(path) end
   self.seq = self.seq + 1
   local record = { path = path, collection = collection, seq = self.seq, fields = fields }
   self.records[path], self.gone[path] = record, nil
   local items = collection_at(self, collection).items
   items[#items + 1] = record
   set_aliases(self, record, path)
   return record
end

--- The record at a path, or at the path that ends in its unique name.
function Store:get(path)
   return self.records[path] or self.records[self.aliases[path]]
end

--- Gives a record one more name by which it can be had: collection/name.
function Store:name(record, name)
   self.aliases[record.collection .. "/" .. name] = record.path
   record.names = record.names or {}
   record.names[#record.names + 1] = name
end

local function own_key(record) return record.path:match("[^/]*$") end

--- Lists a record in one more collection, too: a reservation is its task's and its worker's. It can
-- be had by its key there.
-- @param collection (string) path
function Store:share(record, collection)
   record.shared = record.shared or {}
   record.shared[#record.shared + 1] = collection
   local items = collection_at(self, collection).items
   items[#items + 1] = record
   self.aliases[collection .. "/" .. own_key(record)] = record.path
end

--- Changes fields of a record; those that are json.null are cleared.
function Store:update(record, fields)
   set_aliases(self, record, nil)
   for name, value in pairs(fields) do
      if value == json.null then value = nil end
      record.fields[name] = value
   end
   set_aliases(self, record, record.path)
end

-- Half of the work of one removal each time, spread over the removals that caused it.
local function compact(collection)
   local kept = {}
   for _, record in ipairs(collection.items) do
      if not record.removed then kept[#kept + 1] = record end
   end
   collection.items, collection.removed = kept, 0
end

local function take_from(collection)
   collection.removed = collection.removed + 1
   if 2 * collection.removed > #collection.items then compact(collection) end
end

--- Removes a record.
-- @param for_good (boolean | nil) true: its path counts as gone until something is put there again
function Store:remove(path, for_good)
   local record = self:get(path)
   if not record then return end
   set_aliases(self, record, nil)
   for _, name in ipairs(record.names or {}) do
      local alias = record.collection .. "/" .. name
      if self.aliases[alias] == record.path then self.aliases[alias] = nil end
   end
   self.records[record.path], self.gone[record.path] = nil, for_good
   record.removed = true
   take_from(self.collections[record.collection])
   for _, other in ipairs(record.shared or {}) do
      self.aliases[other .. "/" .. own_key(record)] = nil
      take_from(self.collections[other])
   end
end

--- Returns true if something at this path was removed.
function Store:was_removed(path) return self.gone[path] == true end

-- Index of the first item whose seq is above `seq`.
local function first_above(items, seq)
   local low, high = 1, #items + 1
   while low < high do
      local middle = math.floor((low + high) / 2)
      if items[middle].seq > seq then high = middle else low = middle + 1 end
   end
   return low
end

-- The start of a walk, and its step.
local function start(items, options)
   if options.ascending then return options.after and first_above(items, options.after) or 1, 1 end
   return options.after and first_above(items, options.after - 1) - 1 or #items, -1
end

--- Walks a collection.
-- @param path (string) of the collection
-- @param options (table) after = seq of the record before the first (nil: from the end); ascending
--    = true: oldest first, otherwise newest first
-- @return (function) -> record
function Store:each(path, options)
   local collection = self.collections[path]
   local items = collection and collection.items or {}
   local i, step = start(items, options)
   return function()
      local record = items[i]
      while record and record.removed do
         i = i + step
         record = items[i]
      end
      i = i + step
      return record
   end
end

--- Counts the records of a collection.
function Store:count(path)
   local collection = self.collections[path]
   return collection and #collection.items - collection.removed or 0
end

--- Everything, as plain data.
function Store:dump()
   local records = {}
   for _, record in pairs(self.records) do
      records[#records + 1] = {
         path = record.path, collection = record.collection, seq = record.seq,
         fields = record.fields, names = record.names, shared = record.shared,
      }
   end
   table.sort(records, function(a, b) return a.seq < b.seq end)
   local gone = {}
   for path in pairs(self.gone) do gone[#gone + 1] = path end
   table.sort(gone, core.less)
   return { records = records, gone = gone, seq = self.seq }
end

local store = {}

--- An empty store, or one filled with what dump gave.
function store.new(data)
   local self = setmetatable({ records = {}, collections = {}, aliases = {}, gone = {}, seq = 0 },
      Store)
   if not data then return self end
   for _, path in ipairs(data.gone) do self.gone[path] = true end
   for _, record in ipairs(data.records) do
      self.seq = record.seq - 1
      local kept = self:put(record.path, record.collection, record.fields)
      for _, name in ipairs(record.names or {}) do self:name(kept, name) end
      for _, path in ipairs(record.shared or {}) do self:share(kept, path) end
   end
   self.seq = data.seq
   return self
end

return store
