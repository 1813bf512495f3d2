-- sandbox/lua/twilio/sandbox/behaviour/registry.lua and behaviour/: messages, calls, verifications, numbers,
-- accounts and keys, through the client.

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"

local ACCOUNT, TOKEN = "AC" .. ("a"):rep(32), ("b"):rep(32)
local NUMBER, OTHER = "+14155552344", "+15558675310"

describe("sandbox behaviour:", function()
   local box, client, hooks

   local function start(options)
      hooks = {}
      local all = { seed = 1, webhook = function(request)
         hooks[#hooks + 1] = request
         return "<Response/>"
      end }
      for name, value in pairs(options or {}) do all[name] = value end
      box = sandbox.new(all)
      client = twilio.client { account_sid = ACCOUNT, auth_token = TOKEN, transport = box, max_retries = 0 }
   end

   before_each(function() start() end)

   local function statuses()
      local out = {}
      for i, hook in ipairs(hooks) do out[i] = hook.params.MessageStatus or hook.params.CallStatus end
      return out
   end

   describe("messages", function()
      it("go from queued to sent to delivered as time passes", function()
         local message = assert(client.messages:create { to = OTHER, from = NUMBER, body = "Hello" })
         assert.same({ "queued", "outbound-api", "1", "0", "USD" },
            { message.status, message.direction, message.num_segments, message.num_media, message.price_unit })
         assert.is_nil(message.date_sent)
         box:advance(1)
         message = assert(client.messages(message.sid):fetch())
         assert.equal("sent", message.status)
         assert.equal("Thu, 01 Jan 2026 00:00:01 +0000", message.date_sent)
         box:advance(60)
         assert.equal("delivered", assert(client.messages(message.sid):fetch()).status)
      end)

      it("tell their status callback, signed", function()
         local message = assert(client.messages:create { to = OTHER, from = NUMBER, body = "Hello", status_callback = "http://127.0.0.1/status" })
         box:advance(60)
         assert.same({ "sent", "delivered" }, statuses())
         local hook = hooks[1]
         assert.same({ "POST", message.sid, ACCOUNT }, { hook.method, hook.params.MessageSid, hook.params.AccountSid })
         local validator = require "twilio.core.crypto".validator(TOKEN)
         assert.equal(1, validator:match({ "http://127.0.0.1/status" }, hook.body, hook.headers["X-Twilio-Signature"]))
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
         local fields = { to = OTHER, body = "x", messaging_service_sid = "MG" .. ("c"):rep(32), schedule_type = "fixed", send_at = 1767225600 + 3600 }
         local one, two = assert(client.messages:create(fields)), assert(client.messages:create(fields))
         assert.equal("scheduled", one.status)
         assert.equal("canceled", assert(one:update { status = "canceled" }).status)
         box:advance(7200)
         assert.equal("canceled", assert(client.messages(one.sid):fetch()).status)
         assert.equal("delivered", assert(client.messages(two.sid):fetch()).status)
         assert.equal(30409, select(2, client.messages(two.sid):update { status = "canceled" }).code)
      end)

      it("count their segments, and keep their media", function()
         local function segments(body) return client.messages:create { to = OTHER, from = NUMBER, body = body }.num_segments end
         assert.same({ "1", "2", "2", "3" }, { segments(("x"):rep(160)), segments(("x"):rep(161)), segments(("\195\169"):rep(71)), segments(("x"):rep(307)) })
         local message = assert(client.messages:create { to = OTHER, from = NUMBER, media_url = { "http://127.0.0.1/a.jpg", "http://127.0.0.1/b.jpg" } })
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
            code { to = "+15005550001" }, code { to = "+15005550002" }, code { to = "+15005550003" }, code { to = "+15005550004" },
            code { to = "+15005550009" },
         })
         assert.same({ 21212, 21606, 21611 }, { code { from = "+15005550001" }, code { from = "+15005550007" }, code { from = "+15005550008" } })
         assert(client.messages:create { to = OTHER, from = "+15005550006", body = "x" })
      end)
   end)

   describe("test credentials", function()
      it("can send from the test number only, and nothing comes of it", function()
         start { test_credentials = true }
         assert.equal(21606, select(2, client.messages:create { to = OTHER, from = NUMBER, body = "x" }).code)
         assert.equal(21210, select(2, client.calls:create { to = OTHER, from = NUMBER, url = "http://127.0.0.1/" }).code)
         assert(client.messages:create { to = OTHER, from = "+15005550006", body = "x", status_callback = "http://127.0.0.1/" })
         box:advance(60)
         assert.same({}, hooks)
         assert.same({ 403, 20008 }, { select(2, client.messages:list()).status, select(2, client.messages:list()).code })
         assert(client.incoming_phone_numbers:create { phone_number = "+15005550006" })
         assert.equal(21421, select(2, client.incoming_phone_numbers:create { phone_number = OTHER }).code)
      end)
   end)

   describe("calls", function()
      local say = "<Response><Say>Hello</Say><Pause length='9'/></Response>"

      it("ring, are answered, follow their TwiML and end", function()
         local call = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say })
         local function status() return assert(client.calls(call.sid):fetch()).status end
         assert.equal("queued", call.status)
         box:advance(1)
         assert.equal("ringing", status())
         box:advance(2)
         assert.equal("in-progress", status())
         assert.same({ "Hello" }, { box:transcript(call.sid)[1].text })
         box:advance(60)
         call = assert(client.calls(call.sid):fetch())
         assert.same({ "completed", "10" }, { call.status, call.duration })
         assert.equal("Thu, 01 Jan 2026 00:00:13 +0000", call.end_time)
      end)

      it("ask their URL for TwiML, with the call's parameters", function()
         local call = assert(client.calls:create { to = OTHER, from = NUMBER, url = "http://127.0.0.1/voice", method = "GET" })
         box:advance(60)
         assert.equal(1, #hooks)
         assert.equal("GET", hooks[1].method)
         assert.same({ call.sid, "in-progress", "outbound-api" }, { hooks[1].params.CallSid, hooks[1].params.CallStatus, hooks[1].params.Direction })
         assert.matches("^http://127.0.0.1/voice%?AccountSid=", hooks[1].url)
      end)

      it("tell the events that were asked for", function()
         assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say, status_callback = "http://127.0.0.1/status",
            status_callback_event = { "initiated", "ringing", "answered", "completed" } })
         box:advance(60)
         assert.same({ "queued", "ringing", "in-progress", "completed" }, statuses())
         assert.equal("10", tostring(hooks[4].params.CallDuration))
         hooks = {}
         assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say, status_callback = "http://127.0.0.1/status" })
         box:advance(60)
         assert.same({ "completed" }, statuses())
      end)

      it("aren't answered where the test says so", function()
         start { outcomes = { [OTHER] = "busy" } }
         local call = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say })
         box:advance(60)
         assert.equal("busy", assert(client.calls(call.sid):fetch()).status)
         assert.is_nil(box:transcript(call.sid))
      end)

      it("are ended, canceled and redirected", function()
         local one = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say })
         assert.equal("canceled", assert(one:update { status = "canceled" }).status)
         local two = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = say })
         box:advance(4)
         assert(two:update { twiml = "<Response><Say>Changed</Say><Pause length='99'/></Response>" })
         assert.equal("Changed", box:transcript(two.sid)[1].text)
         box:advance(50) -- the first document would be over
         assert.equal("in-progress", assert(client.calls(two.sid):fetch()).status)
         assert.equal("completed", assert(two:update { status = "completed" }).status)
         assert.equal(21220, select(2, two:update { status = "completed" }).code)
      end)

      it("refuse magic numbers", function()
         local function code(to) return select(2, client.calls:create { to = to, from = NUMBER, twiml = say }).code end
         assert.same({ 21217, 21214, 21215, 21216 }, { code "+15005550001", code "+15005550002", code "+15005550003", code "+15005550004" })
      end)
   end)

   describe("verifications", function()
      local service

      before_each(function() service = assert(client.verify.v2.services:create { friendly_name = "Shop" }) end)

      it("are approved by the right code, once", function()
         local verification = assert(service.verifications:create { to = OTHER, channel = "sms" })
         assert.same({ "pending", false, "sms" }, { verification.status, verification.valid, verification.channel })
         local check = assert(service.verification_checks:create { to = OTHER, code = "000000" })
         assert.same({ "pending", false }, { check.status, check.valid })
         check = assert(service.verification_checks:create { to = OTHER, code = "123456" })
         assert.same({ "approved", true, verification.sid }, { check.status, check.valid, check.sid })
         assert.equal("approved", assert(service.verifications(OTHER):fetch()).status)
         assert.equal(404, select(2, service.verification_checks:create { to = OTHER, code = "123456" }).status)
      end)

      it("expire, and end after too many wrong codes", function()
         assert(service.verifications:create { to = OTHER, channel = "sms" })
         for _ = 1, 5 do assert(service.verification_checks:create { to = OTHER, code = "1" }) end
         local err = select(2, service.verification_checks:create { to = OTHER, code = "123456" })
         assert.same({ 429, 60202 }, { err.status, err.code })
         assert(service.verifications:create { to = NUMBER, channel = "sms" })
         box:advance(601)
         assert.equal(404, select(2, service.verification_checks:create { to = NUMBER, code = "123456" }).status)
      end)

      it("are canceled", function()
         local verification = assert(service.verifications:create { to = OTHER, channel = "sms" })
         assert.equal("canceled", assert(service.verifications(verification.sid):update { status = "canceled" }).status)
         assert.equal(404, select(2, service.verification_checks:create { to = OTHER, code = "123456" }).status)
      end)
   end)

   describe("numbers", function()
      it("are offered, bought and taken", function()
         local offer = assert(client.available_phone_numbers("US").local_:list { area_code = 415, limit = 5 })
         assert.equal(5, #offer)
         assert.matches("^%+1415", offer[1].phone_number)
         assert.is_true(offer[1].capabilities.sms)
         local bought = assert(client.incoming_phone_numbers:create { phone_number = offer[1].phone_number, sms_url = "http://127.0.0.1/" })
         assert.equal(offer[1].phone_number, bought.phone_number)
         assert.equal(21422, select(2, client.incoming_phone_numbers:create { phone_number = offer[1].phone_number }).code)
         assert.equal(1, #client.incoming_phone_numbers.local_:list())
         assert.matches("^%+1510", assert(client.incoming_phone_numbers:create { area_code = "510" }).phone_number)
      end)

      it("refuse magic ones", function()
         assert.equal(21422, select(2, client.incoming_phone_numbers:create { phone_number = "+15005550000" }).code)
         assert.equal(21421, select(2, client.incoming_phone_numbers:create { phone_number = "+15005550001" }).code)
         assert.equal(21452, select(2, client.incoming_phone_numbers:create { area_code = "533" }).code)
      end)
   end)

   describe("accounts and keys", function()
      local strict

      before_each(function()
         start { account_sid = ACCOUNT, auth_token = TOKEN }
         strict = function(options)
            options.transport, options.max_retries = box, 0
            return twilio.client(options)
         end
      end)

      it("let subaccounts in with their own token, until they are closed", function()
         local sub = assert(client.api.v2010.accounts:create { friendly_name = "Sub" })
         assert.equal(ACCOUNT, sub.owner_account_sid)
         local own = strict { account_sid = sub.sid, auth_token = sub.auth_token }
         assert(own.messages:create { to = OTHER, from = NUMBER, body = "x" })
         assert.same({}, client.messages:list())
         assert.equal(1, #client.api.v2010.accounts(sub.sid).messages:list())
         assert.equal(404, select(2, own.api.v2010.accounts(ACCOUNT).messages:list()).status)
         assert.equal(400, select(2, client.api.v2010.accounts(sub.sid):update { status = "gone" }).status)
         assert.equal(400, select(2, client.api.v2010.accounts(ACCOUNT):update { status = "closed" }).status)
         assert(client.api.v2010.accounts(sub.sid):update { status = "closed" })
         assert.same({ 401, 20005 }, { select(2, own.messages:list()).status, select(2, own.messages:list()).code })
      end)

      it("let API keys in with their secret, until they are revoked", function()
         local key = assert(client.new_keys:create { friendly_name = "Key" })
         assert.matches("^SK", key.sid)
         local with_key = strict { account_sid = ACCOUNT, api_key = key.sid, api_secret = key.secret }
         assert(with_key.messages:list())
         assert.equal(401, select(2, strict { account_sid = ACCOUNT, api_key = key.sid, api_secret = "wrong" }.messages:list()).status)
         assert.is_nil(assert(client.keys(key.sid):fetch()).secret)
         assert(client.keys(key.sid):delete())
         assert.equal(401, select(2, with_key.messages:list()).status)
      end)

      it("let a second token in, which can take the first one's place", function()
         local second = assert(client.accounts.v1.secondary_auth_token():create()).secondary_auth_token
         local with_second = strict { account_sid = ACCOUNT, auth_token = second }
         assert(with_second.messages:list())
         assert(client.messages:list())
         assert(client.accounts.v1.auth_token_promotion():update())
         assert(with_second.messages:list())
         assert.equal(401, select(2, client.messages:list()).status)
         assert.equal(second, assert(with_second.api.v2010.accounts(ACCOUNT):fetch()).auth_token)
      end)

      it("keep what is a subaccount's apart", function()
         local sub = assert(client.api.v2010.accounts:create {})
         local own = strict { account_sid = sub.sid, auth_token = sub.auth_token }
         local service = assert(own.verify.v2.services:create { friendly_name = "Theirs" })
         assert.equal("https://verify.twilio.com/v2/Services/" .. service.sid, service.url)
         assert(own.verify.v2.services(service.sid).verifications:create { to = OTHER, channel = "sms" })
         assert.same({}, client.verify.v2.services:list())
         assert.equal(404, select(2, client.verify.v2.services(service.sid):fetch()).status)
      end)

      it("let OAuth tokens in", function()
         local token = assert(client.oauth.v2.token:create { grant_type = "client_credentials", client_id = "x", client_secret = "y" })
         local function list(header)
            return box:send { method = "GET", url = "https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT .. "/Messages.json",
               headers = { Authorization = header } }.status
         end
         assert.same({ 200, 401 }, { list("Bearer " .. token.access_token), list "Bearer nonsense" })
      end)
   end)
end)
