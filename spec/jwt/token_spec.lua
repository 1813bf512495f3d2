-- token_spec.lua: signatures of other libraries are read, and forged tokens aren't.

local core = require "twilio.core"
local token = require "twilio.jwt.token"

-- Made with jsonwebtoken for Node.js from { iss = "SK1", exp = 2000 }; the private key is gone.
local PUBLIC_KEY = [[
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtEdMzUwBMIU4J9eUkH+e
F22qRaV3NGoab5KucNcZLzX0GRthvzCuziA+OkMii91w0Hk271A7ufi3gTUicmb+
9QjQUIqwUJAMAXG80jP8LeWyYvMWpPXv0IfV67gBQG5ofOn5/iZDLdN0iNMGIoDd
3JQD7titDEqe4KN0nXm0QWBmd2bMMROtB+rO64ntsHV8VcGRXu3HjvnaTUlujdiW
OWDNdYVUrGry6augOJ+gDXg0IRxD7TTLgpCI2+IKTztdVbcwinuKdUPF85O5RHPq
BYeYO9sEdC3AJwQHjNI5wB8/OHlULpGBdl/AmnJ3uR127tMI3kjKMvUFDTim9zPc
nwIDAQAB
-----END PUBLIC KEY-----
]]
local CLAIMS = "eyJpc3MiOiJTSzEiLCJleHAiOjIwMDB9"
local HS256 = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." .. CLAIMS
   .. ".0L5LGP-JjMuN1x8hZLNLxjPpbmr2AF6QWC7dPEktgF4"
local HS384 = "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9." .. CLAIMS
   .. ".zHMNF56g_Y-WS-HSjaSAJkAXYPnh5hVcFW_h2-L9iCCryQZrVgIGzFXchpoaEvVC"
local HS512 = "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9." .. CLAIMS
   .. ".9vXIs_nyKN8-59G5rU6ZwiUfnCICcNaNmHU0gqyCuDi6cWS4505AA8G0YcuF6vJHlKOg7GMzKvVpcq3royT4yQ"
local RS256 = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9." .. CLAIMS
   .. ".VfRq364liqSeeYOpTkFoUUGBahttPBxuTl5OYjsKLXBKpcWPUic9M7aX2W9XsNk4aPN7NhJY66uvr04xvzeLAH87ACKLwd4GCCCXRb3RPOSjSGbzVPQOv"
   .. "IrknxxY7gp2F2ZB5TLOlgghsn1KZpzuplc2kc4R2asTckRc9UGMtEw81q1TILSJHbr9xY125M0Nda1b7PrLNC269jAz0L_ML3RnChGo0m-NnYOxLKSgvlB4"
   .. "hW7U_4gKwPfgXntSUBrOi0-NuUXak8fdoACKcg9bOA5wlz43V8pTrgRO44XPnCBLGJ40Ywz_rxaeiFelVY61r1C2Vix-0b9yhFDV4iqWPw"
local PS256 = "eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCJ9." .. CLAIMS
   .. ".gh7Vnt0DlcBvefpx8N5b593sBUdOskJyyTSvDEyotNXT8vNoZqiqDcEtv8KbqhCF5p7_vXUX-g34FEY9Dw6fI1Edvf5hfgIFXZlD-7OuWnoHHXcfgvv-s"
   .. "ufYptdR6tSDguKopKPkXUvgBVUF8ExK3bdqtqCgU_7ngSBpRWI04C9pbZAO27mlCEuK0LeuVEOHRYxonpr2iQya-zXAc6-KNie8XVgTkLR5-7ICil3cS08Y"
   .. "Jktel4vqwquOVD0M8V7boZZW3AIaSTLl6AnAb6s8UL8g2s0tbmhpEoWKNNmZaHj6c1RcAxw-t7NIejb62tFYIrFkSldFcHDW49WxeTYSWg"

local EARLY = { now = 1000 }

local function refused(message, ...)
   local payload, err = token.read(...)
   assert.is_nil(payload)
   assert.matches(message, err.message, 1, true)
end

describe("reading", function()
   it("takes other libraries' tokens, with every algorithm", function()
      local expected = { iss = "SK1", exp = 2000 }
      for _, text in ipairs { HS256, HS384, HS512 } do
         assert.same(expected, (token.read(text, "secret", EARLY)))
      end
      for _, text in ipairs { RS256, PS256 } do
         assert.same(expected, (token.read(text, { public_key = PUBLIC_KEY }, EARLY)))
      end
   end)

   it("takes the example of RFC 7515, appendix A.1", function()
      local text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
         .. "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
         .. "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
      local key = core.base64_decode "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow=="
      assert.same(
         { iss = "joe", exp = 1300819380, ["http://example.com/is_root"] = true },
         (token.read(text, key, { now = 1300819379 })))
   end)

   it("refuses a public key used as a secret", function()
      -- HS256 with the PEM text as its secret, by jsonwebtoken: everybody could make it.
      local forged = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." .. CLAIMS
         .. ".lrmm7YxXTSCyOOukQd_Ys3k83Xd2tDisJchnABwXsyI"
      refused("its algorithm isn't one for this key", forged, { public_key = PUBLIC_KEY }, EARLY)
      assert.equal(
         "a key in PEM can't be a secret: give it as { public_key = PEM }",
         select(2, token.check_key(PUBLIC_KEY)))
      assert.is_true(token.check_key { public_key = PUBLIC_KEY })
   end)

   it("refuses the algorithm none, an unknown one, and none at all", function()
      for _, header in ipairs {
         "eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzEifQ", "e30", "eyJhbGciOjF9",
      } do
         refused(
            "its algorithm isn't one for this key", header .. "." .. CLAIMS .. ".AAAA", "secret",
            EARLY)
      end
   end)

   it("refuses critical extensions, which it doesn't know", function()
      local header = { alg = "HS256", crit = { "x" } }
      refused(
         "critical extensions", assert(token.sign(header, { a = 1 }, "secret")), "secret", EARLY)
   end)

   it("refuses times that aren't numbers", function()
      refused(
         "its exp isn't a number",
         assert(token.sign({ alg = "HS256" }, { exp = "9999" }, "secret")), "secret", EARLY)
      refused(
         "its nbf isn't a number", assert(token.sign({ alg = "HS256" }, { nbf = true }, "secret")),
         "secret", EARLY)
   end)

   it("accepts one spelling only", function()
      -- The last character of a HS256 signature holds two bits that mean nothing.
      for _, last in ipairs { "5", "6", "7" } do
         refused("not a token", HS256:gsub("4$", last), "secret", EARLY)
      end
   end)

   it("says so when the public key isn't one", function()
      local payload, err = token.read(RS256, { public_key = "nonsense" }, EARLY)
      assert.is_nil(payload)
      assert.equal("config", err.kind)
   end)
end)

describe("signing", function()
   it("gives what it reads, with every HMAC", function()
      for _, algorithm in ipairs { "HS256", "HS384", "HS512" } do
         local text = assert(
            token.sign(
               { alg = algorithm, typ = "JWT" }, { text = "é", list = { 1, 2 }, exp = 2000 },
               "secret"))
         assert.is_nil(text:find("[^%w_.-]"))
         local payload, _, header = token.read(text, "secret", EARLY)
         assert.same({ text = "é", list = { 1, 2 }, exp = 2000 }, payload)
         assert.equal(algorithm, header.alg)
      end
   end)

   it("says what has no JSON form", function()
      local text, problem = token.sign({ alg = "HS256" }, { f = print }, "secret")
      assert.is_nil(text)
      assert.equal("a function has no JSON form", problem)
   end)
end)

describe("claims", function()
   it("are integers", function()
      local claims, now = token.claims("AC1", { ttl = 1.5, nbf = 2.5, now = 3.5 })
      assert.same({ iss = "AC1", exp = 4, nbf = 2 }, claims)
      assert.equal(3, now)
   end)
end)
