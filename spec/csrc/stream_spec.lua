-- stream_spec.lua: responses through exchange:read, stepped and with the engine's own thread.

local found, cqueues = pcall(require, "cqueues")
if not found then return pending "cqueues isn't installed for this Lua" end
local socket = require "cqueues.socket"
local fault = require "support.fault"
local server = require "support.server"

local BLOCK = ("0123456789abcdef"):rep(4096)

local nginx, session

setup(function()
   nginx = server.start {
      tls = false,
      locations = { ["/blocks"] = [[
      local block = ("0123456789abcdef"):rep(4096)
      for _ = 1, tonumber(ngx.var.arg_n) do ngx.print(block) if not ngx.flush(true) then return end end
    ]], ["/refused"] = [[ ngx.status = 403 ngx.header["X-Why"] = "so" ngx.print "no" ]] },
   }
end)

teardown(function() nginx:stop() end)

before_each(function() session = require "twilio.core.http".session {} end)
after_each(function() session:close() end)

local function submit(where, options)
   local request = { method = "GET", url = nginx.url .. where, stream = true, timeout = 60 }
   for name, value in pairs(options or {}) do request[name] = value end
   return assert(session:submit(request))
end

-- Reads to the end. wait: how to wait until there is something. -> pieces
local function drain(exchange, wait)
   local pieces = {}
   while true do
      local over, piece = exchange:finished(), exchange:read()
      if piece then pieces[#pieces + 1] = piece
      elseif over then return pieces
      else wait(exchange) end
   end
end

local function step(exchange)
   while not exchange:ready() do session:step(1) end
end

-- Waits at the notifier, as nginx does.
local function at_notifier(path)
   local bell = assert(socket.connect { path = (path:gsub("^unix:", "")) })
   bell:setmode("bn", "bn")
   return function(exchange)
      bell:write(("%d\n"):format(exchange:id()))
      assert.equal("!", bell:read(1))
      assert.is_true(exchange:ready())
   end, bell
end

-- Runs f(wait) in both ways.
local function both(name, f)
   it(name .. ", stepped", function() f(step) end)
   it(name .. ", with a thread", function()
      local path, failure = assert(session:start_thread()), nil
      local loop = cqueues.new()
      loop:wrap(function()
         local wait, bell = at_notifier(path)
         f(wait, true)
         bell:close()
      end)
      local ok, why = loop:loop()
      if not ok then failure = why end
      assert.is_nil(failure)
   end)
end

describe("a stream", function()
   both("gives every byte once, in order", function(wait)
      local exchange = submit "/blocks?n=200"
      assert.is_true(table.concat(drain(exchange, wait)) == BLOCK:rep(200))
      local status, _, body = exchange:result()
      assert.same({ 200, "" }, { status, body })
      assert.is_true(exchange:info().received_bytes > 200 * #BLOCK)
   end)

   both("has its head before its first byte", function(wait)
      local exchange = submit "/refused"
      assert.is_nil((exchange:head()))
      wait(exchange)
      local status, headers = exchange:head()
      assert.same({ 403, "so" }, { status, headers["x-why"] })
      assert.same({ "no" }, drain(exchange, wait))
      assert.equal(403, (exchange:head()))
   end)

   both("holds the server back when nobody reads", function(wait, threaded)
      local f = fault.start [[ read_request()
      send "HTTP/1.1 200 OK\r\nContent-Length: 32768000\r\n\r\n"
      local block = ("x"):rep(65536)
      for i = 1, 500 do send(block) note "sent" end ]]
      local exchange = submit("", { url = f.url .. "/" })
      wait(exchange)
      for _ = 1, 20 do
         if threaded then cqueues.sleep(0.01) else session:step(0.01) end
      end
      assert.is_true(f:count "sent" < 500)
      local total = 0
      for _, piece in ipairs(drain(exchange, wait)) do
         assert.is_true(#piece <= 512 * 1024)
         total = total + #piece
      end
      assert.equal(32768000, total)
      f:stop()
   end)

   both("that breaks off gives what came, and then the failure", function(wait)
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" ]]
      local exchange = submit("", { url = f.url .. "/" })
      assert.same("half", table.concat(drain(exchange, wait)))
      local status, err = exchange:result()
      assert.same({ nil, "network" }, { status, err.kind })
      f:stop()
   end)

   both("may be cancelled while it is full", function(wait)
      local exchange = submit "/blocks?n=2000"
      wait(exchange)
      exchange:cancel()
      drain(exchange, wait)
      assert.equal("cancelled", select(2, exchange:result()).kind)
   end)

   both("may be left by the wayside", function(wait)
      wait(submit "/blocks?n=2000")
      collectgarbage() collectgarbage()
      local exchange = submit "/blocks?n=1"
      assert.equal(BLOCK, table.concat(drain(exchange, wait)))
   end)

   both("has no limit to its size", function(wait, threaded)
      session:close()
      session = require "twilio.core.http".session { max_response_bytes = 1000 }
      if threaded then wait = at_notifier(assert(session:start_thread())) end
      assert.equal(10 * #BLOCK, #table.concat(drain(submit "/blocks?n=10", wait)))
   end)

   it("may be empty", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 204 No Content\r\n\r\n" ]]
      local exchange = submit("", { url = f.url .. "/" })
      assert.same({}, drain(exchange, step))
      assert.equal(204, (exchange:head()))
      f:stop()
   end)

   it("runs beside others, whoever is slow", function()
      local slow, fast = submit "/blocks?n=100", submit "/blocks?n=100"
      step(slow)
      assert.equal(100 * #BLOCK, #table.concat(drain(fast, step)))
      assert.is_false(slow:finished())
      assert.equal(100 * #BLOCK, #table.concat(drain(slow, step)))
   end)

   it("is nothing for perform, and read nothing for other exchanges", function()
      assert.has_error(function()
         session:perform { method = "GET", url = nginx.url, stream = true }
      end)
      local exchange = submit("/refused", { stream = false })
      assert.has_error(function() exchange:read() end)
      assert.has_error(function() exchange:head() end)
      step(exchange)
      assert.equal(403, (exchange:result()))
   end)
end)
