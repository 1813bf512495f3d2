-- plain_request_spec.lua: a request that looks like the one before it is verified in one step, and
-- with the same result as by the rules; any other takes the way through the rules.

local webhook = require "twilio.webhook"

local FORM = "AccountSid=AC1&Body=Hi&From=%2B1&Media=a&Media=b"

-- A validator that counts how often `verify` has done it all.
local function counted(w)
   local real, count = w.plan.validator, { n = 0 }
   w.plan.validator = { verify = function(_, request, plan)
      local params, none, beside = real:verify(request, plan)
      if params then count.n = count.n + 1 end
      return params, none, beside
   end }
   return count
end

local function request(w, changes, headers)
   local r = { method = "POST", url = "/sms?tenant=42", body = FORM, headers = { Host = "example.com", Accept = "*/*",
      ["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8", ["User-Agent"] = "TwilioProxy/1.1" } }
   for name, value in pairs(changes or {}) do r[name] = value end
   for name, value in pairs(headers or {}) do r.headers[name] = value or nil end
   if r.headers["X-Twilio-Signature"] == nil then
      r.headers["X-Twilio-Signature"] = w:signature("https://example.com" .. r.url, r.body)
   end
   return r
end

local function planned(options)
   options = options or {}
   options.auth_token = options.auth_token or "12345"
   local w = assert(webhook.new(options))
   assert(w:verify(request(w)))
   return w, counted(w)
end

-- The facts in a result, without the way to it.
local function facts(params, err, beside)
   if not params then return { status = err.status, reason = err.reason, message = err.message } end
   return { params = params, query = beside.query, url = beside.url, raw_body = beside.raw_body, account_sid = beside.account_sid,
      idempotency_token = beside.idempotency_token, by_name = { params.url, params.raw_body, params.account_sid, params.query.tenant } }
end

local function by_rules(options, r)
   options.auth_token = options.auth_token or "12345"
   return facts(assert(webhook.new(options)):verify(r))
end

describe("a plain request", function()
   it("is one from the second on", function()
      local w, count = planned()
      for i = 1, 3 do
         local r = request(w)
         assert.same(by_rules({}, r), facts(w:verify(r)))
         assert.equal(i, count.n)
      end
   end)

   it("may have another target, body, token and spelling of headers", function()
      local w, count = planned()
      for i, r in ipairs {
         request(w, { url = "/other?AccountSid=AC2&x=%23" }), request(w, { body = "Body=" .. ("x"):rep(100000) }), request(w, { url = "/" }),
         request(w, { body = "From=x", url = "/sms?AccountSid=AC9" }), request(w, { method = "PUT" }),
         request(w, {}, { ["I-Twilio-Idempotency-Token"] = "once" }), request(w, {}, { Host = false, hOST = "example.com" }),
         request(w, {}, { ["Content-Type"] = false }), request(w, {}, { ["Content-Type"] = "" }),
         request(w, {}, { [7] = "x", Cookie = { "a", "b" }, ["X-Forwarded-Host"] = "a b", ["X-Forwarded-Proto"] = 7 }),
      } do
         assert.same(by_rules({}, r), facts(w:verify(r)))
         assert.equal(i, count.n)
      end
   end)

   it("isn't one that differs in anything else", function()
      local w, count = planned()
      local form_signature = w:signature("https://example.com/sms?tenant=42", FORM)
      local signed = require("twilio.core.crypto").validator "12345"
      local json = '{"a":1}'
      local hashed = "/e?bodySHA256=" .. require("twilio.core.crypto").sha256_hex(json)
      for _, r in ipairs {
         request(w, { body = "" }), request(w, { body = false }, { ["X-Twilio-Signature"] = form_signature }),
         request(w, { url = "https://example.com/sms?tenant=42" }, { ["X-Twilio-Signature"] = form_signature }), request(w, { url = "/sms#x" }),
         request(w, { url = "/s ms" }), request(w, { url = "/sms\127" }), request(w, { url = "/sms\n" }), request(w, { url = "" }),
         request(w, { url = "/" .. ("x"):rep(65536) }), request(w, { scheme = "http" }), request(w, { body = ("x"):rep(2 ^ 20 + 1) }),
         request(w, {}, { Host = "example.org" }), request(w, {}, { Host = false }), request(w, {}, { Host = "example.com:443" }),
         request(w, {}, { Host = { "example.com" } }), request(w, {}, { HOST = "example.com" }), request(w, {}, { HOST = "example.org" }),
         request(w, {}, { [":authority"] = "example.com" }),
         request(w, {}, { Upgrade = "websocket" }), request(w, {}, { ["Content-Type"] = "text/plain" }),
         request(w, { url = hashed, body = json },
            { ["Content-Type"] = "application/json", ["X-Twilio-Signature"] = signed:sign("https://example.com" .. hashed) }),
         request(w, { url = hashed, body = "&" }, { ["X-Twilio-Signature"] = signed:sign("https://example.com" .. hashed) }),
         request(w, { body = "&&" }), request(w, { body = ("a=1&"):rep(10001) }, { ["X-Twilio-Signature"] = "x" }),
         request(w, {}, { ["Content-Type"] = { "text/plain", "x" } }), request(w, {}, { ["X-Twilio-Signature"] = { "x" } }),
         request(w, {}, { ["X-Twilio-Signature"] = 7 }), request(w, {}, { ["X-Twilio-Signature"] = "forged" }), request(w, {}, { ["X-Twilio-Signature"] = "" }),
         request(w, {}, { ["I-Twilio-Idempotency-Token"] = 7 }), request(w, {}, { ["I-Twilio-Idempotency-Token"] = ("x"):rep(8193) }),
         request(w, {}, { ["X-Twilio-Webhooks-Signature-Settings"] = "key=K1,algorithm=HMAC_SHA1" }),
         request(w, {}, { ["X-Twilio-Webhooks-Signature-Settings"] = "" }),
      } do
         if r.body == false then r.body = nil end
         assert.same(by_rules({}, r), facts(w:verify(r)))
         assert.equal(0, count.n)
      end
      for _, odd in ipairs { 7, "x", true } do
         for _, name in ipairs { "url", "headers", "body", "scheme" } do
            local r = request(w)
            if type(odd) ~= "string" or name == "headers" then
               r[name] = odd
               local ok, message = pcall(function() w:verify(r) end)
               assert.is_false(ok)
               assert.matches("plain_request_spec.lua:%d+: " .. name, message)
            end
         end
      end
      assert.is_false(pcall(w.verify, w, nil))
      assert.is_false(pcall(w.verify, w, "x"))
      assert.is_table(w:verify(request(w)))
   end)

   it("is known behind proxies, over HTTP/2 and under a SharedKey too", function()
      local arrangements = {
         { { trust_proxy = true }, { scheme = "http" }, { Host = "10.0.0.1", ["X-Forwarded-Proto"] = "https", ["X-Forwarded-Host"] = "example.com, a" } },
         { { trust_proxy = true }, {}, { Forwarded = 'host="example.com";proto=https' } },
         { { public_url = "https://example.com" }, { scheme = "http" }, { Host = "10.0.0.1:8080" } },
         { {}, {}, { Host = false, [":authority"] = "example.com" } },
         { { shared_keys = { K1 = "secret" } }, {}, { ["X-Twilio-Webhooks-Signature-Settings"] = "key=K1,algorithm=HMAC_SHA256" } },
      }
      for _, case in ipairs(arrangements) do
         local options, changes, headers = case[1], case[2], case[3]
         options.auth_token = "12345"
         local w = assert(webhook.new(options))
         local function made(more)
            local all = {}
            for name, value in pairs(headers) do all[name] = value end
            for name, value in pairs(more or {}) do all[name] = value end
            local settings = all["X-Twilio-Webhooks-Signature-Settings"] or nil
            if all["X-Twilio-Signature"] == nil then
               all["X-Twilio-Signature"] = w:signature("https://example.com/sms?tenant=42", FORM, settings)
            end
            return request(w, changes, all)
         end
         local expected = by_rules(options, made())
         assert.is_table(expected.params)
         assert.same(expected, facts(w:verify(made())))
         local count = counted(w)
         assert.same(expected, facts(w:verify(made())))
         assert.equal(1, count.n)
         -- Each of these headers taken away, or changed to what could be another's.
         for name in pairs(headers) do
            local signature = made().headers["X-Twilio-Signature"]
            for _, value in ipairs { false, "example.org", "", "key=K1,algorithm=HMAC_SHA1" } do
               if value ~= headers[name] then
                  local r = made { [name] = value, ["X-Twilio-Signature"] = signature }
                  assert.same(by_rules(options, r), facts(w:verify(r)))
               end
            end
         end
         assert.equal(1, count.n)
      end
   end)

   it("isn't known where a function gives the secrets", function()
      local w = assert(webhook.new { auth_token = function() return "12345" end })
      for _ = 1, 3 do assert(w:verify(request(w))) end
      assert.is_nil(w.plan.validator)
   end)

   it("of a form whose URL was signed in another way is none", function()
      local w = assert(webhook.new { auth_token = "12345" })
      local r = request(w, {}, { ["X-Twilio-Signature"] = w:signature("https://example.com:443/sms?tenant=42", FORM) })
      for _ = 1, 2 do assert.equal("https://example.com:443/sms?tenant=42", assert(w:verify(r)).url) end
      assert.is_nil(w.plan.validator)
   end)

   it("is the same for any headers", function()
      math.randomseed(31)
      local w = planned { trust_proxy = true }
      local names = { "Host", "HOST", ":authority", "Content-Type", "content-TYPE", "Upgrade", "X-Forwarded-Proto", "x-forwarded-host", "X-Twilio-Signature",
         "I-Twilio-Idempotency-Token", "X-Twilio-Webhooks-Signature-Settings", "User-Agent", "Forwarded", "" }
      local values = { "example.com", "https", "http", "", "x", 7, { "example.com", "a" }, { "x" }, "application/x-www-form-urlencoded", "application/json",
         "key=K1,algorithm=HMAC_SHA1", "websocket", "host=example.com" }
      local accepted = 0
      for _ = 1, 3000 do
         local r = request(w)
         for _ = 1, math.random(0, 3) do r.headers[names[math.random(#names)]] = values[math.random(#values)] end
         local expected = by_rules({ trust_proxy = true }, r)
         assert.same(expected, facts(w:verify(r)))
         if expected.params then accepted = accepted + 1 end
      end
      assert.is_true(accepted > 300)
   end)
end)
