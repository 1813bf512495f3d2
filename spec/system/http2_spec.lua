-- http2_spec.lua: many exchanges on one connection by HTTP/2, which a program asks for with
-- http_version = "2" and gets from libcurl 8.5 on. The server is Node's (http2_server.mjs).

local certificate = require "support.certificate"
local http = require "twilio.core.http"
local process = require "support.process"
local server = require "support.server"

local probe = http.session { http_version = "2" }
if not probe then
   pending("HTTP/2 needs libcurl 8.5, here is " .. http.curl_version)
   return
end
probe:close()
if process.output "command -v node" == "" then
   pending "no node here to play the server"
   return
end

local here = debug.getinfo(1, "S").source:match "^@(.*)system/http2_spec%.lua$"
local url, session, folder

local function new_session() return assert(http.session {
   http_version = "2", proxy = "", ca_file = certificate.authority() .. "/ca.pem",
}) end

setup(function()
   local port = process.free_port()
   local pem, key = certificate.leaf { "localhost", "127.0.0.1" }
   folder = process.folder()
   process.run("(node %ssupport/http2_server.mjs %d %s %s >%s/log 2>&1 & echo $! >%s/pid)", here,
      port, pem, key, folder, folder)
   process.at_exit(folder .. "/server", function()
      os.execute(("kill $(cat %s/pid) 2>/dev/null"):format(folder))
   end)
   process.await_port(port)
   url = "https://localhost:" .. port
end)
teardown(function()
   process.forget(folder .. "/server")
   process.forget(folder)
end)
before_each(function() session = new_session() end)
after_each(function() session:close() end)

local function request(path, options)
   local all = { method = "GET", url = url .. path, timeout = 20 }
   for name, value in pairs(options or {}) do all[name] = value end
   return all
end

local function finish(s)
   while s:stats().in_flight > 0 do s:step(10) end
end

local function stats()
   local _, _, body = session:perform(request "/stats")
   local opened, came = body:match "(%d+) (%d+)"
   return tonumber(opened), tonumber(came)
end

describe("HTTP/2", function()
   it("gives each of 300 requests its own answer, on one connection with 100 in flight", function()
      session:perform(request "/echo?n=0")
      local waiting, next_one, good = {}, 1, 0
      while next_one <= 300 or next(waiting) do
         while next_one <= 300 and #waiting < 100 do
            waiting[#waiting + 1] = { next_one, session:submit(request("/echo?n=" .. next_one, {
               method = "POST", body = "body " .. next_one,
            })) }
            next_one = next_one + 1
         end
         session:step(10)
         for i = #waiting, 1, -1 do
            local n, exchange = waiting[i][1], waiting[i][2]
            if exchange:finished() then
               local status, _, body = exchange:result()
               assert.same({ 200, n .. " body " .. n }, { status, body })
               assert.equal("2", exchange:info().http_version)
               table.remove(waiting, i)
               good = good + 1
            end
         end
      end
      assert.equal(300, good)
      assert.equal(1, session:stats().opened)
   end)

   it("goes on with a new connection after GOAWAY", function()
      local _, _, body = session:perform(request "/goaway")
      assert.equal("last", body)
      for i = 1, 3 do
         local status, _, text = session:perform(request("/echo?n=" .. i, {
            method = "POST", body = "x",
         }))
         assert.same({ 200, i .. " x" }, { status, text })
      end
      assert.equal(2, session:stats().opened)
   end)

   it("sends no POST twice that GOAWAY has left unanswered", function()
      local _, before = stats()
      local status, err = session:perform(request("/lost", { method = "POST", body = "x" }))
      assert.is_nil(status)
      assert.equal("network", err.kind)
      assert.is_true(err.ambiguous)
      local _, after = stats()
      assert.equal(before + 2, after) -- that one and /stats itself
   end)

   it("a refused stream is an error, or answered by a further attempt; never answered twice", function()
      local _, before = stats()
      local status, err = session:perform(request("/refuse", { method = "POST", body = "x" }))
      local _, after = stats()
      if status then
         assert.same({ 200, before + 2 }, { status, after })
      else
         assert.equal("network", err.kind)
         assert.equal(before + 1, after)
      end
   end)

   it("streams, beside other exchanges", function()
      local stream = session:submit(request("/pieces", { stream = true, decompress = false }))
      local other = session:submit(request "/echo?n=9")
      local bytes = 0
      while true do
         local over, chunk = stream:finished(), stream:read()
         if chunk then bytes = bytes + #chunk
         elseif over then break
         else session:step(10) end
      end
      assert.equal(100000, bytes)
      finish(session)
      assert.equal("9 ", select(3, other:result()))
   end)

   it("cancels one stream and keeps the connection for the others", function()
      session:perform(request "/echo?n=0")
      local silent = session:submit(request "/silent")
      local other = session:submit(request "/echo?n=1")
      session:step(0.01)
      silent:cancel()
      finish(session)
      assert.equal("1 ", select(3, other:result()))
      assert.equal("2 ", select(3, session:perform(request "/echo?n=2")))
      assert.equal(1, session:stats().opened)
   end)

   it("falls back to HTTP/1.1 where the server speaks nothing else", function()
      local old = server.start { lua = [[ ngx.print(ngx.var.arg_n) ]] }
      local exchanges = {}
      for i = 1, 50 do
         exchanges[i] = session:submit {
            method = "GET", url = old.url .. "/?n=" .. i, timeout = 20,
         }
      end
      finish(session)
      for i, exchange in ipairs(exchanges) do
         local status, _, body = exchange:result()
         assert.same({ 200, tostring(i), "1.1" }, { status, body, exchange:info().http_version })
      end
      old:stop()
   end)
end)

it("HTTP/2 inside nginx: 300 calls, 100 in flight, each its own reply", function()
   local root = process.output "pwd"
   local upstream = server.start { http2 = true, lua = [[
      ngx.req.read_body()
      ngx.sleep(0.005)
      ngx.status = 201
      ngx.header["Content-Type"] = "application/json"
      ngx.print(require("cjson").encode {
         sid = "SM1", body = ngx.req.get_post_args().Body, status = ngx.var.server_protocol,
      })
   ]] }
   local front = server.start {
      tls = false, lua_path = root .. "/lua/?.lua;;", lua_cpath = server.core_path(),
      http = ([[ lua_socket_log_errors off; init_by_lua_block {
         twilio = require "twilio"
         client = twilio.client {
            account_sid = "AC" .. ("a"):rep(32), auth_token = "x", base_url = %q, ca_file = %q,
            proxy = "", http_version = "2",
         }
      } ]]):format(upstream.url, upstream.ca_file),
      locations = { ["= /map"] = [[
         local numbers, good, message = {}, 0, ""
         for i = 1, 300 do numbers[i] = i end
         local results = twilio.map(numbers, function(i)
            return client.messages:create { to = "+1", from = "+1", body = tostring(i) }
         end, { concurrency = 100 })
         for i, result in ipairs(results) do
            local sent = result.value
            if sent and sent.body == tostring(i) and sent.status == "HTTP/2.0" then
               good = good + 1
            else message = tostring(result.err or sent.status) end
         end
         ngx.print(good, " ", message)
      ]] },
   }
   local plain = http.session { proxy = "" }
   local _, _, body = plain:perform { method = "GET", url = front.url .. "/map", timeout = 60 }
   assert.equal("300 ", body)
   plain:close()
   front:stop()
   upstream:stop()
end)
