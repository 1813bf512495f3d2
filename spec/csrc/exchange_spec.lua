-- exchange_spec.lua: the userdata of one exchange: its state, its result, what else it tells, its
-- end.


local http = require("support.session").new {
   locations = {
      ["/sleep"] = [[ ngx.sleep(20) ]],
      ["/pieces"] = [[ ngx.header["X-A"] = "b" for i = 1, 3 do ngx.print(i) ngx.flush(true) ngx.sleep(0.05) end ]],
      ["/cookies"] = [[ ngx.header["Set-Cookie"] = { "a=1", "b=2" } ngx.header["X-Empty"] = "" ngx.print "" ]],
   },
}

setup(http.start)
teardown(http.stop)
before_each(http.open)
after_each(http.close)

local function submit(path, options)
   local request = { method = "GET", url = http.nginx.url .. path, timeout = 30 }
   for name, value in pairs(options or {}) do request[name] = value end
   return assert(http.session:submit(request))
end

local function finish(exchange)
   while not exchange:finished() do http.session:step(1) end
end

describe("an exchange", function()
   it("has more to tell when it is over", function()
      local exchange = http.session:submit {
         method = "POST", url = http.nginx.url .. "/", body = "hello there",
      }
      assert.has_error(function() exchange:info() end)
      finish(exchange)
      local info, _, _, body = exchange:info(), exchange:result()
      assert.same(
         { "1.1", "127.0.0.1", 11 }, { info.http_version, info.primary_ip, info.sent_bytes })
      assert.is_true(
         info.seconds >= info.connect_seconds and info.connect_seconds > 0
            and info.received_bytes > #body)
   end)

   it("has no result before its time, and the same one as often as one asks", function()
      local exchange = submit "/cookies"
      assert.matches("isn't finished", select(2, pcall(exchange.result, exchange)))
      assert.is_false(exchange:finished())
      assert.is_false(exchange:ready())
      finish(exchange)
      assert.is_true(exchange:ready())
      for _ = 1, 2 do
         local status, headers, body, reused = exchange:result()
         assert.same(
            { 200, "a=1, b=2", "", false }, { status, headers["set-cookie"], body, reused })
      end
   end)

   it("tells its state", function()
      local exchange, other = submit "/cookies", submit "/sleep"
      assert.equal("twilio.exchange (running)", tostring(exchange))
      finish(exchange)
      assert.equal("twilio.exchange (done)", tostring(exchange))
      exchange:close()
      assert.equal("twilio.exchange (closed)", tostring(exchange))
      other:cancel()
      assert.equal("twilio.exchange (done)", tostring(other))
   end)

   it("has a number of its own in its session", function()
      local one, two = submit "/cookies", submit "/cookies"
      assert.is_true(two:id() > one:id())
      assert.equal(one:id(), one:id())
   end)

   it("fails with what became of it: kind, message, whether it was sent, libcurl's code", function()
      local exchange = assert(
         http.session:submit {
            method = "POST", url = "http://127.0.0.1:1/", body = "x", timeout = 5,
         })
      finish(exchange)
      local status, err = exchange:result()
      assert.is_nil(status)
      assert.same(
         { "network", false, nil, 7 }, { err.kind, err.sent, err.ambiguous, err.curl_code })
      assert.is_string(err.message)
   end)

   it("that is cancelled before it began was not sent, and says so each time", function()
      local exchange = submit "/sleep"
      assert.is_true(exchange:cancel())
      assert.is_true(exchange:cancel())
      local status, err = exchange:result()
      assert.is_nil(status)
      assert.same({ kind = "cancelled", message = "cancelled", sent = false }, err)
   end)

   it("that is cancelled when all of it has left was sent", function()
      local exchange = submit "/sleep"
      for _ = 1, 20 do http.session:step(0.02) end
      assert.is_false(exchange:cancel())
      local _, err = exchange:result()
      assert.equal("cancelled", err.kind)
      assert.is_true(err.sent)
   end)

   it("cancels what is still running when it is closed, or collected", function()
      local kept = submit "/sleep"
      kept:close()
      kept:close()
      submit "/sleep"
      collectgarbage()
      collectgarbage()
      assert.same({ 0, 2 }, { http.session:stats().in_flight, http.session:stats().cancelled })
      for _, name in ipairs {
         "finished", "ready", "head", "read", "result", "info", "cancel", "id",
      } do
         assert.matches("exchange is closed", select(2, pcall(kept[name], kept)), name)
      end
   end)
end)

describe("a streamed exchange", function()
   it("has its head with the first piece, and each piece once", function()
      local exchange, pieces = submit("/pieces", { stream = true }), {}
      assert.is_nil(exchange:head())
      assert.is_nil(exchange:read())
      while true do
         local over, piece = exchange:finished(), exchange:read()
         if piece then
            pieces[#pieces + 1] = piece
            local status, headers = exchange:head()
            assert.same({ 200, "b" }, { status, headers["x-a"] })
         elseif over then
            break
         else
            http.session:step(1)
         end
      end
      assert.equal("123", table.concat(pieces))
      assert.is_true(#pieces > 1)
      assert.equal("", (select(3, exchange:result())))
      assert.equal(200, (exchange:head()))
   end)

   it("is the only one that can be read", function()
      local exchange = submit "/cookies"
      for _, name in ipairs { "head", "read" } do
         assert.matches("no stream", select(2, pcall(exchange[name], exchange)))
      end
      local ok, message = pcall(http.get, "/cookies", { stream = true })
      assert.is_false(ok)
      assert.matches("perform can't stream", message)
   end)
end)
