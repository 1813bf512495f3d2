-- sandbox/lua/twilio/sandbox/test/request_log.lua and faults.lua, and the snapshots of sandbox.lua: what tests do
-- with a sandbox.

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"

local ACCOUNT, TOKEN = "AC" .. ("a"):rep(32), ("b"):rep(32)
local MESSAGE = { to = "+15558675310", from = "+14155552344", body = "Hello" }

describe("sandbox for tests", function()
   local box, client

   local function client_of(transport, retries)
      return twilio.client { account_sid = ACCOUNT, auth_token = TOKEN, transport = transport, max_retries = retries or 0 }
   end

   before_each(function()
      box = sandbox.new { seed = 1 }
      client = client_of(box)
   end)

   describe("requests", function()
      it("are remembered with their parameters and status, without the secret", function()
         client.messages:create(MESSAGE)
         client.messages:list { to = "+1" }
         local all = box:requests()
         assert.same({ 2, "POST", 201, "GET", 200 }, { #all, all[1].method, all[1].status, all[2].method, all[2].status })
         assert.same({ "Hello", "+1" }, { all[1].params.Body, all[2].params.To })
         assert.equal("(hidden)", all[1].headers.authorization)
         assert.equal(1, #box:requests { method = "GET" })
         assert.equal(1, #box:requests { path = "/Messages%.json$", params = { Body = "Hello" } })
         assert.equal(0, #box:requests { params = { Body = "Other" } })
      end)

      it("are only so many", function()
         box = sandbox.new { journal = 3 }
         client = client_of(box)
         for i = 1, 5 do client.messages:create { to = "+1" .. i, from = "+1", body = "x" } end
         local all = box:requests()
         assert.same({ 3, "+13", "+15" }, { #all, all[1].params.To, all[3].params.To })
      end)

      it("can be expected", function()
         client.messages:create(MESSAGE)
         assert.equal(1, #box:expect { method = "POST", params = { To = MESSAGE.to } })
         box:expect { method = "DELETE", times = 0 }
         local ok, why = pcall(function() box:expect { method = "POST", params = { To = "+9" } } end)
         assert.is_false(ok)
         assert.matches("request_log_spec%.lua:%d+: expected at least one POST", why)
         assert.matches("Hello", why)
         assert.is_false(pcall(function() box:expect { method = "POST", times = 2 } end))
      end)

      it("are forgotten on demand", function()
         client.messages:create(MESSAGE)
         box:forget()
         assert.same({}, box:requests())
         assert.equal(1, #client.messages:list())
      end)
   end)

   describe("faults", function()
      it("answer with a status and Twilio's shape, as often as said", function()
         box:fail { match = { method = "POST" }, status = 503, times = 1 }
         local _, err = client.messages:create(MESSAGE)
         assert.same({ 503, 20503, "api" }, { err.status, err.code, err.kind })
         assert(client.messages:create(MESSAGE))
         assert.equal(1, #client.messages:list())
      end)

      it("limit the rate, with Retry-After", function()
         box:fail { status = 429, retry_after = 3, times = 1 }
         local _, err = client.messages:create(MESSAGE)
         assert.same({ 429, 20429, 3 }, { err.status, err.code, err.retry_after })
         box:fail { status = 429, retry_after = 0, times = 2 }
         assert(client_of(box, 2).messages:create(MESSAGE))
      end)

      it("break connections and let calls time out", function()
         box:fail { reset = true, times = 1 }
         local _, err = client.messages:create(MESSAGE)
         assert.same({ "network", "unknown", true, false }, { err.kind, err.sent, err.ambiguous, err.retryable })
         box:fail { delay = 60, times = 1 }
         _, err = client.messages:create(MESSAGE)
         assert.same({ "timeout", true }, { err.kind, err.sent })
         assert.same({}, client.messages:list())
      end)

      it("slow calls down in the sandbox's own time", function()
         box:fail { delay = 5, times = 1 }
         local before = box:now()
         assert(client.messages:create(MESSAGE))
         assert.equal(5, box:now() - before)
      end)

      it("answer with whatever a broken server says", function()
         box:fail { status = 502, body = "<html>", headers = { ["Content-Type"] = "text/html" }, times = 1 }
         local _, err = client.messages:create(MESSAGE)
         assert.same({ 502, "<html>" }, { err.status, err.body })
         box:fail { match = function(request) return request.params.Body == "Hello" end, status = 400, code = 21610, message = "No", times = 1 }
         _, err = client.messages:create(MESSAGE)
         assert.same({ 21610, "No" }, { err.code, err.message })
      end)

      it("must be spelled right", function()
         local ok, why = pcall(function() box:fail { stauts = 500 } end)
         assert.is_false(ok)
         assert.matches("did you mean 'status'", why)
      end)
   end)

   describe("snapshots", function()
      it("bring back everything that exists, and what is to happen", function()
         local message = assert(client.messages:create(MESSAGE))
         local key = assert(client.new_keys:create {})
         local service = assert(client.sync.v1.services:create {})
         assert(service.documents:create { unique_name = "settings", data = { list = { 1, 2 } } })
         local text = box:dump()
         local other = sandbox.new { seed = 2 }
         assert(other:load(text))
         client = client_of(other)
         assert.equal(text, other:dump())
         assert.same({ 1, 2 }, assert(client.sync.v1.services(service.sid).documents("settings"):fetch()).data.list)
         other:advance(60)
         assert.equal("delivered", assert(client.messages(message.sid):fetch()).status)
         local with_key = twilio.client { account_sid = ACCOUNT, api_key = key.sid, api_secret = key.secret, transport = other, max_retries = 0 }
         assert.equal(1, #with_key.messages:list())
         assert.not_equal(message.sid, assert(client.messages:create(MESSAGE)).sid)
      end)

      it("aren't just any text", function()
         assert.is_nil((box:load "{}"))
         assert.is_nil((box:load "nonsense"))
      end)
   end)

   it("tell mistakes in their options", function()
      assert.has_error(function() sandbox.new { nonsense = true } end)
      assert.has_error(function() sandbox.new { account_sid = ACCOUNT } end)
      assert.has_error(function() sandbox.new { webhook = "http://127.0.0.1" } end)
   end)
end)
