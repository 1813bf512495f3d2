-- sandbox/lua/twilio/sandbox/behaviour/magic_numbers.lua.

local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

local box, client, asked

local function start(options) box, client, asked = sandbox_client.new(options) end

before_each(function() start() end)

describe("test credentials", function()
   it("can send from the test number only, and nothing comes of it", function()
      start { test_credentials = true }
      assert.equal(21606, select(2, client.messages:create { to = OTHER, from = NUMBER, body = "x" }).code)
      assert.equal(21210, select(2, client.calls:create { to = OTHER, from = NUMBER, url = "http://127.0.0.1/" }).code)
      assert(client.messages:create { to = OTHER, from = "+15005550006", body = "x", status_callback = "http://127.0.0.1/" })
      box:advance(60)
      assert.same({}, asked)
      assert.same({ 403, 20008 }, { select(2, client.messages:list()).status, select(2, client.messages:list()).code })
      assert(client.incoming_phone_numbers:create { phone_number = "+15005550006" })
      assert.equal(21421, select(2, client.incoming_phone_numbers:create { phone_number = OTHER }).code)
   end)
end)
