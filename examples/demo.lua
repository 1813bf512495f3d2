-- demo.lua: the main job, as any program would do it.
--
--   lua examples/demo.lua BASE_URL CA_FILE APPLICATION_URL
--
-- The account is in TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Against the real Twilio, leave
-- base_url and ca_file out; what comes in (from 10 on) only a sandbox can be told to do.

local twilio = require "twilio"

local base_url, ca_file, application_url = arg[1], arg[2], arg[3]

local client = twilio.client { base_url = base_url, ca_file = ca_file }

local from, to = "+14155552344", "+15558675310"

local function say(...) print(("%s"):rep(select("#", ...)):format(...)) end

say("1. Send a message")
local message = assert(client.messages:create { to = to, from = from, body = "Hello from Lua" })
say("   ", message.sid, " to ", message.to, " is ", message.status)

say("2. Fetch it")
message = assert(client.messages(message.sid):fetch())
say("   it says '", message.body, "' and was made on ", message.date_created)

say("3. Send nine more, and list all ten, four to a page")
for i = 1, 9 do
   assert(client.messages:create { to = to, from = from, body = "Message " .. i })
end
local count = 0
for each in client.messages:each { page_size = 4 } do
   count = count + 1
   if count <= 3 then say("   ", each.sid, " '", each.body, "'") end
end
say(
   "   ... ", count, " messages in all; the newest two alone: ",
   #assert(client.messages:list { limit = 2 }))

say("4. Update: clear the first message's text, when it has been delivered")
local function is_delivered(now) return now.status == "delivered" end
message = assert(message:wait_until(is_delivered, { timeout = 30, interval = 0.5 }))
message = assert(message:update { body = "" })
say("   it now says '", message.body, "'")

say("5. Delete it")
assert(message:delete())
say("   deleted; fetching it again says:")
local gone, err = client.messages(message.sid):fetch()
assert(not gone and err.status == 404)
say("   ", err)

say("6. Place a call")
local call = assert(
   client.calls:create { to = to, from = from, twiml = "<Response><Say>Hello</Say></Response>" })
say("   ", call.sid, " to ", call.to, " is ", call.status)

say("7. Verify a phone number")
local service = assert(client.verify.v2.services:create { friendly_name = "Demo" })
local verification = assert(service.verifications:create { to = to, channel = "sms" })
say("   ", verification.sid, " is ", verification.status)

say("8. What the API refuses comes back as nil and an error object")
local refused
refused, err = client.messages:create { to = "+15005550001", from = from, body = "To nobody" }
assert(not refused)
say("   status ", err.status, ", code ", err.code, ": ", err.message)

say("9. And a mistake in the program raises, at its line")
local _, mistake = pcall(function()
   client.messages:create { to = to, form = from, body = "Oops" } ---@diagnostic disable-line
end)
say("   ", mistake)

say("10. Buy a number whose webhooks go to the web application")
local number = assert(client.incoming_phone_numbers:create {
   phone_number = "+14155550100", sms_url = application_url .. "/sms",
   voice_url = application_url .. "/voice",
})
say("   ", number.phone_number, " is ", number.status)

-- Inbound messages come from the sandbox: a command of its own, beside the API.
local function receive(what, fields)
   return assert(
      client:request("POST", base_url .. "/__sandbox/receive_" .. what, { json = fields }))
end

say("11. A message comes in; the application verifies the signature and answers with TwiML")
local incoming = receive("message", { from = to, to = number.phone_number, body = "Are you open?" })
assert(#incoming.replies == 1)
say("   ", to, " wrote 'Are you open?' and got '", incoming.replies[1], "'")

say("12. A call comes in, and the caller presses 1")
for _, entry in ipairs(
   receive("call", { from = to, to = number.phone_number, digits = { "1" } }).transcript) do
   say(
      "   ", ("%2d s "):format(entry.at), entry.verb, ": ",
      entry.text or entry.digits or entry.message or "")
end

say("13. Who forges a signature is turned away")
local forger = twilio.client { base_url = application_url }
gone, err = forger:request("POST", application_url .. "/sms", {
   form = { From = to, Body = "Free money" }, headers = { ["X-Twilio-Signature"] = "Zm9yZ2Vk" },
})
assert(not gone and err.status == 403)
say("   status ", err.status)

forger:close()
client:close()
say("Done.")
