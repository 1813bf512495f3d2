-- support/faults/connection.lua: a connection as the rows of the fault table see it. Runs in the
-- server's process (server.lua).
--
-- Every method yields to the server's loop. A connection that the client has closed raises, which
-- ends the row's function.

local cqueues = require "cqueues"
local socket = require "cqueues.socket"

local Connection = {}
Connection.__index = Connection

--- @param accepted (LuaSocket client)
-- @param cell (table) arrivals: how many requests have come; number: connections so far; healed,
--    ended
-- @param contexts (table) of authority.lua
function Connection.new(accepted, cell, contexts)
   local own = socket.dup(accepted:getfd())
   own:setmode("bn", "bn")
   own:onerror(function(_, _, code) return code end)
   return setmetatable(
      { accepted = accepted, own = own, cell = cell, contexts = contexts, number = cell.number, body = "" },
      Connection)
end

--- Speaks TLS from here on. Raises if the handshake fails.
function Connection:tls(context)
   local chosen = assert(self.contexts[context or "good"])
   if not self.own:starttls(chosen, 20) then error("closed", 0) end
end

--- Reads a request's head. Returns its method, path and size; raises at the end of the connection.
function Connection:head()
   local first = not self.is_closed and self.own:read "*l"
   if not first then error("closed", 0) end
   local method, path = first:match "^(%S+) (%S+)"
   local size = 0
   for line in self.own:lines "*l" do
      line = line:gsub("\r$", "")
      if line == "" then break end
      size = tonumber(line:lower():match "^content%-length: *(%d+)") or size
   end
   return method, path, size
end

-- The operation under test has arrived whole.
local function count(self, method, path)
   if path:find "WARM" or method == "CONNECT" then return end
   self.cell.arrivals = self.cell.arrivals + 1
end

--- Reads a request's head, and not its body.
function Connection:head_only()
   local method, path, size = self:head()
   if size == 0 then count(self, method, path) end
end

--- Reads a request to its end, and counts it. Those that come when the fault is over are answered
-- here.
-- @return (string) the method, (string) the path
function Connection:request()
   while true do
      local method, path, size = self:head()
      self.body = size > 0 and self.own:read(size) or ""
      if #self.body < size then error("closed", 0) end
      if not self.cell.healed then
         count(self, method, path)
         return method, path
      end
      self:answer(method)
   end
end

--- Reads so many bytes.
function Connection:read(size) return self.own:read(size) or error("closed", 0) end

function Connection:send(text)
   if not (self.own:write(text) and self.own:flush()) then error("closed", 0) end
end

--- Answers a method as a server does that isn't broken, and keeps the connection. A message's text
-- is as it was sent.
function Connection:answer(method)
   if method == "CONNECT" then
      self:send "HTTP/1.1 200 Connection established\r\n\r\n"
      return self:tls()
   end
   local text = self.body:match "Body=(%w+)" or "x"
   local body = method == "DELETE" and "" or ('{"sid":"SM1","body":"%s"}'):format(text)
   local status = ({ POST = "201 Created", DELETE = "204 No Content" })[method] or "200 OK"
   local length = method == "DELETE" and "" or "Content-Length: " .. #body .. "\r\n"
   local head = "HTTP/1.1 " .. status .. "\r\nContent-Type: application/json\r\n" .. length
   self:send(head .. "\r\n" .. body)
end

--- Serves well to the connection's end.
function Connection:serve()
   while true do self:answer((self:request())) end
end

--- Does nothing more, until the client closes or the cell ends.
function Connection:stall()
   while not self.cell.ended do
      if cqueues.poll({ pollfd = self.own:pollfd(), events = "r" }, 0.2) ~= 0.2 then
         local byte, code = self.own:xread(1, nil, 0)
         if not byte and code ~= 110 then return end
      end
   end
end

Connection.sleep = function(_, seconds) cqueues.sleep(seconds) end

--- Ends this side of the connection; without TLS's close_notify, as by the end of a process.
function Connection:close()
   self.is_closed = true
   self.accepted:shutdown "both"
   self.own:close()
   self.accepted:close()
end

--- Ends it with a TCP reset.
function Connection:reset()
   self.accepted:setoption("linger", { on = true, timeout = 0 })
   self.is_closed = true
   self.own:close()
   self.accepted:close()
end

--- Sends bytes below TLS.
function Connection:send_raw(bytes) self.accepted:send(bytes) end

return Connection
