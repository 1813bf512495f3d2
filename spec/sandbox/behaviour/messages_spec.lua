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

-- A messaging service with as many numbers of the account's.
local function a_service(...)
   local service = assert(client.messaging.v1.services:create { friendly_name = "Shop" })
   for _, number in ipairs(... and { ... } or { NUMBER }) do
      local own = assert(client.incoming_phone_numbers:create { phone_number = number })
      assert(service.phone_numbers:create { phone_number_sid = own.sid })
   end
   return service
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
         to = OTHER, body = "x", messaging_service_sid = a_service().sid,
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
            segments(("x"):rep(160)), segments(("x"):rep(161)), segments(("\208\150"):rep(71)),
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

   local function code(fields)
      local all = { to = OTHER, from = NUMBER, body = "x" }
      for name, value in pairs(fields) do all[name] = value ~= false and value or nil end
      local message, err = client.messages:create(all)
      return err and err.code, message
   end

   it("refuse addresses that are none, and a number's messages to itself", function()
      for _, to in ipairs { "garbage", "+0123456789", "+1555", "+15558675310999999", "12345" } do
         assert.equal(21211, code { to = to }, to)
      end
      for _, from in ipairs { "###", "+0123456789", "A name too long" } do
         assert.equal(21212, code { from = from }, from)
      end
      assert.equal(21266, code { to = NUMBER })
      assert.equal(21266, code { to = "(415) 555-2344" })
   end)

   it("take what Twilio takes as an address, and write numbers as E.164 has them", function()
      for given, written in pairs {
         ["(555) 867-5310"] = OTHER, ["1 555 867 5310"] = OTHER, ["+1-555-867-5310"] = OTHER,
         ["+442071838750"] = "+442071838750", ["whatsapp:" .. OTHER] = "whatsapp:" .. OTHER,
      } do
         local err, message = code { to = given }
         assert.is_nil(err)
         assert.equal(written, message.to)
      end
      for _, from in ipairs { "Acme Inc", "12345", "whatsapp:+14155238886" } do
         assert.is_nil(code { from = from })
      end
   end)

   it("come from the account's own numbers only, once it has one", function()
      assert.is_nil(code {})
      assert(client.incoming_phone_numbers:create { phone_number = "+14155550100" })
      assert.equal(21659, code {})
      assert.equal(21659, code { from = "12345" })
      assert.is_nil(code { from = "+14155550100" })
      assert.is_nil(code { from = "+15005550006" })
      assert.is_nil(code { from = "Acme" })
      local short = "https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT .. "/SMS/ShortCodes/SC"
         .. ("c"):rep(32) .. ".json"
      box:add(short, { short_code = "12345" })
      assert.is_nil(code { from = "12345" })
      start { own_numbers = true }
      assert.equal(21659, code {})
      assert(client.incoming_phone_numbers:create { phone_number = NUMBER })
      assert.is_nil(code {})
   end)

   it("refuse a number that can't send them", function()
      box:add("https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT
         .. "/IncomingPhoneNumbers/PN" .. ("c"):rep(32) .. ".json",
         { phone_number = NUMBER, capabilities = { voice = true, sms = false } })
      assert.equal(21606, code {})
   end)

   it("have a body of at most 1,600 characters, or at most ten media", function()
      assert.is_nil(code { body = ("\208\150"):rep(1600) })
      assert.equal(21617, code { body = ("x"):rep(1601) })
      local media = {}
      for i = 1, 11 do media[i] = "http://127.0.0.1/" .. i .. ".jpg" end
      assert.equal(21623, code { media_url = media })
      media[11] = nil
      assert.is_nil(code { media_url = media, body = false })
      assert.equal(21619, code { body = "" })
      local _, err = client.messages:create { to = OTHER, from = NUMBER, Body = "" }
      assert.equal(21619, err.code)
   end)

   it("are scheduled from 15 minutes to 35 days ahead, by a messaging service", function()
      local service = a_service()
      local function at(seconds)
         return code {
            from = false, messaging_service_sid = service.sid, schedule_type = "fixed",
            send_at = box:now() + seconds,
         }
      end
      assert.same({ 35114, 35114 }, { at(60), at(100 * 86400) })
      assert.same({ 35114, 35114 }, { at(899), at(35 * 86400 + 1) })
      assert.is_nil(at(900))
      assert.is_nil(at(35 * 86400))
      assert.equal(35118, code { schedule_type = "fixed", send_at = box:now() + 3600 })
   end)

   it("can neither be redacted nor deleted before they have been sent", function()
      local message = assert(client.messages:create { to = OTHER, from = NUMBER, body = "x" })
      local function answers()
         local _, a = message:update { body = "" }
         local _, b = message:delete()
         return { a and a.code, a and a.status, b and b.code, b and b.status }
      end
      assert.same({ 20009, 409, 20009, 409 }, answers())
      box:advance(60)
      assert.same({}, answers())
   end)

   describe("of a messaging service", function()
      it("need one that is there, and that has a sender", function()
         assert.equal(21701, code { from = false, messaging_service_sid = "MG" .. ("c"):rep(32) })
         local service = assert(client.messaging.v1.services:create { friendly_name = "Shop" })
         assert.equal(21703, code { from = false, messaging_service_sid = service.sid })
      end)

      it("come from one of its numbers, for a recipient always the same", function()
         local pool = { [NUMBER] = 0, ["+14155550100"] = 0, ["+14155550101"] = 0 }
         local service = a_service(NUMBER, "+14155550100", "+14155550101")
         local of = {}
         for round = 1, 2 do
            for i = 1, 20 do
               local to = ("+155586753%02d"):format(i)
               local _, message = code {
                  from = false, to = to, messaging_service_sid = service.sid,
               }
               assert.equal("accepted", message.status)
               assert.is_nil(message.from)
               box:advance(60)
               local from = assert(client.messages(message.sid):fetch()).from
               pool[from] = pool[from] + 1
               if round == 2 then assert.equal(of[to], from) end
               of[to] = from
            end
         end
         for number, times in pairs(pool) do assert.is_true(times > 0, number) end
      end)

      it("tell the service's status callback, where they have none", function()
         local service = a_service()
         assert(service:update { status_callback = "http://127.0.0.1/service" })
         assert.is_nil(code { from = false, messaging_service_sid = service.sid })
         box:advance(60)
         assert.same({ "sent", "delivered" }, statuses())
         assert.equal("http://127.0.0.1/service", asked[1].url)
      end)

      it("fail when its senders are gone by the time they are sent", function()
         local service = a_service()
         local _, message = code {
            from = false, messaging_service_sid = service.sid, schedule_type = "fixed",
            send_at = box:now() + 3600,
         }
         assert(service.phone_numbers(service.phone_numbers:list()[1].sid):delete())
         box:advance(7200)
         message = assert(client.messages(message.sid):fetch())
         assert.same({ "failed", 21703 }, { message.status, message.error_code })
      end)
   end)

   describe("with a content template", function()
      it("have its text and media, with the variables in it", function()
         local content = assert(client.content.v1.contents:create {
            language = "en", variables = { ["1"] = "you", ["2"] = "bye" },
            types = { ["twilio/media"] = {
               body = "Hello {{1}}, {{2}}!", media = { "http://127.0.0.1/a.jpg" },
            } },
         })
         local err, message = code {
            body = false, content_sid = content.sid, content_variables = { ["1"] = "me" },
         }
         assert.is_nil(err)
         assert.same({ "Hello me, bye!", "1" }, { message.body, message.num_media })
         assert.equal(21656, code {
            body = false, content_sid = content.sid, ContentVariables = "[1]",
         })
      end)

      it("need one that is there", function()
         assert.equal(21655, code { body = false, content_sid = "HX" .. ("c"):rep(32) })
      end)
   end)
end)
