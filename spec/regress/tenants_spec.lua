-- If a function gives the tokens, one account was looked up and another one told: signed by A's
-- token for ?AccountSid=A&bodySHA256=..., a JSON body {"AccountSid":"B"} came with account_sid =
-- "B". So did a form that names both. Only the account whose token signed is told, and two are
-- refused.

local webhook = require "twilio.webhook"

it("a tenant can't sign for another one", function()
   local tokens = { A = "token A", B = "token B" }
   local w = assert(webhook.new { auth_token = function(sid) return tokens[sid] end })
   local function verify(target, body, content_type)
      local form = content_type ~= "application/json" and body or nil
      return w:verify { method = "POST", url = target, body = body, headers = {
         Host = "example.com", ["Content-Type"] = content_type,
         ["X-Twilio-Signature"] = require "twilio.core.crypto".validator("token A"):sign("https://example.com" .. target,
            form),
      } }
   end
   local function json(body)
      local target = "/e?AccountSid=A&bodySHA256=" .. require "twilio.core.crypto".sha256_hex(body)
      return verify(target, body, "application/json")
   end
   assert.equal("A", assert(json '{"AccountSid":"A"}').account_sid)
   assert.equal("A", assert(verify("/sms", "AccountSid=A")).account_sid)
   for _, refused in ipairs {
      { json '{"AccountSid":"B"}' }, { json '{"account_sid":"B"}' },
      { verify("/sms", "AccountSid=A&AccountSid=B") },
      { verify("/sms?AccountSid=A", "AccountSid=B") },
      { verify("/sms", "AccountSid=A&account_sid=B") },
   } do
      assert.is_nil(refused[1])
      assert.equal(403, refused[2].status)
      assert.equal("account", refused[2].reason)
   end
end)
