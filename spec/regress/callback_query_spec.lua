-- A status callback at /status?appointment=17 is a POST with a form: its query was in nothing that
-- verify gave, and had to be parsed by hand from the URL. It is beside the parameters, which remain
-- the body's: as params.query, and in the third result, where no parameter's name can hide it.

local sandbox = require "twilio.sandbox"
local twilio = require "twilio"
local webhook = require "twilio.webhook"

describe("the query of a callback", function()
   local w = assert(webhook.new { auth_token = "12345" })
   local function verify(target, body, method)
      return w:verify { method = method or "POST", url = target, body = body, headers = { Host = "example.com",
         ["X-Twilio-Signature"] = w:signature("https://example.com" .. target, body) } }
   end

   it("is beside the parameters", function()
      for _ = 1, 3 do -- by the rules first, then by the plan
         local params, err, request = verify("/status?appointment=17&tag=a+b&tag=%26", "MessageStatus=sent")
         assert.same({ MessageStatus = "sent" }, params)
         assert.is_nil(err)
         assert.same({ appointment = "17", tag = { "a b", "&" } }, params.query)
         assert.equal(params.query, request.query)
         assert.is_nil(rawget(params, "query"))
         assert.same({}, assert(verify("/status", "MessageStatus=sent")).query)
      end
   end)

   it("can't be hidden by a parameter in the third result", function()
      for _ = 1, 2 do
         local params, _, request = verify("/status?appointment=17", "query=x&url=y&account_sid=z&AccountSid=AC1&raw_body=r")
         assert.equal("x", params.query)
         assert.same({ appointment = "17" }, request.query)
         assert.equal("https://example.com/status?appointment=17", request.url)
         assert.equal("AC1", request.account_sid)
         assert.matches("^query=x&", request.raw_body)
      end
   end)

   it("is the parameters where there is no body", function()
      local params, _, request = verify("/status?appointment=17", "", "GET")
      assert.same({ appointment = "17" }, params)
      assert.same({ appointment = "17" }, request.query)
   end)

   it("is that of the URL that was signed, for JSON and for tenants too", function()
      local json = '{"query":{"appointment":18}}'
      local target = "/e?appointment=17&bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json)
      local tenants = assert(webhook.new { auth_token = function() return "12345" end })
      for _, one in ipairs { w, tenants } do
         local params, _, request = one:verify { method = "POST", url = target, body = json, headers = { Host = "example.com",
            ["Content-Type"] = "application/json", ["X-Twilio-Signature"] = w:signature("https://example.com" .. target, json) } }
         assert.equal(18, params.query.appointment)
         assert.equal("17", request.query.appointment)
      end
   end)

   it("is in the requests that the sandbox makes", function()
      local seen = {}
      local box = sandbox.new { webhook = function(request)
         seen[#seen + 1] = request
         return "<Response/>"
      end }
      local sid = "AC" .. ("0"):rep(32)
      local client = twilio.client { account_sid = sid, auth_token = "secret", transport = box }
      client.incoming_phone_numbers:create { phone_number = "+14155550100", sms_url = "https://example.com/sms?tenant=4%202" }
      box:receive_message { from = "+15558675310", to = "+14155550100", body = "Hello" }
      assert.same({ tenant = "4 2" }, seen[1].query)
      assert.equal("Hello", seen[1].params.Body)
      local own = assert(webhook.new { auth_token = "secret" })
      assert.same({ tenant = "4 2" }, assert(own:verify(seen[1])).query)
   end)
end)
