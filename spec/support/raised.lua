-- raised.lua: the message of what a function raises, which must bear the calling spec's name and a
-- line: the caller's position, as every mistake that the library raises has it.

local assert = require "luassert"

return function(f)
   local ok, why = pcall(f)
   assert.is_false(ok)
   assert.is_string(why)
   local file = debug.getinfo(2, "S").short_src:match "[%w_]+%.lua$"
   local message = why:match(file:gsub("%.", "%%.") .. ":%d+: (.*)$")
   assert.is_string(message, "no position of the caller: " .. why)
   return message
end
