-- cli/util/http_request.lua: an HTTP/1.1 request, as text that was captured or from a connection.
--
-- A request is { method, url (as it was requested), headers = lower-case name -> text, body }. A
-- header that came several times is an array, as twilio.webhook takes it.

local core = require "twilio.core"
local repeated = require "twilio.util.repeated"
local texts = require "twilio.util.text"

local http_request = {}

local MOST_HEAD, MOST_BODY = 64 * 1024, 1024 * 1024

--- Reads the lines before a body.
-- @param head (string) up to the empty line
-- @return (table) method, url, headers
-- @return[2] nil, (string) why it is no request
function http_request.head(head)
   local method, url, rest = head:match "^([A-Z]+) ([^ \r\n]+) HTTP/%d%.%d\r?\n?(.*)$"
   if not method then return nil, "the first line is no request: METHOD TARGET HTTP/1.1" end
   local request = { method = method, url = url, headers = {} }
   for line in (rest:gsub("\r\n", "\n") .. "\n"):gmatch "([^\n]*)\n" do
      local name, value = line:match "^([!#$%%&'*+.^_`|~A-Za-z0-9-]+):(.*)$"
      if line ~= "" and not name then return nil, "this is no header: " .. line:sub(1, 60) end
      if name then repeated.add(request.headers, core.lower(name), texts.trim(value)) end
   end
   return request
end

-- @return (integer | nil) the bytes of the body, if a header says so; or nil, (string) message
local function length_of(headers)
   local length = headers["content-length"]
   if not length then return nil end
   if type(length) ~= "string" or not length:find "^%d%d?%d?%d?%d?%d?%d?%d?%d?$" then
      return nil, "the Content-Length is no number of bytes"
   end
   return tonumber(length)
end

--- Reads a captured request: head, empty line, body. Line ends may be bare; an editor's line end
-- after a form is not part of it.
-- @param text (string)
-- @return (request); or nil, (string) message
function http_request.parse(text)
   local from, to = text:find "\r?\n\r?\n"
   local request, message = http_request.head(text:sub(1, (from or #text + 1) - 1))
   if not request then return nil, message end
   local body = from and text:sub(to + 1) or ""
   local length
   length, message = length_of(request.headers)
   if message then return nil, message end
   if length and length < #body then
      body = body:sub(1, length)
   elseif not length and tostring(request.headers["content-type"]):find("urlencoded", 1, true) then
      body = body:gsub("[\r\n]+$", "")
   end
   request.body = body
   return request
end

-- A connection that is read until a deadline. LuaSocket's own lines have no limit, and its timeout
-- begins anew with each call.
local function reader(connection, seconds)
   local deadline = core.now() + seconds
   local function receive(count)
      connection:settimeout(math.max(0.001, deadline - core.now()))
      local text, message = connection:receive(count)
      if text and core.now() > deadline then return nil, "timeout" end
      return text, message
   end
   -- A line without its end, of at most so many bytes.
   local function line(most)
      local bytes = {}
      while true do
         local byte, message = receive(1)
         if not byte then return nil, message end
         if byte == "\n" then return (table.concat(bytes):gsub("\r$", "")) end
         if #bytes == most then return nil, "a line is too long" end
         bytes[#bytes + 1] = byte
      end
   end
   return receive, line
end

local LONGEST_SIZE = 100 -- bytes of the line before a chunk

-- Reads a chunked body. @return (string); or nil, (string) message
local function read_chunks(receive, line)
   local parts, total = {}, 0
   while true do
      local text, message = line(LONGEST_SIZE)
      local digits = text and text:match "^%x+"
      if not digits then return nil, message or "a chunk has no size" end
      local size = #digits <= 8 and tonumber(digits, 16) or math.huge
      total = total + size
      if total > MOST_BODY then return nil, "the body is too large" end
      local chunk = ""
      if size > 0 then chunk, message = receive(size) end
      if not chunk then return nil, message end
      line(LONGEST_SIZE)
      if size == 0 then return table.concat(parts) end
      parts[#parts + 1] = chunk
   end
end

--- Reads a request from a connection.
-- @param connection (LuaSocket's)
-- @param seconds (number) for all of it
-- @return (request); or nil, (string) message
function http_request.read(connection, seconds)
   local receive, line = reader(connection, seconds)
   local lines, left = {}, MOST_HEAD
   while true do
      local text, message = line(left)
      if not text then
         return nil, message == "a line is too long" and "the head is too large" or message
      end
      left = left - #text
      if text == "" then break end
      lines[#lines + 1] = text
   end
   local request, message = http_request.head(table.concat(lines, "\n"))
   if not request then return nil, message end
   local headers = request.headers
   if tostring(headers["transfer-encoding"]):find("chunked", 1, true) then
      request.body, message = read_chunks(receive, line)
   else
      local length
      length, message = length_of(headers)
      if message then return nil, message end
      length = length or 0
      if length > MOST_BODY then return nil, "the body is too large" end
      request.body = ""
      if length > 0 then request.body, message = receive(length) end
   end
   if not request.body then return nil, message end
   return request
end

return http_request
