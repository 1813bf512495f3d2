-- sandbox/lua/twilio/sandbox/test/faults.lua: requests that fail as a test says.

local sandbox_client = require "support.sandbox_client"

local MESSAGE = { to = sandbox_client.OTHER, from = sandbox_client.NUMBER, body = "Hello" }

local box, client

before_each(function() box, client = sandbox_client.new() end)

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
      assert(sandbox_client.of(box, { max_retries = 2 }).messages:create(MESSAGE))
   end)

   it("break connections and let calls time out", function()
      box:fail { reset = true, times = 1 }
      local _, err = client.messages:create(MESSAGE)
      assert.same(
         { "network", "unknown", true, false }, {
            err.kind, err.sent, err.ambiguous, err.retryable,
         })
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
      box:fail {
         status = 502, body = "<html>", headers = { ["Content-Type"] = "text/html" }, times = 1,
      }
      local _, err = client.messages:create(MESSAGE)
      assert.same({ 502, "<html>" }, { err.status, err.body })
      box:fail { match = function(request)
         return request.params.Body == "Hello"
      end, status = 400, code = 21610, message = "No", times = 1 }
      _, err = client.messages:create(MESSAGE)
      assert.same({ 21610, "No" }, { err.code, err.message })
   end)

   it("must be spelled right", function()
      local ok, why = pcall(function() box:fail { stauts = 500 } end)
      assert.is_false(ok)
      assert.matches("did you mean 'status'", why)
   end)
end)
