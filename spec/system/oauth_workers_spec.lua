-- OAuth in nginx: light threads of one worker and several workers get along with one token, by way
-- of a lua_shared_dict.

local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

local root = process.output("pwd")

-- One client a worker, made with its first request.
local call = [[
   local client = package.loaded.the_client or require("twilio").client {
      base_url = "http://127.0.0.1:" .. ngx.var.server_port .. "/api", account_sid = "AC" .. ("0"):rep(32),
      oauth = { client_id = "OQ1", client_secret = "s", cache = CACHE },
   }
   package.loaded.the_client = client
   local message, err = client.messages("SM1"):fetch()
   if not message then ngx.status = 500 ngx.print(tostring(err)) return end
   ngx.header["Content-Type"] = "text/plain"
   ngx.print(message.token, " ", ngx.worker.id())
]]

-- A Twilio: tokens take their time; all but the first few are good (a shared dict counts).
local token = [[
   ngx.sleep(0.1)
   local n = ngx.shared.counts:incr("fetches", 1, 0)
   ngx.print(('{"access_token":"t%d","expires_in":3600}'):format(n))
]]

local message = [[
   local bearer = ngx.var.http_authorization
   if bearer == ngx.shared.counts:get("refused") then ngx.status = 401 ngx.print('{"code":20003}') return end
   ngx.print(('{"sid":"SM1","token":"%s"}'):format(bearer))
]]

describe("OAuth in nginx", function()
   local nginx, caller

   local function start(cache)
      nginx = server.start {
         tls = false, workers = 2, lua_path = root .. "/lua/?.lua;;",
         lua_cpath = root .. "/build/luajit/?.so;;",
         http = "lua_shared_dict counts 1m; lua_shared_dict tokens 1m;",
         server = "", env = { "TWILIO_AUTH_TOKEN=" },
         locations = {
            ["/call"] = "CACHE = " .. cache .. call, ["/api/v2/token"] = token, ["/api/"] = message,
            ["/refuse"] = [[ ngx.shared.counts:set("refused", "Bearer t1") ngx.print("{}") ]],
            ["/count"] = [[ ngx.print(ngx.shared.counts:get("fetches") or 0) ]],
         },
      }
      caller = twilio.client {
         account_sid = "AC" .. ("0"):rep(32), auth_token = "x", base_url = nginx.url,
      }
   end

   after_each(function()
      caller:close()
      nginx:stop()
   end)

   local function get(path) return caller:request("GET", nginx.url .. path) end

   local function call_many(n)
      local numbers, tokens, workers = {}, {}, {}
      for i = 1, n do numbers[i] = i end
      for _, result in ipairs(twilio.map(numbers, function()
         return get "/call"
      end, { concurrency = n })) do
         assert.is_nil(result.err and tostring(result.err) .. tostring(result.err.body))
         local bearer, worker = result.value:match("^(.*) (%d+)$")
         tokens[bearer], workers[worker] = (tokens[bearer] or 0) + 1, true
      end
      return tokens, workers
   end

   it("fetches one token for all workers", function()
      start [["tokens"]]
      local tokens = call_many(40)
      assert.same({ ["Bearer t1"] = 40 }, tokens)
      assert.equal(1, tonumber((get "/count")))
   end)

   it("replaces a refused one once for all workers", function()
      start [["tokens"]]
      call_many(20)
      get "/refuse"
      assert.same({ ["Bearer t2"] = 40 }, (call_many(40)))
      assert.equal(2, tonumber((get "/count")))
   end)

   it("fetches one a worker without a shared dict", function()
      start "nil"
      local _, workers = call_many(40)
      local count = 0
      for _ in pairs(workers) do count = count + 1 end
      assert.equal(count, tonumber((get "/count")))
   end)
end)
