-- sandbox/behaviour/taskrouter/line.lua: keys in the order in which they came, each at most once.
--
-- Adding and removing cost the same however long the line is: what leaves is a hole until half of
-- the line are holes.

local Line = {}
Line.__index = Line

local function compact(self)
   local items, at = {}, {}
   for i = self.first, self.last do
      local key = self.items[i]
      if key then
         items[#items + 1] = key
         at[key] = #items
      end
   end
   self.items, self.at, self.first, self.last = items, at, 1, #items
end

--- Puts a key at the end, wherever it was before.
function Line:add(key)
   self:remove(key)
   self.last = self.last + 1
   self.items[self.last], self.at[key] = key, self.last
   self.count = self.count + 1
end

--- Takes a key out. @return (boolean) false: it wasn't there
function Line:remove(key)
   local at = self.at[key]
   if not at then return false end
   self.items[at], self.at[key] = false, nil
   self.count = self.count - 1
   while self.first <= self.last and not self.items[self.first] do
      self.items[self.first] = nil
      self.first = self.first + 1
   end
   local is_sparse = self.last - self.first > 32 and 2 * self.count < self.last - self.first
   if is_sparse then compact(self) end
   return true
end

--- Returns true if a key is in the line.
function Line:has(key) return self.at[key] ~= nil end

--- Walks the keys. The line must not change meanwhile.
-- @param from_end (boolean | nil) true: the one that came last is the first
-- @return (function) -> key
function Line:each(from_end)
   local i, step = self.first - 1, 1
   if from_end then i, step = self.last + 1, -1 end
   return function()
      repeat i = i + step until i < self.first or i > self.last or self.items[i]
      return self.items[i] or nil
   end
end

local line = {}

--- Makes an empty one.
function line.new()
   return setmetatable({ items = {}, at = {}, first = 1, last = 0, count = 0 }, Line)
end

return line
