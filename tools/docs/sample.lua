-- A text that matches a regular expression of the OpenAPI files: literals, classes, groups and
-- counts, which is all that these have.

-- The members of a class from which its sample is taken, the first that it has.
local members = { "A-Z", "0-9", "a-z", "0-7" }
local of_member = { ["A-Z"] = "A", ["0-9"] = "0", ["a-z"] = "a", ["0-7"] = "0" }

local function of_class(class)
   for _, member in ipairs(members) do
      if class:find(member, 1, true) then return of_member[member] end
   end
   return class:sub(1, 1)
end

local sequence

-- One item at a position. @return (string), (number) the position after it
local function item(pattern, at)
   local class, after = pattern:match("^%[([^%]]*)%]()", at)
   if class then return of_class(class), after end
   local group, behind = pattern:match("^(%b())()", at)
   if group then return sequence(group:sub(2, -2):match "^[^|]*"), behind end
   local escaped, beyond = pattern:match("^\\(.)()", at)
   if escaped then return escaped, beyond end
   local character = pattern:sub(at, at)
   return character == "." and "x" or character, at + 1
end

function sequence(pattern)
   local out, at = {}, 1
   while at <= #pattern do
      local text, after = item(pattern, at)
      local least, beyond = pattern:match("^{(%d+),?%d*}()", after)
      if pattern:find("^%+", after) then
         text, after = "text", after + 1
      elseif pattern:find("^[*?]", after) then
         text, after = "", after + 1
      elseif least then
         text, after = text:rep(tonumber(least)), beyond
      end
      out[#out + 1], at = text, after
   end
   return table.concat(out)
end

--- @param pattern (string) "^conv_conversation_[0-7][0-9a-z]{25}$"
-- @return (string)
return function(pattern) return sequence((pattern:gsub("^%^", ""):gsub("%$$", ""))) end
