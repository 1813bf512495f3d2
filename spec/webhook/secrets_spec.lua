-- lua/twilio/webhook/secrets.lua: auth tokens and SharedKeys, and which of them a request has to be
-- signed with.

local secrets = require "twilio.webhook.secrets"
local webhook = require "twilio.webhook"

local URL = "https://example.com/sms"
local FORM = "From=%2B1&Body=x"
local SHA1, SHA256 = "key=K1,algorithm=HMAC_SHA1", "key=K1,algorithm=HMAC_SHA256"

local function request(signature, settings, changes)
   local r = { method = "POST", url = "/sms", body = FORM, headers = { Host = "example.com", ["X-Twilio-Signature"] = signature,
      ["X-Twilio-Webhooks-Signature-Settings"] = settings } }
   for name, value in pairs(changes or {}) do r[name] = value end
   return r
end

-- base64(HMAC(secret, text)) by the openssl command.
local function hmac(hash, secret, text)
   local pipe = assert(io.popen(("printf %%s '%s' | openssl dgst -%s -hmac '%s' -binary | base64"):format(text, hash, secret)))
   local output = pipe:read "*l"
   pipe:close()
   return output
end

describe("secrets.read_settings", function()
   it("takes both, once each, in any order", function()
      for _, value in ipairs {
         "key=K1,algorithm=HMAC_SHA256", "algorithm=HMAC_SHA256,key=K1", "key=K1, algorithm=HMAC_SHA256", " key=K1 \t,\talgorithm=HMAC_SHA256 ",
      } do
         local id, algorithm = secrets.read_settings(value)
         assert.equal("K1", id)
         assert.equal("HMAC_SHA256", algorithm)
      end
      assert.equal("webhooks_sharedkey_01-a.b~c", (secrets.read_settings "key=webhooks_sharedkey_01-a.b~c,algorithm=x"))
   end)

   it("refuses whatever else", function()
      for value, why in pairs {
         [""] = "breaks its grammar", [","] = "breaks its grammar", ["key=K1"] = "lacks", ["algorithm=HMAC_SHA1"] = "lacks",
         ["key=,algorithm=HMAC_SHA1"] = "breaks", ["key=K1,algorithm="] = "breaks", ["key=K1,algorithm=HMAC_SHA1,"] = "breaks",
         ["key=K1,,algorithm=HMAC_SHA1"] = "breaks", ["key=K1,algorithm=HMAC_SHA1,x=1"] = "breaks", ["KEY=K1,algorithm=HMAC_SHA1"] = "breaks",
         ["key=K1;algorithm=HMAC_SHA1"] = "breaks", ["key = K1,algorithm=HMAC_SHA1"] = "breaks", ['key="K1",algorithm=HMAC_SHA1'] = "breaks",
         ["key=K 1,algorithm=HMAC_SHA1"] = "breaks", ["key=K1\0,algorithm=HMAC_SHA1"] = "breaks", ["key=K1\n,algorithm=HMAC_SHA1"] = "breaks",
         ["key=K1,key=K1,algorithm=HMAC_SHA1"] = "has key twice", ["key=K1,algorithm=HMAC_SHA1,algorithm=HMAC_SHA256"] = "has algorithm twice",
         ["key=K1,algorithm=HMAC_SHA1,key=K1,algorithm=HMAC_SHA1"] = "has key twice", ["key=\195\188,algorithm=HMAC_SHA1"] = "breaks",
         ["key=" .. ("x"):rep(300) .. ",algorithm=HMAC_SHA1"] = "more than 256 bytes",
      } do
         local id, message = secrets.read_settings(value)
         assert.is_nil(id, value)
         assert.matches(why, message)
      end
   end)

   it("takes a time that grows with the header and no faster", function()
      local start = os.clock()
      for _ = 1, 200 do
         for _, value in ipairs { (" "):rep(8192), ("key=K1,"):rep(1000), "key=" .. ("K"):rep(8000), (","):rep(8192), ("\t,"):rep(120) } do
            assert.is_nil((secrets.read_settings(value)))
         end
      end
      assert.is_true(os.clock() - start < 1)
   end)
end)

describe("a SharedKey", function()
   local w = assert(webhook.new { auth_token = "12345", shared_keys = { K1 = "sharedsecret", K2 = "another" } })

   it("makes the signature that any HMAC tool makes", function()
      assert.equal(hmac("sha256", "sharedsecret", URL .. "Bodyx" .. "From+1"), w:signature(URL, FORM, SHA256))
      assert.equal(hmac("sha1", "sharedsecret", URL .. "BodyxFrom+1"), w:signature(URL, FORM, SHA1))
      assert.equal(hmac("sha1", "12345", URL .. "BodyxFrom+1"), w:signature(URL, FORM))
      assert.equal(44, #w:signature(URL, FORM, SHA256))
      local long = ("k"):rep(100) -- longer than a block
      local other = assert(webhook.new { shared_keys = { K = long } })
      assert.equal(hmac("sha256", long, URL), other:signature(URL, nil, "key=K,algorithm=HMAC_SHA256"))
      assert.equal(hmac("sha1", long, URL), other:signature(URL, nil, "key=K,algorithm=HMAC_SHA1"))
   end)

   it("signs what its header says", function()
      for _, settings in ipairs { SHA1, SHA256, "key=K2,algorithm=HMAC_SHA256" } do
         local signature = w:signature(URL, FORM, settings)
         assert.is_true(w:validate(URL, FORM, signature, settings))
         for _ = 1, 3 do assert.same({ From = "+1", Body = "x" }, (assert(w:verify(request(signature, settings))))) end
      end
      assert.same({ From = "+1", Body = "x" }, (assert(w:verify(request(w:signature(URL, FORM))))))
   end)

   -- The header isn't signed: whatever somebody does to it must leave them without a signature.
   it("is never exchanged for another secret or algorithm", function()
      local headers = { [false] = false, [SHA1] = true, [SHA256] = true, ["key=K2,algorithm=HMAC_SHA1"] = true,
         ["key=K2,algorithm=HMAC_SHA256"] = true }
      local tried = 0
      for genuine in pairs(headers) do
         local signature = w:signature(URL, FORM, genuine or nil)
         for shown in pairs(headers) do
            for _ = 1, 2 do
               local good = shown == genuine
               assert.equal(good, w:verify(request(signature, shown or nil)) ~= nil)
               assert.equal(good, w:validate(URL, FORM, signature, shown or nil) ~= nil)
               tried = tried + 1
            end
         end
      end
      assert.equal(50, tried)
   end)

   local function refused(status, reason, settings, on)
      local params, err = (on or w):verify(request("x", settings))
      assert.is_nil(params)
      assert.equal(status, err.status)
      assert.equal(reason, err.reason)
      for _, secret in ipairs { "sharedsecret", "another", "12345" } do assert.is_nil(tostring(err):find(secret, 1, true)) end
      return err
   end

   it("that isn't known is refused, and so is another algorithm", function()
      assert.matches("no secret is known here for the SharedKey K3", refused(403, "key", "key=K3,algorithm=HMAC_SHA256").message, 1, true)
      refused(403, "algorithm", "key=K1,algorithm=HMAC_SHA512")
      refused(403, "algorithm", "key=K1,algorithm=hmac_sha256")
      refused(403, "algorithm", "key=K1,algorithm=none")
      refused(400, "header", "")
      refused(400, "header", "key=K1")
      refused(400, "header", { SHA256, SHA256 })
      refused(400, "header", { SHA256, "key=K2,algorithm=HMAC_SHA1" })
      refused(400, "header", SHA256 .. "," .. SHA256)
      local r = request("x", SHA256)
      r.headers["x-twilio-webhooks-signature-settings"] = SHA256
      assert.equal("header", select(2, w:verify(r)).reason)
      assert.equal("key", select(2, w:validate(URL, FORM, "x", "key=K3,algorithm=HMAC_SHA1")).reason)
      assert.equal("key", select(2, w:signature(URL, FORM, "key=K3,algorithm=HMAC_SHA1")).reason)
   end)

   it("needs shared_keys, and the others an auth token", function()
      local tokens = assert(webhook.new { auth_token = "12345" })
      local err = refused(500, "no_key", SHA256, tokens)
      assert.equal("config", err.kind)
      local status, text = webhook.answer(err)
      assert.equal(500, status)
      assert.matches("no usable secret is configured", text)
      local keys = assert(webhook.new { shared_keys = { K1 = "sharedsecret" } })
      refused(403, "no_token", nil, keys)
      assert.is_table(keys:verify(request(keys:signature(URL, FORM, SHA256), SHA256)))
      assert.equal("no_token", select(2, keys:validate(URL, FORM, "x")).reason)
      assert.equal("no_token", select(2, keys:signature(URL, FORM)).reason)
   end)

   it("doesn't let the environment's auth token in", function()
      local real = os.getenv
      os.getenv = function(name) if name == "TWILIO_AUTH_TOKEN" then return "12345" end return real(name) end -- luacheck: ignore 122
      local ok, keys = pcall(webhook.new, { shared_keys = { K1 = "sharedsecret" } })
      local _, none = pcall(webhook.new, {})
      os.getenv = real -- luacheck: ignore 122
      assert.is_true(ok)
      refused(403, "no_token", nil, keys)
      assert.is_true(none:validate(URL, FORM, w:signature(URL, FORM)))
   end)

   it("binds JSON by its hash, as an auth token does", function()
      local json = '{"a":1}'
      local path = "/e?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json)
      local signature = w:signature("https://example.com" .. path, json, SHA256)
      local function send(body, settings)
         local r = request(signature, settings, { url = path, body = body })
         r.headers["Content-Type"] = "application/json"
         return w:verify(r)
      end
      assert.same({ a = 1 }, (assert(send(json, SHA256))))
      assert.equal("body_hash", select(2, send('{"a":2}', SHA256)).reason)
      assert.equal("body_hash", select(2, send("", SHA256)).reason)
      assert.equal("signature", select(2, send(json, SHA1)).reason)
      assert.equal("signature", select(2, send(json, nil)).reason)
   end)

   it("can be rotated by a function, which is asked each time", function()
      local known, asked = { K1 = "sharedsecret" }, {}
      local by_function = assert(webhook.new { shared_keys = function(id, account_sid)
         asked[#asked + 1] = id .. " " .. tostring(account_sid)
         return known[id]
      end })
      local signature, body = w:signature(URL, FORM, SHA256), "AccountSid=AC1"
      assert.is_table(by_function:verify(request(signature, SHA256)))
      known = { K2 = "another" }
      assert.equal("key", select(2, by_function:verify(request(signature, SHA256))).reason)
      local k2 = "key=K2,algorithm=HMAC_SHA256"
      local params = assert(by_function:verify(request(w:signature(URL, body, k2), k2, { body = body })))
      assert.equal("AC1", params.account_sid)
      assert.same({ "K1 nil", "K1 nil", "K2 AC1" }, asked)
      assert.equal("account", select(2, by_function:verify(request("x", k2, { body = "AccountSid=AC1&AccountSid=AC2" }))).reason)
   end)

   it("of one tenant doesn't sign for another", function()
      local keys = { K1 = { "AC1", "secret of AC1" }, K2 = { "AC2", "secret of AC2" } }
      local tenants = assert(webhook.new {
         auth_token = function(account_sid) return account_sid and "token of " .. account_sid end,
         shared_keys = function(id, account_sid)
            local key = keys[id]
            return key and (account_sid == nil or key[1] == account_sid) and key[2] or nil
         end,
      })
      local own = assert(webhook.new { shared_keys = { K1 = "secret of AC1" } })
      local function verify(body, changes)
         return tenants:verify(request(own:signature(URL .. (changes and changes.url or ""), body, SHA256), SHA256, { body = body }))
      end
      assert.equal("AC1", assert(verify "AccountSid=AC1").account_sid)
      assert.equal("key", select(2, verify "AccountSid=AC2").reason)
      assert.equal("account", select(2, verify "AccountSid=AC1&AccountSid=AC2").reason)
      local json = '{"AccountSid":"AC2"}'
      local path = "/e?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json)
      local r = request(own:signature("https://example.com" .. path, json, SHA256), SHA256, { url = path, body = json })
      r.headers["Content-Type"] = "application/json"
      assert.equal("key", select(2, tenants:verify(r)).reason)
   end)

   it("isn't shown", function()
      assert.equal("twilio.webhook (twilio.validator (1), shared keys (2))", tostring(w))
      assert.equal("twilio.webhook (shared keys (1))", tostring(assert(webhook.new { shared_keys = { K = "s" } })))
      assert.equal("twilio.webhook (auth tokens by account, shared keys by function)",
         tostring(assert(webhook.new { auth_token = print, shared_keys = print })))
      local closed = assert(webhook.new { auth_token = "12345", shared_keys = { K1 = "sharedsecret" } })
      assert.is_table(closed:verify(request(closed:signature(URL, FORM, SHA256), SHA256)))
      closed:close()
      closed:close()
      assert.is_false(pcall(closed.verify, closed, request("x", SHA256)))
      assert.is_false(pcall(closed.verify, closed, request("x")))
      assert.is_false(pcall(closed.validate, closed, URL, FORM, "x", SHA256))
   end)

   it("is checked when it is given", function()
      local function why(options) return select(2, webhook.new(options)) end
      assert.matches("'shared_keys' must be a table or function, got a string", why { shared_keys = "x" })
      assert.matches("shared_keys has a key whose secret isn't text", why { shared_keys = { K1 = 7 } })
      assert.matches("shared_keys has a key whose secret is empty", why { shared_keys = { K1 = "" } })
      assert.matches("an id that isn't a key's SID", why { shared_keys = { "secret" } })
      assert.matches("an id that isn't a key's SID", why { shared_keys = { ["K 1"] = "secret" } })
      assert.matches("must be a function where auth_token is one", why { auth_token = print, shared_keys = { K1 = "x" } })
      local ok, message = pcall(function() w:validate(URL, FORM, "x", 7) end)
      assert.is_false(ok)
      assert.matches("secrets_spec%.lua:%d+: settings must be text, got a number", message)
      ok, message = pcall(function() w:signature(URL, FORM, {}) end)
      assert.is_false(ok)
      assert.matches("secrets_spec%.lua:%d+: settings must be text, got a table", message)
   end)
end)

describe("a secret that was copied with what stood around it", function()
   local spoilt = { "hush\n", "hush\r\n", " hush", "hush\t", "hu\0sh", "\239\187\191hush" }

   it("is a mistake that says so", function()
      for _, secret in ipairs(spoilt) do
         for _, options in ipairs { { auth_token = secret }, { auth_token = { "good", secret } }, { shared_keys = { K1 = secret } } } do
            local made, why = webhook.new(options)
            assert.is_nil(made)
            assert.matches("^auth_token h.*", (why:gsub("^shared_keys has a key whose secret h", "auth_token h")))
            assert.is_nil(why:find("hush", 1, true))
         end
      end
   end)

   it("is one that names the environment", function()
      local real = os.getenv
      os.getenv = function(name) return name == "TWILIO_AUTH_TOKEN" and "hush\n" or nil end -- luacheck: ignore 122
      local _, why = webhook.new {}
      os.getenv = real -- luacheck: ignore 122
      assert.equal("the environment's TWILIO_AUTH_TOKEN holds a line end (was it copied from a file?)", why)
   end)

   it("is no forgery where a function gives it", function()
      for _, secret in ipairs(spoilt) do
         for _, given in ipairs { secret, { secret }, { "good", secret } } do
            local w = assert(webhook.new { auth_token = function() return given end, shared_keys = function() return given end })
            for _, settings in ipairs { false, SHA256 } do
               local params, err = w:verify(request("x", settings or nil))
               assert.is_nil(params)
               assert.equal("config", err.kind)
               assert.equal(500, err.status)
               assert.equal("bad_secret", err.reason)
               assert.matches(settings and "the value from the function shared_keys h" or "the value from the function auth_token h", err.message)
               assert.is_nil(err.message:find("hush", 1, true))
               assert.is_nil(select(2, webhook.answer(err)):find("shared_keys", 1, true))
               assert.equal("bad_secret", select(2, w:validate(URL, FORM, "x", settings or nil)).reason)
            end
         end
      end
      for _, none in ipairs { false, "", {} } do
         local w = assert(webhook.new { auth_token = function() return none end })
         assert.equal("no_token", select(2, w:verify(request("x"))).reason)
      end
      for _, odd in ipairs { 7, true, print, { 7 } } do
         local w = assert(webhook.new { auth_token = function() return odd end })
         assert.equal("bad_secret", select(2, w:verify(request("x"))).reason)
      end
   end)
end)

