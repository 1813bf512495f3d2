-- A gateway that wraps ngx.socket.tcp().connect and drops its options (APISIX) took the name of our
-- pool away: nginx gave a call the connection to the notifier of a client that was closed, and every
-- second call failed with "broken pipe" and sent = "unknown", though nothing had left.

local process = require "support.process"
local server = require "support.server"

it("a wrapped connect without its options costs no call", function()
   local upstream = server.start { lua = [[
      ngx.req.read_body()
      ngx.shared.shared:incr("n", 1, 0)
      ngx.status = 201
      ngx.header["Content-Type"] = "application/json"
      ngx.print(require("cjson").encode { sid = "SM1", body = ngx.req.get_post_args().Body })
   ]], locations = { ["= /count"] = [[ ngx.print(ngx.shared.shared:get "n") ]] } }
   local front = server.start {
      tls = false, lua_path = process.output "pwd" .. "/lua/?.lua;;", lua_cpath = server.core_path(),
      http = ([[ lua_socket_log_errors off; init_by_lua_block {
         local real = ngx.socket.tcp
         ngx.socket.tcp = function()
            local socket = real()
            local connect = socket.connect
            socket.connect = function(self, host, port)
               return connect(self, host, type(port) == "number" and port or nil)
            end
            return socket
         end
         twilio = require "twilio"
         function new()
            return twilio.client {
               account_sid = "AC" .. ("a"):rep(32), auth_token = "x", base_url = %q, ca_file = %q,
               proxy = "", max_retries = 0,
            }
         end
      } ]]):format(upstream.url, upstream.ca_file),
      locations = { ["= /calls"] = [[
         local good, failure = 0, ""
         for round = 1, 10 do
            local client = new()
            for i = 1, 3 do
               local body = round .. "-" .. i
               local message, err = client.messages:create { to = "+1", from = "+1", body = body }
               if message and message.body == body then good = good + 1
               else failure = tostring(err) end
            end
            local results = twilio.map({ 1, 2, 3, 4, 5 }, function(i)
               return client.messages:create { to = "+1", from = "+1", body = tostring(i) }
            end)
            for i, result in ipairs(results) do
               if result.value and result.value.body == tostring(i) then good = good + 1
               else failure = tostring(result.err) end
            end
            client:close()
         end
         ngx.print(good, " ", failure)
      ]] },
   }
   local session = require("twilio.core.http").session { proxy = "", ca_file = upstream.ca_file }
   local function get(url)
      return select(3, session:perform { method = "GET", url = url, timeout = 60 })
   end
   assert.equal("80 ", get(front.url .. "/calls"))
   assert.equal("80", get(upstream.url .. "/count"))
   session:close()
   front:stop()
   upstream:stop()
end)
