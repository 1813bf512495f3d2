-- nginx without OpenResty's patches wrote "[warn] ngx.sleep(0) called without delayed events patch"
-- for each first call of a client, and for each attempt that needn't wait.

local process = require "support.process"
local server = require "support.server"

it("nginx is asked for no sleep of 0", function()
   local upstream = server.start { tls = false, lua = [[
      ngx.req.read_body()
      if ngx.shared.shared:incr("n", 1, 0) % 2 == 1 then
         ngx.header["Retry-After"] = "0"
         ngx.status = 429
         return ngx.print "{}"
      end
      ngx.status = 201
      ngx.header["Content-Type"] = "application/json"
      ngx.print '{"sid":"SM1"}'
   ]] }
   local front = server.start {
      tls = false, lua_path = process.output "pwd" .. "/lua/?.lua;;", lua_cpath = server.core_path(),
      http = ([[ init_by_lua_block {
         -- An nginx with the patches takes 0, and so do some modules of this version.
         local real = ngx.sleep
         ngx.sleep = function(seconds)
            if seconds < 0.001 then ngx.log(ngx.WARN, "ngx.sleep(0) called") end
            return real(seconds)
         end
         twilio = require "twilio"
         client = twilio.client {
            account_sid = "AC" .. ("a"):rep(32), auth_token = "x", base_url = %q, proxy = "",
         }
      } ]]):format(upstream.url),
      locations = { ["= /calls"] = [[
         local function create() return client.messages:create { to = "+1", from = "+1", body = "x" } end
         local first = create()
         local numbers = {}
         for i = 1, 60 do numbers[i] = i end
         twilio.map(numbers, create, { concurrency = 60, rate = 100000 })
         twilio.sleep(0)
         ngx.print(first.sid)
      ]] },
   }
   local session = require("twilio.core.http").session { proxy = "" }
   local _, _, body = session:perform { method = "GET", url = front.url .. "/calls", timeout = 60 }
   assert.equal("SM1", body)
   assert.is_nil(front:log():find("ngx.sleep(0)", 1, true))
   session:close()
   front:stop()
   upstream:stop()
end)
