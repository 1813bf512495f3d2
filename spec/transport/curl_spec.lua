-- lua/twilio/transport/curl.lua: a request's way through a session and a runtime. Against real
-- servers in spec/system/network_spec.lua and spec/runtime; here the runtime is the spec's own, so
-- that each step of it can fail.

local curl = require "twilio.transport.curl"

local http = require("support.session").new {
   tls = false,
   locations = {
      ["/pieces"] = [[ for i = 1, 3 do ngx.print(i) ngx.flush(true) ngx.sleep(0.03) end ]],
      ["/refused"] = [[ ngx.status = 404 ngx.print "no such thing" ]],
      ["/sleep"] = [[ ngx.sleep(20) ]],
   },
}

local transport, runtime

-- Drives the session itself, as plain Lua's does.
local function new_runtime()
   local self = { asked = {} }
   local function note(name) self.asked[#self.asked + 1] = name end
   function self.now() return require("twilio.core").now() end
   function self.prepare_wait()
      note "prepare_wait"
      return "handle"
   end
   function self.await(session, exchange, deadline, wait_handle)
      note "await"
      self.deadline, self.wait_handle = deadline, wait_handle
      while not exchange:ready() do session:step(0.1) end
      return true
   end
   function self.before_close()
      note "before_close"
      return function() note "wake" end
   end
   return self
end

local function request(path, fields)
   local all = { method = "GET", url = http.nginx.url .. path, headers = {}, timeout = 10 }
   for name, value in pairs(fields or {}) do all[name] = value end
   return all
end

setup(http.start)
teardown(http.stop)
before_each(function()
   runtime = new_runtime()
   transport = assert(curl.new({ proxy = "", timeout = 30, account_sid = "for others" }, runtime))
end)
after_each(function() transport:close() end)

describe("curl.new", function()
   it("takes every option of a session, and says what is wrong with one", function()
      for _, name in ipairs(require("twilio.core.http").session_options) do
         local made, message = curl.new({ [name] = {} }, runtime)
         if name ~= "resolve" then
            assert.is_nil(made)
            assert.matches("^" .. name .. " must be ", message)
         end
      end
      local made, message = curl.new({ http_version = "2", proxy = "" }, runtime)
      if not made then assert.matches("libcurl 8.5", message) end
   end)

   it("takes none that a client's settings don't know", function()
      local settings = require "twilio.client.settings"
      for _, name in ipairs(require("twilio.core.http").session_options) do
         local _, message = settings.new {
            account_sid = "AC" .. ("0"):rep(32), auth_token = "t", [name] = print,
         }
         assert.matches("^option '" .. name .. "' must be a ", message)
      end
   end)
end)

describe("curl:send", function()
   it("gets the runtime ready, sends, waits until the deadline and returns the response", function()
      local before = runtime.now()
      local response = assert(
         transport:send(
            request("/", { method = "POST", body = "hello", headers = { ["X-A"] = "b" } })))
      assert.same({ 200, false }, { response.status, response.reused })
      assert.matches("^POST /\n.*x%-a: b\n.*hello$", response.body)
      assert.same({ "prepare_wait", "await" }, runtime.asked)
      assert.equal("handle", runtime.wait_handle)
      assert.is_true(runtime.deadline >= before + 10 and runtime.deadline < before + 20)
      assert.is_true(assert(transport:send(request "/")).reused)
      assert.equal(2, transport:stats().done)
   end)

   it("has no deadline without a time-out", function()
      local all = request "/"
      all.timeout = nil
      assert(transport:send(all))
      assert.is_nil(runtime.deadline)
   end)

   it("sends nothing where nothing may wait", function()
      local refusal = { kind = "config", message = "not in this phase", sent = false }
      function runtime.prepare_wait() return nil, refusal end
      local response, err = transport:send(request "/")
      assert.is_nil(response)
      assert.equal(refusal, err)
      assert.equal(0, transport:stats().done + transport:stats().in_flight)
   end)

   it("does all of a request in one go where the runtime blocks", function()
      function runtime.is_blocking() return true end
      assert.equal(200, assert(transport:send(request "/")).status)
      assert.same({}, runtime.asked)
   end)

   it("says after a failed wait whether the request can have left", function()
      function runtime.await()
         return nil, { kind = "cancelled", message = "the task was cancelled" }
      end
      local _, err = transport:send(request("/", { method = "POST" }))
      assert.same({ "cancelled", false, nil }, { err.kind, err.sent, err.ambiguous })
      function runtime.await(session)
         for _ = 1, 10 do session:step(0.02) end
         return nil, { kind = "cancelled", message = "the task was cancelled" }
      end
      _, err = transport:send(request("/sleep", { method = "POST" }))
      assert.same({ "unknown", true }, { err.sent, err.ambiguous })
      _, err = transport:send(request("/sleep", { idempotent = true }))
      assert.same({ "unknown", nil }, { err.sent, err.ambiguous })
      assert.equal(0, transport:stats().in_flight)
   end)

   it("returns a network's failure as the session tells it", function()
      local response, err = transport:send(request("/", { url = "http://127.0.0.1:1/" }))
      assert.is_nil(response)
      assert.same({ "network", false }, { err.kind, err.sent })
      response, err = transport:send(request("/", { url = "nonsense" }))
      assert.is_nil(response)
      assert.same({ "config", false }, { err.kind, err.sent })
   end)
end)

describe("a sink", function()
   it("gets the content as it comes, with status and headers", function()
      local pieces = {}
      local response = assert(transport:send(request("/pieces", { sink = function(
         chunk, status, headers)
         assert.equal(200, status)
         assert.is_string(headers["content-type"])
         pieces[#pieces + 1] = chunk
         return true
      end })))
      assert.same({ "123", "" }, { table.concat(pieces), response.body })
      assert.is_true(#pieces > 1)
   end)

   it("gets nothing of what is no content: that is the response's body", function()
      local response = assert(transport:send(request("/refused", { sink = function()
         error "never called"
      end })))
      assert.same({ 404, "no such thing" }, { response.status, response.body })
   end)

   it("ends the request when it refuses a piece", function()
      local response, err = transport:send(request("/pieces", { sink = function()
         return nil, "the disk is full"
      end }))
      assert.is_nil(response)
      assert.same(
         { "cancelled", "the disk is full", true, true },
         { err.kind, err.message, err.sent, err.partial })
      assert.equal(0, transport:stats().in_flight)
   end)

   it("is told of as having got a part when a later wait is refused", function()
      local prepare_wait, given = runtime.prepare_wait, 0
      function runtime.prepare_wait()
         if given > 0 then return nil, { kind = "cancelled", message = "no more" } end
         return prepare_wait()
      end
      local response, err = transport:send(request("/pieces", { sink = function(chunk)
         given = given + #chunk
         return true
      end }))
      assert.is_nil(response)
      assert.same({ "no more", true }, { err.message, err.partial })
   end)
end)

describe("curl:close", function()
   it("lets the runtime wake its waiters after the session is closed", function()
      transport:close()
      assert.same({ "before_close", "wake" }, runtime.asked)
      local result, err = transport:send(request "/")
      assert.same({ nil, "cancelled", false }, { result, err.kind, err.sent })
   end)

   it("ends a call that is about to begin", function()
      function runtime.prepare_wait()
         transport:close()
         return "handle"
      end
      local result, err = transport:send(request "/")
      assert.same({ nil, "cancelled", false }, { result, err.kind, err.sent })
   end)
end)
