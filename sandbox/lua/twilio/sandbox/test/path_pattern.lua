-- sandbox/test/path_pattern.lua: Lua patterns that come from outside, checked first, and matched in
-- linear time.
--
-- string.find raises on a malformed pattern only where it gets that far, and takes time of a high
-- power of the text's length for some (".-.-.-.-x"). A match is found by following all states at
-- once (Thompson's construction): time grows with the text times the pattern. Captures change
-- nothing for that; back references and %b, which this can't follow, are refused.

local path_pattern = {}

local LONGEST = 512 -- bytes of a pattern

-- The end of the single-character class at `i`: "a", "%d", ".", "[^/]".
local function class_end(pattern, i)
   local c = pattern:sub(i, i)
   if c == "%" then return i < #pattern and i + 1 or nil end
   if c ~= "[" then return i end
   i = pattern:sub(i + 1, i + 1) == "^" and i + 2 or i + 1
   local first = i
   while i <= #pattern do
      c = pattern:sub(i, i)
      if c == "]" and i > first then return i end
      i = c == "%" and i + 2 or i + 1
   end
   return nil
end

-- Bytes that a class takes, each asked of Lua once.
local function class_set(class)
   return setmetatable({}, { __index = function(set, byte)
      local takes = string.find(byte, "^" .. class) ~= nil
      rawset(set, byte, takes)
      return takes
   end })
end

local function read_class(pattern, i)
   local last = class_end(pattern, i)
   if not last then return nil, "a class that doesn't end" end
   local mark = pattern:sub(last + 1, last + 1):match("^[*+?-]") or ""
   local class = pattern:sub(i, last)
   return { set = class_set(class == "$" and "%$" or class), mark = mark }, last + #mark + 1
end

local function read_escape(pattern, i)
   local kind = pattern:sub(i + 1, i + 1)
   if kind:find("^%d") or kind == "b" then
      return nil, "%" .. kind .. ", which isn't supported here"
   end
   local last = kind == "f" and pattern:sub(i + 2, i + 2) == "[" and class_end(pattern, i + 2)
   if kind == "f" then
      if not last then return nil, "%f without its set" end
      return { frontier = class_set(pattern:sub(i + 2, last)) }, last + 1
   end
   return read_class(pattern, i)
end

-- The items of a pattern, from the anchor on; nil, message for a malformed one.
local function parse(pattern)
   local items, open, i = {}, 0, pattern:sub(1, 1) == "^" and 2 or 1
   while i <= #pattern do
      local c = pattern:sub(i, i)
      local item, after
      if c == "(" or c == ")" then
         open, after = open + (c == "(" and 1 or -1), i + 1
         if open < 0 then return nil, "a ) without its (" end
      elseif c == "$" and i == #pattern then
         item, after = { is_end = true }, i + 1
      elseif c == "%" then
         item, after = read_escape(pattern, i)
      else
         item, after = read_class(pattern, i)
      end
      if type(after) ~= "number" then return nil, after end
      items[#items + 1], i = item, after
   end
   if open > 0 then return nil, "a ( without its )" end
   return items
end

local function byte_at(text, i) return i >= 1 and i <= #text and text:sub(i, i) or "\0" end

-- Enters state k at position `at`, and those that follow without a character.
local function enter(items, text, states, at, k)
   local here = states[at] or { has = {} }
   states[at] = here
   while not here.has[k] do
      here.has[k] = true
      here[#here + 1] = k
      local item = items[k]
      if not item then return end
      if item.is_end then
         if at <= #text then return end
      elseif item.frontier then
         local before, after = byte_at(text, at - 1), byte_at(text, at)
         if item.frontier[before] or not item.frontier[after] then return end
      elseif item.mark == "" or item.mark == "+" then
         return
      end
      k = k + 1
   end
end

local function step(items, text, states, at, k)
   local item = items[k]
   if not item.set or at > #text or not item.set[text:sub(at, at)] then return end
   local mark = item.mark
   if mark == "*" or mark == "-" or mark == "+" then enter(items, text, states, at + 1, k) end
   if mark ~= "*" and mark ~= "-" then enter(items, text, states, at + 1, k + 1) end
end

local function matches(items, text, is_anchored)
   local states, final = {}, #items + 1
   for at = 1, #text + 1 do
      if at == 1 or not is_anchored then enter(items, text, states, at, 1) end
      local here = states[at] or {}
      for _, k in ipairs(here) do
         if k == final then return true end
         step(items, text, states, at, k)
      end
      states[at] = nil
   end
   return false
end

--- Reads a Lua pattern.
-- @param pattern (string)
-- @return (function) text -> does the pattern match somewhere in it?
-- @return[2] nil, (string) what is wrong with the pattern
function path_pattern.compile(pattern)
   if #pattern > LONGEST then return nil, ("it has more than %d bytes"):format(LONGEST) end
   if pattern:find("%z") then return nil, "it has a NUL" end
   local items, message = parse(pattern)
   if not items then return nil, "it has " .. message end
   local is_anchored = pattern:sub(1, 1) == "^"
   return function(text) return matches(items, text, is_anchored) end
end

return path_pattern
