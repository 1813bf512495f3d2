-- Validates a form webhook of 20 parameters from its raw body, beside OpenSSL's bare HMAC-SHA1 over
-- the same bytes with a kept key, and beside Node's parsing and twilio-node's validateRequest where
-- Node finds it (npm install twilio, or TWILIO_NODE).
--
--    make && LUA_PATH="lua/?.lua;;" LUA_CPATH="./?.so;;" lua5.4 bench/webhook/run.lua [rounds]
--
-- The three take turns, in rounds of some milliseconds; what is printed are medians, and CPU time
-- only.

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local core = require "twilio.core"
local process = require "support.process"
local results = require "support.results"
local webhook = require "twilio.webhook"

local TOKEN = "0123456789abcdef0123456789abcdef"
local URL = "https://example.com/webhooks/sms?tenant=42"
local SID = "0123456789abcdef0123456789abcdef"

-- In the order in which Twilio sends them.
local pairs_sent = {
   "ToCountry", "US", "ToState", "CA", "SmsMessageSid", "SM" .. SID, "NumMedia", "0", "ToCity",
   "SAN FRANCISCO",
   "FromZip", "94105", "SmsSid", "SM" .. SID, "FromState", "CA", "SmsStatus", "received",
   "FromCity", "OAKLAND",
   "Body", "Hello, how are you? 100%!", "FromCountry", "US", "To", "+14155552344",
   "MessagingServiceSid", "MG" .. SID,
   "ToZip", "94105", "NumSegments", "1", "MessageSid", "SM" .. SID, "AccountSid", "AC" .. SID,
   "From", "+15558675310",
   "ApiVersion", "2010-04-01",
}
local body = core.form_encode(pairs_sent)

-- The text that Twilio signs, put together in the plain way.
local function signed_text()
   local params = core.form_decode(body)
   local names = {}
   for name in pairs(params) do names[#names + 1] = name end
   table.sort(names)
   local text = URL
   for _, name in ipairs(names) do text = text .. name .. params[name] end
   return text
end

local verifier = assert(webhook.new { auth_token = TOKEN })
local signature = verifier:signature(URL, body)
local headers = {
   Host = "example.com", ["X-Twilio-Signature"] = signature,
   ["Content-Type"] = "application/x-www-form-urlencoded",
}
local request = { method = "POST", url = "/webhooks/sms?tenant=42", headers = headers, body = body }

local function nanoseconds(calls, f)
   local start = os.clock()
   for _ = 1, calls do f() end
   return (os.clock() - start) / calls * 1e9
end

local function validate() return verifier:validate(URL, body, signature) end
local function verify() return verifier:verify(request) end
assert(validate() and verify().Body == "Hello, how are you? 100%!")

local folder = process.output "mktemp -d"
process.write(folder .. "/text", signed_text())
assert(process.output(("cc -O2 bench/webhook/openssl.c -o %s/hmac -lcrypto 2>&1"):format(folder)) == "")
local bare = ("%s/hmac %s 20000 < %s/text"):format(folder, TOKEN, folder)
local digest = process.output(bare):match(" (%x+)")
assert(core.base64_encode((digest:gsub("%x%x", function(hex)
   return string.char(tonumber(hex, 16))
end))) == signature)

process.write(folder .. "/case.json", require("twilio.json").encode {
   token = TOKEN, url = URL, signature = signature, body = body })
local node = ("node bench/webhook/node.js %s/case.json 2>/dev/null"):format(folder)

local times = { bare = {}, validate = {}, verify = {}, node = {} }
for round = 1, tonumber(arg[1]) or 21 do
   table.insert(times.bare, tonumber(process.output(bare):match("^%S+")))
   table.insert(times.validate, nanoseconds(20000, validate))
   table.insert(times.verify, nanoseconds(5000, verify))
   if round <= 5 then table.insert(times.node, tonumber((process.output(node)))) end
end
os.execute("rm -r " .. folder)

local median = results.median
local floor, ours, whole = median(times.bare), median(times.validate), median(times.verify)
local theirs = times.node[1] and median(times.node)
print(
   ("%-42s %6.0f ns"):format(
      "OpenSSL, HMAC-SHA1 of " .. #signed_text() .. " bytes, key kept", floor))
print(
   ("%-42s %6.0f ns   %.2f of OpenSSL's rate"):format(
      "webhook:validate, raw body", ours, floor / ours))
print(("%-42s %6.0f ns"):format("webhook:verify, with decoded parameters", whole))
results.record {
   name = "webhook:validate, 20 parameters", value = floor / ours, at_least = 0.75,
   unit = "of OpenSSL's bare HMAC's rate",
}
if theirs then
   results.record {
      name = "webhook:verify with decoded parameters", value = theirs / whole, at_least = 8,
      unit = "times as fast as twilio-node's parse and validate",
   }
   print(
      ("%-42s %6.0f ns   %.1f times slower than validate"):format(
         "twilio-node, parse and validateRequest", theirs, theirs / ours))
else
   print("twilio-node isn't installed: not compared")
end
