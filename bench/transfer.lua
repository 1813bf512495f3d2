-- 1 GiB down into a function and 1 GiB up out of a file, over TLS: seconds, and how much memory the
-- program has grown by at most. The limit is 8 MiB; exits with 1 if it is missed.
--
--   LUA_PATH="lua/?.lua;spec/?.lua;;" LUA_CPATH="build/lua5.4/?.so;;" lua5.4 bench/transfer.lua
--   [<bytes>]

local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

local BYTES, LIMIT = tonumber(arg[1]) or 2 ^ 30, 8192

local nginx = server.start { locations = {
   ["/down"] = [[
      local left, block = tonumber(ngx.var.arg_n), ("0123456789abcdef"):rep(4096)
      ngx.header["Content-Length"] = left
      while left > 0 do
         ngx.print(block:sub(1, left))
         ngx.flush(true)
         left = left - #block
      end
   ]],
   ["/up"] = server.COUNT_BODY .. [[
      ngx.header["Content-Type"] = "application/json"
      ngx.print('{"bytes":' .. total .. "}")
   ]],
} }

local client = twilio.client {
   account_sid = "AC" .. ("0"):rep(32), auth_token = "x", base_url = nginx.url,
   ca_file = nginx.ca_file,
}
local folder = process.folder()
process.run("truncate -s %.0f %s/file", BYTES, folder)

local function down(watch)
   assert(client:download(("%s/down?n=%.0f"):format(nginx.url, BYTES), watch) == BYTES)
end

local function up()
   local answer = assert(
      client:request(
         "POST", nginx.url .. "/up", { multipart = { Content = { path = folder .. "/file" } } }))
   assert(answer.bytes > BYTES)
end

-- what any download needs is there before
assert(client:download(nginx.url .. "/down?n=1000000", function() end))

local function measure(name, transfer)
   collectgarbage()
   local before, most, calls, started = process.resident(), 0, 0, client.runtime.now()
   transfer(function()
      calls = calls + 1
      if calls % 64 == 0 then most = math.max(most, process.resident()) end
   end)
   local grown = math.max(most, process.resident()) - before
   print(
      ("%s: %.0f MiB in %.1f s, grown by %d KiB (limit %d)"):format(
         name, BYTES / 2 ^ 20, client.runtime.now() - started, grown, LIMIT))
   return grown < LIMIT
end

local is_good = measure("down", down)
is_good = measure("up", up) and is_good
client:close()
nginx:stop()
os.exit(is_good and 0 or 1)
