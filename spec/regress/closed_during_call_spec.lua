-- A client that was closed while its first call waited for its turn (in nginx), or for its next
-- attempt, raised "calling 'submit' on bad self (session is closed)" in that call. Such a call
-- returns nil, err of kind "cancelled".

local fake = require "support.fake"
local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

local root = process.output "pwd"
local upstream

setup(function()
   upstream = server.start { locations = {
      ["/busy"] = [[ ngx.status = 503 ngx.header["Retry-After"] = "1" ngx.print "{}" ]],
      ["~ /Messages.json"] = [[
         ngx.sleep(0.02)
         ngx.header["Content-Type"] = "application/json"
         if ngx.req.get_method() == "POST" then
            ngx.status = 201
            return ngx.print '{"sid":"SM1"}'
         end
         local page = (tonumber(ngx.var.arg_Page) or 0) + 1
         local next_page = ngx.var.uri .. "?Page=" .. page
         ngx.print('{"messages":[{"sid":"SM1"}],"next_page_uri":"', next_page, '"}')
      ]],
   } }
end)
teardown(function() upstream:stop() end)

local function new_client()
   return twilio.client {
      account_sid = fake.account_sid, auth_token = "x", base_url = upstream.url,
      ca_file = upstream.ca_file, proxy = "",
   }
end

local function while_it_runs(call)
   local client, err = new_client(), nil
   twilio.run(function()
      local task = twilio.spawn(function()
         local _, failure = call(client)
         err = failure
      end)
      twilio.sleep(0.1)
      client:close()
      task:wait()
   end)
   return err
end

it("a call that waits for its next attempt is cancelled", function()
   local err = while_it_runs(function(client)
      return client:request("GET", upstream.url .. "/busy", {})
   end)
   assert.equal("cancelled", err.kind)
end)

it("a list is cancelled between its pages", function()
   local err = while_it_runs(function(client) return client.messages:list { page_size = 1 } end)
   assert.equal("cancelled", err.kind)
end)

it("first calls in nginx are cancelled", function()
   local front = server.start {
      tls = false, lua_path = root .. "/lua/?.lua;;", lua_cpath = server.core_path(),
      http = ([[ lua_socket_log_errors off; init_by_lua_block {
         twilio = require "twilio"
         function new()
            return twilio.client {
               account_sid = "AC" .. ("a"):rep(32), auth_token = "x", base_url = %q,
               ca_file = %q, proxy = "",
            }
         end
      } ]]):format(upstream.url, upstream.ca_file),
      locations = { ["= /close"] = [[
         local client, kinds = new(), {}
         local threads = {}
         for i = 1, 100 do
            threads[i] = ngx.thread.spawn(function()
               local message, err = client.messages:create { to = "+1", from = "+1", body = "x" }
               local kind = message and "good" or err.kind
               kinds[kind] = (kinds[kind] or 0) + 1
            end)
         end
         ngx.sleep(tonumber(ngx.var.arg_after))
         client:close()
         for i = 1, 100 do
            local ok, message = ngx.thread.wait(threads[i])
            if not ok then kinds.raised = message end
         end
         local cancelled = kinds.cancelled or 0
         kinds.cancelled = nil
         ngx.print((kinds.good or 0) + cancelled, " ", kinds.raised or "")
      ]] },
   }
   local session = require("twilio.core.http").session { proxy = "" }
   for _, after in ipairs { 0, 0.001, 0.004, 0.01, 0.03 } do
      local _, _, body = session:perform {
         method = "GET", url = front.url .. "/close?after=" .. after, timeout = 30,
      }
      assert.equal("100 ", body)
   end
   session:close()
   front:stop()
end)
