-- With net.core.somaxconn at 128, as on older systems, 66 of 600 calls in nginx failed, as the queue
-- of the notifier's listening socket was full ("Resource temporarily unavailable").

local process = require "support.process"

-- In a network of its own, which has a limit of its own.
it("600 calls at once fit into a queue of 128", function()
   if not process.can "unshare -rn true" then
      return pending "no name spaces here"
   end
   local folder, server = process.folder(), require "support.server"
   process.write(folder .. "/script.lua", ([[
      package.path, package.cpath = %q, %q
      local server = require "support.server"
      local upstream = server.start { tls = false, lua = 'ngx.req.read_body() ngx.sleep(0.1)'
         .. ' ngx.status = 201 ngx.header["Content-Type"] = "application/json"'
         .. ' ngx.print(\'{"sid":"SM1"}\')' }
      local front = server.start {
         tls = false, lua_path = %q, lua_cpath = %q,
         http = ([=[ lua_socket_log_errors off; init_by_lua_block {
            twilio = require "twilio"
            client = twilio.client {
               account_sid = "AC" .. ("a"):rep(32), auth_token = "x", base_url = %%q, proxy = "",
            }
         } ]=]):format(upstream.url),
         locations = { ["= /map"] = [=[
            local numbers, good, message = {}, 0, ""
            for i = 1, 600 do numbers[i] = i end
            local results = twilio.map(numbers, function()
               return client.messages:create { to = "+1", from = "+1", body = "x" }
            end, { concurrency = 600 })
            for _, result in ipairs(results) do
               if result.value then good = good + 1 else message = tostring(result.err) end
            end
            ngx.print(good, " ", message)
         ]=] },
      }
      local session = require("twilio.core.http").session { proxy = "" }
      local _, _, body = session:perform { method = "GET", url = front.url .. "/map", timeout = 60 }
      print(body)
      front:stop()
      upstream:stop()
   ]]):format(package.path, package.cpath, process.output "pwd" .. "/lua/?.lua;;",
      server.core_path()))
   process.write(folder .. "/run", (
      "ip link set lo up && echo 128 >/proc/sys/net/core/somaxconn && exec %s %s/script.lua"):format(
      process.interpreter(), folder))
   assert.equal("600", process.output("timeout 100 unshare -rn sh %s/run 2>&1", folder))
end)
