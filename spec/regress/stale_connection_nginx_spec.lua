-- In nginx one request's stray bytes became the answer to another user's call
-- (stale_connection_spec.lua has the story).

local idle_server = require "support.idle_server"
local process = require "support.process"
local server = require "support.server"

for _, protocol in ipairs { "PLAIN", "TLS1.2", "TLS1.3" } do
   it("in nginx a stale connection is replaced, over " .. protocol, function()
      local upstream = idle_server.start(protocol)
      local front = server.start {
         tls = false, lua_path = process.output "pwd" .. "/lua/?.lua;;",
         lua_cpath = server.core_path(),
         http = ([[
            init_by_lua_block {
               client = require("twilio").client {
                  account_sid = "AC" .. ("a"):rep(32), auth_token = "x", base_url = %q, ca_file = %q, proxy = "", max_retries = 0,
               }
            }
         ]]):format(upstream.url, upstream.ca_file),
         lua = [[
            local response, err = client.transport:send {
               method = "POST", url = client.settings.base_url .. ngx.var.request_uri, headers = {}, body = ngx.var.arg_n, timeout = 10,
               max_retries = 0, idempotent = false,
            }
            ngx.print(response and response.status .. " " .. response.body or err.kind .. " " .. tostring(err.sent) .. " " .. err.message)
         ]],
      }
      local session, number = assert(require "twilio.core.http".session { proxy = "" }), 0
      local function call(path)
         number = number + 1
         local _, _, body = session:perform {
            method = "GET", url = ("%s%s?n=%d"):format(front.url, path, number), timeout = 20,
         }
         assert.equal("200 " .. number, body, path)
      end
      for _, path in ipairs {
         "/close/0", "/close/10", "/stray/0", "/second/0", "/second/10", "/408/0", "/joined/0",
         "/shutdown/0", "/reset/10",
      } do
         call(path)
         upstream:done()
         for _ = 1, 3 do call "/keep/0" end
      end
      local report = upstream:report()
      assert.same({ number, 0 }, { report.requests, report.repeated })
      session:close()
      front:stop()
      upstream:stop()
   end)
end
