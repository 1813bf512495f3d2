-- connect_proxy.lua: a CONNECT proxy whose every tunnel to twilio.com ends at the sandbox on this
-- machine: with HTTPS_PROXY and a CA setting a program needs no change.
--
--   lua5.4 tools/connect_proxy.lua SANDBOX_PORT [PORT [ADDRESS]]     prints the port that it listens
--   on. ADDRESS: where it listens, and the sandbox; 127.0.0.1 unless it is given
--
-- Tunnels to other hosts are refused (403): the sandbox sends nothing to anybody. Ends when its
-- standard input does, so that it never outlives who started it.

local uv = require "luv"

local sandbox_port, port, address = tonumber(arg[1]), tonumber(arg[2] or 0), arg[3] or "127.0.0.1"
if not sandbox_port or not port then
   io.stderr:write "usage: connect_proxy.lua SANDBOX_PORT [PORT [ADDRESS]]\n"
   os.exit(2)
end

local sandbox_address = address == "0.0.0.0" and "127.0.0.1" or address

local LONGEST_HEAD = 16384 -- bytes

local function close(handle)
   if not handle:is_closing() then handle:close() end
end

-- Passes on what one side sends, and its end.
local function pipe(from, to)
   from:read_start(function(err, data)
      if data and not to:is_closing() then
         to:write(data)
         -- A slow reader stops the writer until its buffer is empty again.
         if to:get_write_queue_size() > 1048576 then
            from:read_stop()
            to:write("", function() if not from:is_closing() then pipe(from, to) end end)
         end
      elseif err then
         close(from)
         close(to)
      elseif not to:is_closing() then
         to:shutdown(function()
            if not from:is_active() and not to:is_active() then
               close(from)
               close(to)
            end
         end)
      end
   end)
end

local function refuse(client, status, message)
   client:read_stop()
   local text = message .. "\n"
   client:write(("HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n"
      .. "Connection: close\r\n\r\n%s"):format(status, #text, text), function() close(client) end)
end

local function is_twilio(host)
   host = host:lower():gsub("%.$", "")
   return host == "twilio.com" or host:find("%.twilio%.com$") ~= nil
end

local function open_tunnel(client, rest)
   local upstream = uv.new_tcp()
   upstream:connect(sandbox_address, sandbox_port, function(err)
      if err then
         close(upstream)
         return refuse(client, "502 Bad Gateway", "the sandbox doesn't answer: " .. err)
      end
      client:write "HTTP/1.1 200 Connection established\r\n\r\n"
      if rest ~= "" then upstream:write(rest) end
      pipe(client, upstream)
      pipe(upstream, client)
   end)
end

local function answer(client, head, rest)
   local host = head:match("^CONNECT ([%w.-]+):%d+ HTTP/1%.[01]\r\n")
   if not host then
      return refuse(client, "405 Method Not Allowed", "this proxy takes only CONNECT host:port")
   end
   if not is_twilio(host) then
      return refuse(client, "403 Forbidden", host .. " is no host of twilio.com")
   end
   client:read_stop()
   open_tunnel(client, rest)
end

local function accept(server)
   local client = uv.new_tcp()
   server:accept(client)
   local received = ""
   client:read_start(function(_, data)
      if not data then return close(client) end
      received = received .. data
      local last = select(2, received:find("\r\n\r\n", 1, true))
      if last then return answer(client, received:sub(1, last), received:sub(last + 1)) end
      if #received > LONGEST_HEAD then refuse(client, "431 Request Header Fields Too Large", "") end
   end)
end

local server = uv.new_tcp()
assert(server:bind(address, port))
assert(server:listen(128, function(err) if not err then accept(server) end end))
print(server:getsockname().port)
io.stdout:flush()

local input = uv.new_pipe(false)
input:open(0)
input:read_start(function(_, data) if not data then os.exit(0) end end)
uv.run()
