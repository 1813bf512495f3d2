-- sink.lua: a file-like object that keeps what is written: sink:text().

local Sink = {}
Sink.__index = Sink

function Sink:write(...)
   for i = 1, select("#", ...) do self[#self + 1] = tostring((select(i, ...))) end
   return self
end

function Sink:flush() return self end

function Sink:text() return table.concat(self) end

return { new = function() return setmetatable({}, Sink) end }
