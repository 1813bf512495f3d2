-- bench/nginx/cosocket_client.lua: a general HTTP client over cosockets, as a program without this
-- library would use one: the yardstick of the bench.
--
-- It does what such clients do, and no more: header names in any case, time-outs for connecting,
-- sending and reading, bodies streamed by an iterator in pieces, chunked or not, and a keep-alive
-- pool. A transport. The transport of examples/openresty leaves most of that out; the
-- bench shows both.

local Headers = {}

-- Names are found in any case, and keep the one that they came in.
function Headers.new()
   local by_lower = {}
   return setmetatable({}, {
      __index = function(self, name) return rawget(self, by_lower[name:lower():gsub("_", "-")]) end,
      __newindex = function(self, name, value)
         local lower = name:lower()
         local known = by_lower[lower]
         if not known then
            by_lower[lower] = name
            rawset(self, name, value)
         elseif type(rawget(self, known)) == "table" then
            table.insert(rawget(self, known), value)
         else
            rawset(self, known, { rawget(self, known), value })
         end
      end,
   })
end

local Client = {}
Client.__index = Client

local function parse_url(url)
   local scheme, authority, path, query = url:match "^(https?)://([^/?#]+)([^?#]*)%??([^#]*)"
   if not scheme then return nil, "no HTTP URL: " .. url end
   local host, port = authority:match "^(.-):?(%d*)$"
   port = tonumber(port) or (scheme == "https" and 443 or 80)
   return {
      scheme = scheme, host = host, port = port, path = path == "" and "/" or path, query = query,
   }
end

local function connect(self, url)
   self.socket = ngx.socket.tcp()
   self.socket:settimeouts(self.connect_timeout, self.send_timeout, self.read_timeout)
   local pool = url.scheme .. " " .. url.host .. " " .. url.port
   local ok, why = self.socket:connect(
      self.address or url.host, url.port, { pool = pool, pool_size = self.pool_size })
   if not ok or url.scheme ~= "https" or self.socket:getreusedtimes() > 0 then return ok, why end
   return self.socket:sslhandshake(nil, url.host, true)
end

local function format_request(request, url)
   local headers = Headers.new()
   for name, value in pairs(request.headers) do headers[name] = value end
   if request.body and not headers["Content-Length"] then
      headers["Content-Length"] = #request.body
   end
   if not headers["Host"] then headers["Host"] = url.host .. ":" .. url.port end
   if not headers["User-Agent"] then headers["User-Agent"] = "bench" end
   local lines = {
      request.method, " ", url.path, url.query ~= "" and "?" or "", url.query, " HTTP/1.1\r\n",
   }
   for name, value in pairs(headers) do
      for _, each in ipairs(type(value) == "table" and value or { value }) do
         lines[#lines + 1] = name .. ": " .. tostring(each) .. "\r\n"
      end
   end
   lines[#lines + 1] = "\r\n"
   return table.concat(lines)
end

local function receive_status(socket)
   local line, why = socket:receive()
   if not line then return nil, why end
   local version, status, reason = line:match "^HTTP/(%d%.%d) (%d%d%d) ?(.*)$"
   if not status then return nil, "no HTTP: " .. line end
   return tonumber(status), version, reason
end

local function receive_headers(socket)
   local headers = Headers.new()
   while true do
      local line, why = socket:receive()
      if not line then return nil, why end
      if line == "" then return headers end
      local name, value = line:match "^([^:]+):[ \t]*(.-)[ \t]*$"
      if not name then return nil, "no header: " .. line end
      headers[name] = value
   end
end

local PIECE = 65536

local function pieces_of_length(socket, length)
   return coroutine.wrap(function()
      local left = length
      while left > 0 do
         local piece, why = socket:receive(math.min(left, PIECE))
         if not piece then return coroutine.yield(nil, why) end
         left = left - #piece
         coroutine.yield(piece)
      end
   end)
end

local function pieces_in_chunks(socket)
   return coroutine.wrap(function()
      while true do
         local size, why = socket:receive()
         size = size and tonumber(size:match "^%x+", 16)
         if not size then return coroutine.yield(nil, why) end
         local piece, failure = "", nil
         if size > 0 then piece, failure = socket:receive(size) end
         if not piece then return coroutine.yield(nil, failure) end
         socket:receive(2)
         if size == 0 then return end
         coroutine.yield(piece)
      end
   end)
end

local function read_body(socket, headers)
   local chunked = (headers["Transfer-Encoding"] or ""):lower() == "chunked"
   local reader = chunked and pieces_in_chunks(socket)
      or pieces_of_length(socket, tonumber(headers["Content-Length"]) or 0)
   local pieces = {}
   while true do
      local piece, why = reader()
      if why then return nil, why end
      if not piece then return table.concat(pieces) end
      pieces[#pieces + 1] = piece
   end
end

local function exchange(self, request, url)
   local sent, why = self.socket:send(format_request(request, url))
   if sent and request.body then sent, why = self.socket:send(request.body) end
   if not sent then return nil, why end
   local status, version = receive_status(self.socket)
   if not status then return nil, version end
   local headers, failure = receive_headers(self.socket)
   if not headers then return nil, failure end
   local body, broken = read_body(self.socket, headers)
   if not body then return nil, broken end
   local kept = version == "1.1" and (headers["Connection"] or ""):lower() ~= "close"
   return { status = status, headers = headers, body = body, kept = kept }
end

--- Sends a request. @return (table) status, headers, body; or nil, (table) message
function Client:send(request)
   local url, wrong = parse_url(request.url)
   if not url then return nil, { message = wrong } end
   local call = setmetatable({}, { __index = self })
   local ok, why = connect(call, url)
   local response = nil
   if ok then response, why = exchange(call, request, url) end
   if not response then
      call.socket:close()
      return nil, { kind = "network", message = why, sent = "unknown" }
   end
   if response.kept then call.socket:setkeepalive(
      60000, self.pool_size) else call.socket:close() end
   return response
end

return { new = function(address)
   return setmetatable(
      {
         address = address, pool_size = 1024, connect_timeout = 10000, send_timeout = 30000,
         read_timeout = 30000,
      },
      Client)
end }
