-- sandbox/lua/twilio/sandbox/behaviour/messages.lua, through the client.

local sandbox_client = require "support.sandbox_client"

local ACCOUNT, TOKEN, NUMBER, OTHER = sandbox_client.ACCOUNT, sandbox_client.TOKEN, sandbox_client.NUMBER, sandbox_client.OTHER

local box, client, asked

local function start(options) box, client, asked = sandbox_client.new(options) end

before_each(function() start() end)

local function statuses()
   local out = {}
   for i, request in ipairs(asked) do
      out[i] = request.params.MessageStatus or request.params.CallStatus
   end
   return out
end

describe("messages", function()
   it("go from queued to sent to delivered as time passes", function()
      local message = assert(client.messages:create { to = OTHER, from = NUMBER, body = "Hello" })
      assert.same({ "queued", "outbound-api", "1", "0", "USD" },
         {
            message.status, message.direction, message.num_segments, message.num_media,
            message.price_unit,
         })
      assert.is_nil(message.date_sent)
      box:advance(1)
      message = assert(client.messages(message.sid):fetch())
      assert.equal("sent", message.status)
      assert.equal("Thu, 01 Jan 2026 00:00:01 +0000", message.date_sent)
      box:advance(60)
      assert.equal("delivered", assert(client.messages(message.sid):fetch()).status)
   end)

   it("tell their status callback, signed", function()
      local message = assert(
         client.messages:create {
            to = OTHER, from = NUMBER, body = "Hello", status_callback = "http://127.0.0.1/status",
         })
      box:advance(60)
      assert.same({ "sent", "delivered" }, statuses())
      local request = asked[1]
      assert.same(
         { "POST", message.sid, ACCOUNT },
         { request.method, request.params.MessageSid, request.params.AccountSid })
      local validator = require "twilio.core.crypto".validator(TOKEN)
      assert.equal(
         1,
         validator:match(
            { "http://127.0.0.1/status" }, request.body, request.headers["X-Twilio-Signature"]))
      assert.equal(200, box:webhooks()[1].status)
   end)

   it("end undelivered where the test says so", function()
      start { outcomes = { [OTHER] = 30003 } }
      local message = assert(client.messages:create { to = OTHER, from = NUMBER, body = "Hello" })
      box:advance(60)
      message = assert(client.messages(message.sid):fetch())
      assert.same({ "undelivered", 30003 }, { message.status, message.error_code })
   end)

   it("wait until they are scheduled, and can be canceled till then", function()
      local fields = {
         to = OTHER, body = "x", messaging_service_sid = "MG" .. ("c"):rep(32),
         schedule_type = "fixed", send_at = 1767225600 + 3600,
      }
      local one, two = assert(
         client.messages:create(fields)), assert(client.messages:create(fields))
      assert.equal("scheduled", one.status)
      assert.equal("canceled", assert(one:update { status = "canceled" }).status)
      box:advance(7200)
      assert.equal("canceled", assert(client.messages(one.sid):fetch()).status)
      assert.equal("delivered", assert(client.messages(two.sid):fetch()).status)
      assert.equal(30409, select(2, client.messages(two.sid):update { status = "canceled" }).code)
   end)

   it("count their segments, and keep their media", function()
      local function segments(body)
         return client.messages:create { to = OTHER, from = NUMBER, body = body }.num_segments
      end
      assert.same(
         { "1", "2", "2", "3" },
         {
            segments(("x"):rep(160)), segments(("x"):rep(161)), segments(("\195\169"):rep(71)),
            segments(("x"):rep(307)),
         })
      local message = assert(
         client.messages:create {
            to = OTHER, from = NUMBER,
            media_url = { "http://127.0.0.1/a.jpg", "http://127.0.0.1/b.jpg" },
         })
      assert.matches("^MM", message.sid)
      assert.equal("2", message.num_media)
      local media = assert(message.media:list())
      assert.equal(2, #media)
      assert.equal(message.sid, media[1].parent_sid)
   end)

   it("refuse Twilio's magic numbers with its codes", function()
      local function code(fields)
         local all = { to = OTHER, from = NUMBER, body = "x" }
         for name, value in pairs(fields) do all[name] = value end
         return select(2, client.messages:create(all)).code
      end
      assert.same({ 21211, 21612, 21408, 21610, 21614 }, {
         code { to = "+15005550001" }, code { to = "+15005550002" }, code { to = "+15005550003" },
         code { to = "+15005550004" },
         code { to = "+15005550009" },
      })
      assert.same(
         { 21212, 21606, 21611 },
         {
            code { from = "+15005550001" }, code { from = "+15005550007" },
            code { from = "+15005550008" },
         })
      assert(client.messages:create { to = OTHER, from = "+15005550006", body = "x" })
   end)
end)
