-- fuzz/reader.lua: an input's bytes as what a target needs: lines, a message of HTTP, values.

local core = require "twilio.core"
local json = require "twilio.json"

local reader = {}

--- A text's lines, without their ends.
function reader.lines(text)
   local lines = {}
   for line in (text .. "\n"):gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
   return lines
end

--- A message of HTTP, read as leniently as can be: any bytes are one.
-- @return (table) first (the first line), headers (name -> text or array of texts), body
function reader.message(text)
   local first, last = text:find "\n\n"
   local lines = reader.lines(text:sub(1, (first or #text + 1) - 1))
   local message = { first = lines[1], headers = {}, body = text:sub((last or #text) + 1) }
   for i = 2, #lines do
      local name, value = lines[i]:match "^([^:]*):? ?(.*)$"
      local before = message.headers[name]
      if type(before) == "table" then
         before[#before + 1] = value
      else
         message.headers[name] = before and { before, value } or value
      end
   end
   return message
end

local Bytes = {}
Bytes.__index = Bytes

--- Makes a source of values, which are all false, 0 and "" after the last byte.
function reader.bytes(text) return setmetatable({ text = text, place = 1 }, Bytes) end

function Bytes:byte()
   local byte = self.text:byte(self.place)
   self.place = self.place + 1
   return byte or 0
end

function Bytes:is_left() return self.place <= #self.text end

function Bytes:pick(list) return list[self:byte() % #list + 1] end

--- The text up to the next line end.
function Bytes:line()
   local stop = self.text:find("\n", self.place, true) or #self.text + 1
   local line = self.text:sub(self.place, stop - 1)
   self.place = stop + 1
   return line
end

local NUMBERS = {
   0, 1, -1, 2 ^ 31, 2 ^ 53, -2 ^ 53 - 2, 0.1, 1e300, -1e-300, 1 / 0, -1 / 0, 0 / 0, 1.5e15,
}

local makers = {
   function(self) return self:line() end,
   function(self) return self:line() end,
   function(self) return self:byte() end,
   function(self) return self:pick(NUMBERS) end,
   function(self) return tonumber(self:line()) end,
   function(self) return self:byte() % 2 == 1 end,
   function() return json.null end,
   function(self, depth) -- a list
      local list = {}
      for i = 1, self:byte() % 4 do list[i] = self:value(depth + 1) end
      return list
   end,
   function(self, depth) -- a map
      local map = {}
      for _ = 1, self:byte() % 4 do map[self:line()] = self:value(depth + 1) end
      return map
   end,
   function() return nil end,
}

--- Any value that a program may give: a text, a number, a table, ...
function Bytes:value(depth)
   depth = depth or 0
   if depth > 5 then return nil end
   return self:pick(makers)(self, depth)
end

--- Fails unless two values are the same, tables by their members.
-- @param place (string) for the message
function reader.same(a, b, place)
   place = place or "value"
   if type(a) == "table" and type(b) == "table" then
      for key, value in pairs(a) do
         reader.same(value, rawget(b, key), place .. "." .. tostring(key))
      end
      for key in pairs(b) do
         if rawget(a, key) == nil then error(place .. "." .. tostring(key) .. " is too much", 0) end
      end
   elseif a ~= b and (a == a or b == b) then
      error(("%s: %q isn't %q"):format(place, tostring(a), tostring(b)), 2)
   end
end

--- Returns true for text without bytes that end a line, a word or a C string.
function reader.is_word(text)
   return type(text) == "string" and not text:find "[%z\1-\32\127]"
end

reader.lower = core.lower

return reader
