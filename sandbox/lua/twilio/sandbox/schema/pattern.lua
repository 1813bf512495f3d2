-- sandbox/schema/pattern.lua: the regular expressions in the API's files: a text that matches one,
-- and whether a text does.
--
-- Enough of the language for what stands there: literals, classes, groups of alternatives (of which
-- the first is written), {n}, {n,m}, + and *. Must not know what the texts are for.

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

-- Reads how often the unit before stands: the text after the quantifier, and a number.
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
   { "^\\d(.*)$", function(rest)
      return function(pick) return tostring(pick(10) - 1) end, rest
   end },
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

-- Matching: each alternative as a pattern of Lua's, whose classes are those of regular expressions

local function escaped(literal) return (literal:gsub("[^A-Za-z0-9]", "%%%0")) end

local translators = {
   { "^(%[.-%])(.*)$", function(class) return (class:gsub("%%", "%%%%"):gsub("\\", "%%")) end },
   { "^(\\d)(.*)$", function() return "%d" end },
   { "^\\(.)(.*)$", escaped },
   { "^(%.)(.*)$", function() return "." end },
   { "^(.)(.*)$", escaped },
}

local function translate_unit(text)
   for _, translator in ipairs(translators) do
      local unit, rest = text:match(translator[1])
      if unit then return translator[2](unit), rest end
   end
end

-- Lua's patterns have no {n}: the unit is written n times.
local function repeated(unit, rest)
   local least, most, after = rest:match("^{(%d+),?(%d*)}(.*)$")
   if not least then
      local mark, other = rest:match("^([+*?]?)(.*)$")
      return unit .. mark, other
   end
   local more = most ~= "" and (unit .. "?"):rep(tonumber(most) - tonumber(least)) or ""
   return unit:rep(tonumber(least)) .. more, after
end

local function translate(regex)
   local head, body, tail = regex:match("^(^?)(.-)($?)$")
   local out = {}
   while body ~= "" do
      local unit, rest = translate_unit(body)
      out[#out + 1], body = repeated(unit, rest)
   end
   return head .. table.concat(out) .. tail
end

-- An expression for each alternative of its first group; nil where a group is repeated.
local function alternatives(regex)
   local before, group, after = regex:match("^(.-)%((.-)%)(.*)$")
   if not before then return { regex } end
   if after:match("^[{+*?]") then return nil end
   local out = {}
   for choice in group:gsub("^%?:", ""):gmatch("[^|]+") do
      out[#out + 1] = before .. choice .. after
   end
   return out
end

-- Expressions are data: translated once.
local translated = {}

local function patterns_of(regex)
   if translated[regex] == nil then
      local list = alternatives(regex) or false
      for i, one in ipairs(list or {}) do list[i] = translate(one) end
      translated[regex] = list
   end
   return translated[regex]
end

--- Does a text match? One that can't be told (a repeated group) does.
-- @param regex (string)
-- @param text (string)
function pattern.matches(regex, text)
   local list = patterns_of(regex)
   for _, schema in ipairs(list or {}) do
      if text:find(schema) then return true end
   end
   return list == false
end

return pattern
