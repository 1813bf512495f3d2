-- Downloads and uploads inside nginx: streamed by the engine's thread, while the worker serves
-- others.

local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

local root = process.output("pwd")
local nginx, caller, folder

local client = [[
   local client = package.loaded.the_client or require("twilio").client {
      base_url = "http://127.0.0.1:" .. ngx.var.server_port, account_sid = "AC" .. ("0"):rep(32), auth_token = "x",
   }
   package.loaded.the_client = client
   ngx.header["Content-Type"] = "text/plain"
]]

setup(function()
   folder = process.folder()
   process.run("truncate -s 67108864 %s/sparse", folder)
   nginx = server.start {
      tls = false, lua_path = root .. "/lua/?.lua;;", lua_cpath = root .. "/build/luajit/?.so;;",
      env = { "TWILIO_AUTH_TOKEN=" },
      locations = {
         ["/blocks"] = [[
            local block = ("0123456789abcdef"):rep(4096)
            for _ = 1, tonumber(ngx.var.arg_n) do ngx.print(block) if not ngx.flush(true) then return end end
         ]],
         ["/size"] = server.COUNT_BODY .. [[
            ngx.header["Content-Type"] = "application/json"
            ngx.print('{"size":' .. total .. '}')
         ]],
         ["/download"] = client .. [[
            local digest = 0
            local bytes, err = client:download(client.settings.base_url .. "/blocks?n=" .. ngx.var.arg_n, function(chunk)
               digest = (digest + #chunk) % 1000003
               if ngx.var.arg_slow then ngx.sleep(0.01) end
            end)
            ngx.print(bytes or tostring(err), " ", digest)
         ]],
         ["/pass"] = client .. [[
            client:download(client.settings.base_url .. "/blocks?n=100", function(chunk) ngx.print(chunk) return ngx.flush(true) == 1 end)
         ]],
         ["/upload"] = client .. ([[
            local answer, err = client:request("POST", client.settings.base_url .. "/size", { multipart = { F = { path = "%s/sparse" } } })
            ngx.print(answer and answer.size or tostring(err))
         ]]):format(folder),
         ["/stats"] = client .. [[ ngx.print(client:stats().in_flight) ]],
      },
   }
   caller = twilio.client {
      account_sid = "AC" .. ("0"):rep(32), auth_token = "x", base_url = nginx.url,
   }
end)

teardown(function()
   caller:close()
   nginx:stop()
   process.forget(folder)
end)

local function get(path)
   return assert(caller:request("GET", nginx.url .. path, { timeout = 60 }))
end

describe("in nginx", function()
   it("a download comes whole", function()
      assert.equal(("%d %d"):format(500 * 65536, 500 * 65536 % 1000003), get "/download?n=500")
   end)

   it("many downloads go on side by side, also slow ones", function()
      local results = twilio.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function(i)
         return get("/download?n=" .. i * 20 .. (i % 2 == 0 and "&slow=1" or ""))
      end, { concurrency = 8 })
      for i, result in ipairs(results) do
         assert.equal(tostring(i * 20 * 65536), result.value:match("^%d+"))
      end
   end)

   it("an upload goes out of a file", function()
      assert.is_true(tonumber(get "/upload") > 67108864)
   end)

   it("a download can be passed on as it comes", function()
      assert.equal(100 * 65536, #get "/pass")
   end)

   it("a download whose client has left ends", function()
      process.run("timeout 0.2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/%d; printf \"GET /pass HTTP/1.0\\r\\n\\r\\n\" >&3; head -c 1000 <&3 >/dev/null'; true",
         nginx.port)
      for _ = 1, 6000 do
         if get "/stats" == "0" then return end
         os.execute "sleep 0.01"
      end
      error("still in flight")
   end)
end)
