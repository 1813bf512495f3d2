-- digest_spec.lua: published vectors of the hashes and codings that core shows.

local core = require "twilio.core"

describe("core.sha256_hex", function()
   it("hashes", function()
      assert.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", require "twilio.core.crypto".sha256_hex "")
      assert.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", require "twilio.core.crypto".sha256_hex "abc")
      assert.equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", require "twilio.core.crypto".sha256_hex(("a"):rep(1000000)))
   end)
end)

describe("base64", function()
   local vectors = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
      { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\0\255\254>?", "AP/+Pj8=" } }

   it("encodes and decodes", function()
      for _, vector in ipairs(vectors) do
         assert.equal(vector[2], core.base64_encode(vector[1]))
         assert.equal(vector[1], core.base64_decode(vector[2]))
      end
   end)

   it("takes long texts in pieces", function()
      for extra = 0, 3 do
         local text = ("\1\2\3\4\5\6\7"):rep(500000) .. ("x"):rep(extra)
         assert.is_true(text == core.base64_decode(core.base64_encode(text)))
      end
   end)

   it("is strict about what it decodes", function()
      for _, bad in ipairs { "Zg", "Zg=", "Zg===", "Zg==Zg==", "Z===", "====", "=", "Zm 9v", " Zm9v", "Zm9v\n", "Zm9-", "Zm9\0", "=m9v", "Zh==", "Zm9=" } do
         local bytes, err = core.base64_decode(bad)
         assert.is_nil(bytes, bad)
         assert.equal("decode", err.kind)
      end
   end)
end)

describe("core.equal", function()
   it("compares", function()
      assert.is_true(require "twilio.core.crypto".equal("abc", "abc"))
      assert.is_true(require "twilio.core.crypto".equal("", ""))
      assert.is_false(require "twilio.core.crypto".equal("abc", "abd"))
      assert.is_false(require "twilio.core.crypto".equal("abc", "ab"))
      assert.is_false(require "twilio.core.crypto".equal("a\0b", "a\0c"))
   end)
end)
