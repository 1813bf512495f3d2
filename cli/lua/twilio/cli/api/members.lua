-- cli/api/members.lua: options for members of nested JSON bodies: --types.twilio-text.body Hi.
--
-- A name is a path: members by this library's name or the wire's, an item of a list by its number
-- from 0 (as in --query), a key of a map as it is. The members are those of twilio.describe. Must
-- not know how a value is read.

local mistakes = require "twilio.util.lazy" "twilio.util.mistakes" -- with the first mistake

local members = {}

local function named(list, word)
   local plain = word:gsub("%-", "_")
   for _, one in ipairs(list) do
      if one.name == plain or one.wire == word then return one end
   end
   return nil
end

local function names_of(list)
   local names = {}
   for i, one in ipairs(list) do names[i] = one.name:gsub("_", "-") end
   return names
end

-- The description of a list's items: that of the list, but for its being one.
local function item_of(one)
   local item = {}
   for key, value in pairs(one) do item[key] = value end
   item.array = nil
   return item
end

-- Takes one word below a member. @return the key, (table) what it stands for; or nil, message
local function step(one, word)
   if one.array then
      if not word:find "^%d+$" or #word > 4 then
         return nil, ("'%s' must be the number of an item, from 0 on"):format(word)
      end
      return tonumber(word) + 1, item_of(one)
   end
   if one.map then
      local below = item_of(one)
      below.map = nil
      return word, below
   end
   local found = one.members and named(one.members, word)
   if found then return found.name, found end
   if one.members and #one.members > 0 then
      return nil, mistakes.unknown("member", word, names_of(one.members))
   end
   if one.type == "object" or one.type == "any" then return word, { name = word, type = "any" } end
   return nil, ("'%s' can't stand below a %s"):format(word, one.type)
end

--- Finds the member that an option's name means.
-- @param described (table) of twilio.describe
-- @param name (string) "types.twilio-text.body"
-- @return (table) its description, (array) the keys that lead there; nil if its first word is no
--    parameter of the JSON body
-- @return[2] nil, (string) the caller's mistake
function members.find(described, name)
   local first, rest = name:match "^([^.]+)%.(.+)$"
   local one = first and named(described.parameters, first)
   if not one or one.place ~= "body" then return nil end
   local keys = { one.name }
   for word in rest:gmatch "[^.]+" do
      local key, below = step(one, word)
      if not key then return nil, ("--%s: %s"):format(name, below) end
      keys[#keys + 1], one = key, below
   end
   return one, keys
end

--- Puts a value where keys lead to, and makes the tables on the way.
-- @param is_list (boolean) true: one that is given again makes a list
-- @return true; or nil, (string) the rest of a sentence about the option
function members.put(taken, keys, value, is_list)
   local at = taken
   for i = 1, #keys - 1 do
      local key = keys[i]
      if at[key] == nil then at[key] = {} end
      at = at[key]
      if type(at) ~= "table" then return nil, "stands below a value" end
      local next_key = keys[i + 1]
      if type(next_key) == "number" and next_key > #at + 1 then
         return nil, ("leaves item %d out"):format(#at)
      end
   end
   local last = keys[#keys]
   if at[last] == nil then
      at[last] = is_list and { value } or value
   elseif is_list and type(at[last]) == "table" then
      table.insert(at[last], value)
   else
      return nil, "is given twice"
   end
   return true
end

--- The options that may be meant by one that is being typed: "--types.tw" -> "--types.twilio-text",
-- ...
-- @return (array of strings)
function members.options(described, typed)
   local before = typed:match "^%-%-(.+)%.[^.]*$"
   local one = before and (named(described.parameters, before) or members.find(described, before))
   local list = {}
   if one and one.array then return { "--" .. before .. ".0" } end
   for i, name in ipairs(one and names_of(one.members or {}) or {}) do
      list[i] = ("--%s.%s"):format(before, name)
   end
   return list
end

return members
