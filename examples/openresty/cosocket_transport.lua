-- cosocket_transport.lua: a transport over nginx's cosockets, where libcurl can't share its OpenSSL.
--    client = twilio.client { transport = require("cosocket_transport").new(), ... }
-- send(request) returns a response, or nil and why, where `sent` says whether it can have left.
-- nginx needs `resolver` and `lua_ssl_trusted_certificate`; the client's own transport neither.

local Transport = {}
Transport.__index = Transport

-- The time-out is for the whole call: each step gets what is left of it.
local function step(call, name, ...)
   local left = call.deadline - ngx.now()
   if left <= 0 then return nil, "timeout" end
   call.socket:settimeout(math.ceil(left * 1000))
   return call.socket[name](call.socket, ...)
end

local function connect(call, scheme, host, port, options)
   local pool = { pool = scheme .. host .. port, pool_size = options.pool_size }
   local ok, why = step(call, "connect", options.address or host, port, pool)
   if not ok or scheme == "http" or call.socket:getreusedtimes() > 0 then return ok, why end
   return step(call, "sslhandshake", nil, host, true)
end

local function to_text(request, authority, path)
   local lines = { request.method .. " " .. path .. " HTTP/1.1", "Host: " .. authority }
   for name, value in pairs(request.headers) do lines[#lines + 1] = name .. ": " .. value end
   if request.body then lines[#lines + 1] = "Content-Length: " .. #request.body end
   return table.concat(lines, "\r\n") .. "\r\n\r\n" .. (request.body or "")
end

local function read_headers(call)
   local headers, line, why = {}, step(call, "receive")
   while line and line ~= "" do
      local name, value = line:match "^([^:]+):%s*(.-)%s*$"
      if name then headers[name:lower()] = value end
      line, why = step(call, "receive")
   end
   return line and headers, why
end

local function read_chunks(call)
   local chunks = {}
   while true do
      local line, why = step(call, "receive")
      local size = line and tonumber(line:match "^%x+" or "", 16)
      if not size then return nil, why or "a chunk without its size" end
      if size == 0 then return read_headers(call) and table.concat(chunks) end
      chunks[#chunks + 1], why = step(call, "receive", size)
      if why or not step(call, "receive", 2) then return nil, why or "a chunk without its end" end
   end
end

local function read_response(call, method)
   local line, why = step(call, "receive")
   local headers, status = nil, line and tonumber(line:match "^HTTP/1%.%d (%d%d%d)")
   if status then headers, why = read_headers(call) end
   if not headers then return nil, why or "no HTTP" end
   local body, chunked = "", (headers["transfer-encoding"] or ""):lower() == "chunked"
   if chunked then body, why = read_chunks(call)
   elseif method ~= "HEAD" and status ~= 204 and status ~= 304 then
      body, why = step(call, "receive", tonumber(headers["content-length"]) or "*a")
   end
   return body and { status = status, headers = headers, body = body }, why
end

--- Sends a request. @return (table) { status, headers, body }, or nil, { kind, message, sent }
function Transport:send(request)
   local scheme, authority, path = request.url:match "^(https?)://([^/]+)([^#]*)"
   local host, port = authority:match "^(.-):?(%d*)$"
   local call, response = { socket = ngx.socket.tcp(), deadline = ngx.now() + (request.timeout or 30) }, nil
   local connected, why = connect(call, scheme, host, tonumber(port) or (scheme == "https" and 443 or 80), self)
   if connected and step(call, "send", to_text(request, authority, path)) then response, why = read_response(call, request.method) end
   if response and response.headers.connection ~= "close" then call.socket:setkeepalive(50000, self.pool_size) else call.socket:close() end
   if response then return response end
   local kind = why == "timeout" and "timeout" or "network"
   return nil, { kind = kind, message = why or "the connection was lost", sent = connected and "unknown" or false }
end

-- pool_size: idle connections kept; address: where to connect to, when that isn't the URL's host
return { new = function(o) return setmetatable({ pool_size = o and o.pool_size or 1024, address = o and o.address }, Transport) end }
