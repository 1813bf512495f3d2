-- sandbox/pattern.lua: a text that matches one of the regular expressions in the API's files.
--
-- Builds on nothing. Enough of the language for what stands there: literals, classes, groups of alternatives (the first is
-- taken), {n}, {n,m}, + and *. Must not know what the texts are for.

local pattern = {}

local function class_members(text)
   local members = {}
   local i = 1
   while i <= #text do
      local first, last = text:match("^(.)%-(.)", i)
      if text:sub(i, i) == "\\" then
         members[#members + 1], i = text:sub(i + 1, i + 1), i + 2
      elseif first then
         for byte = first:byte(), last:byte() do members[#members + 1] = string.char(byte) end
         i = i + 3
      else
         members[#members + 1], i = text:sub(i, i), i + 1
      end
   end
   return members
end

-- How often the unit before stands: the text after the quantifier, and a number.
local function quantifier(text)
   local least, rest = text:match("^{(%d+),?%d*}(.*)$")
   if least then return tonumber(least), rest end
   local mark = text:match("^[+*?]")
   if mark then return mark == "+" and 8 or 1, text:sub(2) end
   return 1, text
end

local readers = {
   { "^[%^%$](.*)$", function(rest) return function() return "" end, rest end },
   { "^%[(.-)%](.*)$", function(class, rest)
      local members = class_members(class)
      return function(pick) return members[pick(#members)] end, rest
   end },
   { "^%((.-)%)(.*)$", function(group, rest)
      local first = group:gsub("^%?:", ""):match("^[^|]*")
      return function(pick) return pattern.text(first, pick) end, rest
   end },
   { "^\\d(.*)$", function(rest) return function(pick) return tostring(pick(10) - 1) end, rest end },
   { "^\\(.)(.*)$", function(literal, rest) return function() return literal end, rest end },
   { "^%.(.*)$", function(rest) return function() return "x" end, rest end },
   { "^(.)(.*)$", function(literal, rest) return function() return literal end, rest end },
}

local function read_unit(text)
   for _, reader in ipairs(readers) do
      local a, b = text:match(reader[1])
      if a then return reader[2](a, b) end
   end
end

--- @param regex (string)
-- @param pick (function) n -> an integer from 1 to n
-- @return (string) that matches
function pattern.text(regex, pick)
   local out = {}
   while regex ~= "" do
      local unit, rest = read_unit(regex)
      local count
      count, regex = quantifier(rest)
      for _ = 1, count do out[#out + 1] = unit(pick) end
   end
   return table.concat(out)
end

return pattern
