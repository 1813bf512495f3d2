-- signer_spec.lua: signatures of RFC 7515 and 4231, RSA both ways, and keys that stay where they
-- are.


local function hex(bytes)
   return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

-- Keys made for this run: none is kept in the repository.
local function openssl(arguments, input)
   local name = os.tmpname()
   if input then
      local file = assert(io.open(name, "wb"))
      file:write(input)
      file:close()
   end
   local pipe = assert(io.popen(("openssl %s < %s 2>/dev/null"):format(arguments, name)))
   local output = pipe:read "*a"
   pipe:close()
   os.remove(name)
   return output
end

local private_pem = openssl "genrsa 2048"
local public_pem = openssl("rsa -pubout", private_pem)

describe("signer:sign", function()
   it("makes HMACs of RFC 4231", function()
      local c = require "twilio.core.crypto".signer { secret = "Jefe" }
      local data = "what do ya want for nothing?"
      assert.equal(
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
         hex(c:sign("HS256", data)))
      assert.equal("af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
         .. "8e2240ca5e69e2c78b3239ecfab21649", hex(c:sign("HS384", data)))
      assert.equal("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
         .. "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737", hex(
            c:sign("HS512", data)))
   end)

   it("verifies what it signed and nothing else", function()
      local c = require "twilio.core.crypto".signer { secret = "Jefe" }
      for _, algorithm in ipairs { "HS256", "HS384", "HS512" } do
         local signature = c:sign(algorithm, "data")
         assert.is_true(c:verify(algorithm, "data", signature))
         assert.is_false(c:verify(algorithm, "datb", signature))
         assert.is_false(c:verify(algorithm, "data", signature:sub(1, -2)))
         assert.is_false(c:verify(algorithm, "data", ""))
         assert.is_false(
            require "twilio.core.crypto".signer({ secret = "jefe" }):verify(
               algorithm, "data", signature))
      end
   end)

   it("makes RSA signatures that OpenSSL's own command verifies", function()
      local c = assert(require "twilio.core.crypto".signer { private_key = private_pem })
      local files = { key = os.tmpname(), signature = os.tmpname() }
      for algorithm, option in pairs {
         RS256 = "", PS256 = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
      } do
         for name, text in pairs { key = public_pem, signature = c:sign(algorithm, "some data") } do
            local file = assert(io.open(files[name], "wb"))
            file:write(text)
            file:close()
         end
         assert.equal("Verified OK\n", openssl(("dgst -sha256 %s -verify %s -signature %s")
            :format(option, files.key, files.signature), "some data"))
      end
      os.remove(files.key)
      os.remove(files.signature)
   end)

   it("verifies RSA with the private and with the public key", function()
      local private = assert(require "twilio.core.crypto".signer { private_key = private_pem })
      local public = assert(require "twilio.core.crypto".signer { public_key = public_pem })
      for _, algorithm in ipairs { "RS256", "PS256" } do
         local signature = private:sign(algorithm, "data")
         assert.equal(256, #signature)
         for _, c in ipairs { private, public } do
            assert.is_true(c:verify(algorithm, "data", signature))
            assert.is_false(c:verify(algorithm, "Data", signature))
            assert.is_false(c:verify(algorithm, "data", signature:sub(2)))
            assert.is_false(c:verify(algorithm, "data", ""))
            assert.is_false(
               c:verify(algorithm == "RS256" and "PS256" or "RS256", "data", signature))
         end
      end
      assert.has_error(function() public:sign("RS256", "data") end)
   end)

   it("says what it can't do", function()
      local c = require "twilio.core.crypto".signer { secret = "p" }
      assert.has_error(function() c:sign("RS256", "x") end)
      assert.has_error(function() c:sign("none", "x") end)
      assert.has_error(function() c:sign("hs256", "x") end)
      assert.has_error(function() require "twilio.core.crypto".signer({}):sign("HS256", "x") end)
   end)
end)

describe("core.signer", function()
   it("returns an error for a PEM that holds no RSA key", function()
      local elliptic = openssl "ecparam -name prime256v1 -genkey -noout"
      local encrypted = openssl("rsa -aes128 -passout pass:x", private_pem)
      assert.matches("ENCRYPTED", encrypted)
      for _, pem in ipairs {
         "", "nonsense", public_pem, private_pem:sub(1, 300), elliptic, encrypted,
      } do
         local c, err = require "twilio.core.crypto".signer { private_key = pem }
         assert.is_nil(c)
         assert.equal("config", err.kind)
         assert.matches("private_key", err.message)
      end
      local c, err = require "twilio.core.crypto".signer { public_key = private_pem }
      assert.is_nil(c)
      assert.matches("public_key", err.message)
   end)

   it("takes PKCS#8 as well as PKCS#1", function()
      local pkcs8 = openssl("pkcs8 -topk8 -nocrypt", private_pem)
      local pkcs1 = openssl("rsa -traditional", private_pem)
      assert.matches("BEGIN PRIVATE KEY", pkcs8)
      assert.matches("BEGIN RSA PRIVATE KEY", pkcs1)
      local signature = assert(
         require "twilio.core.crypto".signer { private_key = pkcs1 }):sign("RS256", "x")
      assert.equal(
         signature,
         assert(require "twilio.core.crypto".signer { private_key = pkcs8 }):sign("RS256", "x"))
   end)

   it("refuses fields that aren't text", function()
      assert.has_error(function() require "twilio.core.crypto".signer { secret = {} } end)
      assert.has_error(function() require "twilio.core.crypto".signer { private_key = true } end)
      assert.has_error(function() require "twilio.core.crypto".signer() end)
   end)

   it("shows no secret, and can't be used when closed", function()
      local s = require "twilio.core.crypto".signer { secret = "sesame" }
      assert.equal("twilio.signer (HMAC)", tostring(s))
      assert.equal(
         "twilio.signer (RSA)",
         tostring(require "twilio.core.crypto".signer { private_key = private_pem }))
      s:close()
      s:close()
      assert.equal("twilio.signer (closed)", tostring(s))
      assert.has_error(function() s:sign("HS256", "x") end)
      assert.has_error(function() s:verify("HS256", "x", "y") end)
   end)
end)
