-- base64_spec.lua: the vectors of RFC 4648, long texts, and all that is no base64.

local core = require "twilio.core"

describe("base64", function()
   local vectors = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, {
      "foob", "Zm9vYg==",
   },
      { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\0\255\254>?", "AP/+Pj8=" } }

   it("encodes and decodes", function()
      for _, vector in ipairs(vectors) do
         assert.equal(vector[2], core.base64_encode(vector[1]))
         assert.equal(vector[1], core.base64_decode(vector[2]))
      end
   end)

   it("encodes for URLs: another alphabet, without padding", function()
      local url = { ["+"] = "-", ["/"] = "_", ["="] = "" }
      for _, vector in ipairs(vectors) do
         assert.equal((vector[2]:gsub("[+/=]", url)), core.base64url_encode(vector[1]))
      end
      assert.equal("AP_-Pj8", core.base64url_encode "\0\255\254>?")
   end)

   it("takes long texts in pieces", function()
      for extra = 0, 3 do
         local text = ("\1\2\3\4\5\6\7"):rep(500000) .. ("x"):rep(extra)
         assert.is_true(text == core.base64_decode(core.base64_encode(text)))
      end
   end)

   it("is strict about what it decodes", function()
      for _, bad in ipairs {
         "Zg", "Zg=", "Zg===", "Zg==Zg==", "Z===", "====", "=", "Zm 9v", " Zm9v", "Zm9v\n", "Zm9-",
         "Zm9\0", "=m9v", "Zh==", "Zm9=",
      } do
         local bytes, err = core.base64_decode(bad)
         assert.is_nil(bytes, bad)
         assert.equal("decode", err.kind)
      end
   end)
end)
