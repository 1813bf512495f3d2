-- validator_spec.lua: the userdata itself; what Twilio's signatures are is webhook_spec's.

local core = require "twilio.core"

-- base64(HMAC-SHA1(key, text)): what the validator makes of a URL without parameters.
local function hmac(key, text) return require "twilio.core.crypto".validator(key):sign(text) end

local function hex(base64)
   return (core.base64_decode(base64):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

describe("core.validator", function()
   it("makes HMAC-SHA1 for keys of any length", function()
      -- RFC 2202, cases 1, 2 and 6 (a key longer than a block)
      assert.equal(
         "b617318655057264e28bc0b6fb378c8ef146be00", hex(hmac(("\11"):rep(20), "Hi There")))
      assert.equal(
         "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
         hex(hmac("Jefe", "what do ya want for nothing?")))
      assert.equal("aa4ae5e15272d00e95705637ce8a3b55ed402112",
         hex(hmac(("\170"):rep(80), "Test Using Larger Than Block-Size Key - Hash Key First")))
   end)

   it("makes HMAC-SHA256 where it is told to", function()
      local function hmac256(key, text)
         return hex(require "twilio.core.crypto".validator(key, "HMAC_SHA256"):sign(text))
      end
      -- RFC 4231, cases 1, 2, 3, 6 and 7 (keys longer than a block)
      assert.equal(
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
         hmac256(("\11"):rep(20), "Hi There"))
      assert.equal(
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
         hmac256("Jefe", "what do ya want for nothing?"))
      assert.equal(
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
         hmac256(("\170"):rep(20), ("\221"):rep(50)))
      assert.equal("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
         hmac256(("\170"):rep(131), "Test Using Larger Than Block-Size Key - Hash Key First"))
      assert.equal("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2", hmac256(("\170"):rep(131),
         "This is a test using a larger than block-size key and a larger than block-size data. "
         .. "The key needs to be hashed before being used by the HMAC algorithm."))
   end)

   it("matches the signatures of its own algorithm only", function()
      local crypto = require "twilio.core.crypto"
      local by_sha1, by_sha256 = crypto.validator("k", "HMAC_SHA1"), crypto.validator(
         { "x", "k" }, "HMAC_SHA256")
      assert.equal(crypto.validator("k"):sign("u", "a=1"), by_sha1:sign("u", "a=1"))
      local short, long = by_sha1:sign("u", "a=1"), crypto.validator(
         "k", "HMAC_SHA256"):sign("u", "a=1")
      assert.equal(28, #short)
      assert.equal(44, #long)
      assert.equal(1, (by_sha1:match("u", "a=1", short)))
      assert.equal(2, select(2, by_sha256:match("u", "a=1", long)))
      for _, other in ipairs { long, long:sub(1, 28), short .. short:sub(1, 16), "" } do
         assert.is_false((by_sha1:match("u", "a=1", other)))
      end
      for _, other in ipairs { short, long:sub(1, 43), long .. "=", "" } do
         assert.is_false((by_sha256:match("u", "a=1", other)))
      end
      for _, algorithm in ipairs { "SHA1", "HMAC_SHA512", "", "hmac_sha1", 7 } do
         assert.is_false(pcall(crypto.validator, "k", algorithm))
      end
   end)

   it("says which URL and which token matched", function()
      local v = require "twilio.core.crypto".validator { "one", "two" }
      local url, token = v:match({ "a", "b", "c" }, nil, hmac("two", "b"))
      assert.equal(2, url)
      assert.equal(2, token)
      local found, count = v:match({ "a", "b" }, "x=1&y=2&y=3", "nothing")
      assert.is_false(found)
      assert.equal(3, count)
      assert.is_false((v:match({}, nil, hmac("one", ""))))
   end)

   it("says whether the URL is all that was signed", function()
      local v = require "twilio.core.crypto".validator "k"
      local function bare(form) return select(3, v:match("u", form, v:sign("u", form))) end
      for _, form in ipairs { "", "&&", "=", "&=&=" } do assert.is_true(bare(form)) end
      assert.is_true(bare(nil))
      assert.is_true(bare {})
      for _, form in ipairs { "a", "=a", "%", "+", "&a&", "%00" } do assert.is_false(bare(form)) end
      assert.is_false(bare { a = "" })
   end)

   it("reads a limited number of parameters", function()
      local v = require "twilio.core.crypto".validator "k"
      local most = ("a=1&"):rep(10000)
      assert.equal(1, (v:match("u", most, v:sign("u", most))))
      local found, count = v:match("u", most .. "a=1", v:sign("u", "a=1"))
      assert.is_false(found)
      assert.equal(10001, count)
      assert.equal(10001, select(2, v:match("u", ("b=1&"):rep(100000), "x")))
      local signature, why = v:sign("u", most .. "b=1")
      assert.is_nil(signature)
      assert.matches("more than 10000 parameters", why)
      local list = {}
      for i = 1, 10001 do list[i] = "x" end
      assert.is_false((v:match("u", { a = list }, "x")))
   end)

   it("isn't disturbed by what it did before", function()
      local v = require "twilio.core.crypto".validator "k"
      local big = ("a=" .. ("x"):rep(1000) .. "&"):rep(500)
      local before = v:sign("u", "a=1")
      assert.is_string(v:sign("u", big))
      assert.is_nil(v:sign("u", { a = {}, b = print }))
      assert.equal(before, v:sign("u", "a=1"))
   end)

   it("refuses tokens that aren't", function()
      for _, bad in ipairs { "", 7, {}, { "" }, { "a", "" }, { {} } } do
         assert.is_false(pcall(require "twilio.core.crypto".validator, bad))
      end
      assert.is_false(pcall(require "twilio.core.crypto".validator))
   end)

   it("is closed once and for all", function()
      local v = require "twilio.core.crypto".validator "secret"
      assert.equal("twilio.validator (1)", tostring(v))
      v:close()
      v:close()
      assert.equal("twilio.validator (closed)", tostring(v))
      assert.has_error(function() v:sign("u") end)
      assert.has_error(function() v:match("u", nil, "s") end)
      assert.is_false(getmetatable(v))
   end)

   it("takes only its own kind", function()
      local v, credentials = require "twilio.core.crypto".validator "k", core.credentials {}
      assert.has_error(function() v.sign(credentials, "u") end)
      assert.has_error(function() v.sign(io.stdout, "u") end)
      assert.has_error(function() v.close {} end)
   end)
end)
