-- digest_spec.lua: published vectors of SHA-256, and the comparison in constant time. (The HMACs
-- are in signer_spec.lua and validator_spec.lua, which show them.)

local crypto = require "twilio.core.crypto"

describe("core.sha256_hex", function()
   it("hashes", function()
      assert.equal(
         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", crypto.sha256_hex "")
      assert.equal(
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", crypto.sha256_hex "abc")
      assert.equal(
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
         crypto.sha256_hex(("a"):rep(1000000)))
   end)
end)

describe("core.equal", function()
   it("compares", function()
      assert.is_true(crypto.equal("abc", "abc"))
      assert.is_true(crypto.equal("", ""))
      assert.is_false(crypto.equal("abc", "abd"))
      assert.is_false(crypto.equal("abc", "ab"))
      assert.is_false(crypto.equal("a\0b", "a\0c"))
   end)
end)
