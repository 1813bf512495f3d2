-- support/faults/mixture.lua: a row for long runs (tools/soak): a server that mostly works, over
-- TLS, and does something else to every fortieth request, in turn.

local function close_within(text)
   return function(c)
      c:send(text)
      c:close()
   end
end

local HEAD = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"

-- Acts instead of an answer, or after one.
local acts = {
   function(c) c:close() end,
   function(c) c:reset() end,
   close_within "HTTP/1.1 2",
   close_within(HEAD),
   close_within(HEAD .. 'Content-Length: 50\r\n\r\n{"sid":'),
   close_within(HEAD .. 'Transfer-Encoding: chunked\r\n\r\n99\r\n{"sid":'),
   close_within(HEAD .. "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"),
   close_within "SSH-2.0-x\r\n",
   function(c) c:send "HTTP/1.1 429 No\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n" end,
   function(c) c:send "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" end,
   function(c) c:send "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>" end,
   function(c, method)
      c:answer(method)
      c:close()
   end,
   function(c, method)
      c:answer(method)
      c:send "stray"
   end,
}

local EACH, SILENT = 40, 2000

local function serve(c)
   c:tls()
   while not c.is_closed do
      local method = c:request()
      local number = c.cell.arrivals
      if number % SILENT == 0 then return c:stall() end
      if number % EACH == 0 then
         acts[number / EACH % #acts + 1](c, method)
      else
         c:answer(method)
      end
   end
end

return { "a mixture", serve, "", scheme = "https" }
