-- sandbox/lua/twilio/sandbox/behaviour/magic_numbers.lua.

local magic_numbers = require "twilio.sandbox.behaviour.magic_numbers"
local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

local box, client, asked

local function start(options) box, client, asked = sandbox_client.new(options) end

before_each(function() start() end)

describe("magic numbers", function()
   local function code(kind, parameter, digits)
      local err = magic_numbers.refused(kind, parameter, "+1500555" .. digits)
      return err and err.code
   end

   it("have Twilio's codes, by what they are given as", function()
      assert.same({ 21211, 21212, 21217, 21421, 21422 }, {
         code("message", "to", "0001"), code("message", "from", "0001"), code("call", "to", "0001"),
         code("number", "phone_number", "0001"),
         code("number", "phone_number", "0000"),
      })
      assert.equal(
         "The number +15005550004 has unsubscribed",
         magic_numbers.refused("message", "to", "+15005550004").message)
   end)

   it("are no others", function()
      assert.is_nil(code("message", "to", "0006"))
      assert.is_nil(magic_numbers.refused("message", "to", "+15558675310"))
      assert.is_nil(magic_numbers.refused("message", "to", nil))
      assert.is_nil(magic_numbers.refused("message", "to", { "+15005550001" }))
   end)

   it("have the outcome that the test says", function()
      start { outcomes = { [OTHER] = "busy" } }
      assert.same(
         { "busy" }, { magic_numbers.outcome(box, OTHER), magic_numbers.outcome(box, NUMBER) })
   end)
end)

describe("test credentials", function()
   it("can send from the test number only, and nothing comes of it", function()
      start { test_credentials = true }
      assert.equal(
         21606, select(2, client.messages:create { to = OTHER, from = NUMBER, body = "x" }).code)
      assert.equal(
         21210,
         select(
            2, client.calls:create { to = OTHER, from = NUMBER, url = "http://127.0.0.1/" }).code)
      assert(
         client.messages:create {
            to = OTHER, from = "+15005550006", body = "x", status_callback = "http://127.0.0.1/",
         })
      box:advance(60)
      assert.same({}, asked)
      assert.same(
         { 403, 20008 },
         { select(2, client.messages:list()).status, select(2, client.messages:list()).code })
      assert(client.incoming_phone_numbers:create { phone_number = "+15005550006" })
      assert.equal(
         21421, select(2, client.incoming_phone_numbers:create { phone_number = OTHER }).code)
   end)
end)
