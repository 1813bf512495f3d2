-- sink.lua: file-like objects: sink.new() keeps what is written (text()), sink.input(text) is read.

local Sink = {}
Sink.__index = Sink

function Sink:write(...)
   for i = 1, select("#", ...) do self[#self + 1] = tostring((select(i, ...))) end
   return self
end

function Sink:flush() return self end

function Sink:text() return table.concat(self) end

local Input = {}
Input.__index = Input

function Input:read(format)
   if self.at > #self.text_left then return nil end
   local stop = format == "*l" and self.text_left:find("\n", self.at, true) or nil
   local piece = self.text_left:sub(self.at, stop and stop - 1)
   self.at = stop and stop + 1 or #self.text_left + 1
   return piece
end

return {
   new = function() return setmetatable({}, Sink) end,
   input = function(text) return setmetatable({ text_left = text, at = 1 }, Input) end,
}
