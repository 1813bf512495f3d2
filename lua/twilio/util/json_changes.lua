-- util/json_changes.lua: the marks of decoded tables that the program changes or copies, for
-- json.lua.
--
-- Decoded tables with the same nulls share their marks, so a table that is changed gets marks of
-- its own. Loaded with the first change.

-- Given by json.lua: new_marks(kind, nulls, numerals), and table -> its marks.
local new_marks, marks_of

local changes = {}

-- Marks that no other table has.
local function own_marks(kind, nulls, numerals)
   local marks = new_marks(kind, nulls, numerals)
   marks.is_own, marks.__newindex = true, changes.set
   return marks
end

local function renamed(facts, names)
   local out = {}
   for name, fact in pairs(facts or {}) do
      local other = names[name]
      if other ~= false then out[other or name] = fact end
   end
   return out
end

--- Gives a copy of a decoded table its marks, where members have other names in the copy.
-- @param copy (table) without a metatable
-- @param from (table) decoded, or of the program's own
-- @param names (table) name in `from` -> name in the copy, or false: it isn't in the copy. Others
--    keep theirs
-- @return (table) the copy
function changes.like(copy, from, names)
   local marks = marks_of(from)
   if not marks.nulls and not marks.numerals then return setmetatable(copy, getmetatable(from)) end
   local nulls, numerals = renamed(marks.nulls, names), renamed(marks.numerals, names)
   return setmetatable(copy, own_marks(marks.kind, nulls, numerals))
end

--- Marks of which a member is no longer null, because the program has set it.
-- @param marks (table) of a decoded table, with nulls
-- @return (table) the same if the member wasn't null
function changes.without_null(marks, name)
   if not marks.nulls[name] then return marks end
   if not marks.is_own then
      marks = own_marks(marks.kind, renamed(marks.nulls, {}), marks.numerals)
   end
   marks.nulls[name] = nil
   return marks
end

--- Sets a member that is absent: the __newindex of tables with nulls.
function changes.set(t, name, value)
   if name == nil or name ~= name then error("index is " .. (name and "NaN" or "nil"), 3) end
   rawset(t, name, value)
   local marks = getmetatable(t)
   local after = changes.without_null(marks, name)
   if after ~= marks then setmetatable(t, after) end
end

--- Makes the functions.
-- @param make (function) new_marks
-- @param find (function) marks_of
-- @return (table) like, without_null, set
return function(make, find)
   new_marks, marks_of = make, find
   return changes
end
