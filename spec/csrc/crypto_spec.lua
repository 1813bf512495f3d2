-- crypto_spec.lua: the module twilio.core.crypto: its version, and that nothing else comes with it.

local process = require "support.process"

describe("twilio.core.crypto", function()
   it("tells the version of the OpenSSL that is loaded", function()
      assert.matches("%d+%.%d+", require("twilio.core.crypto").openssl_version)
   end)

   it("loads no libcurl, and can be loaded by itself", function()
      local folder = process.folder()
      process.write(folder .. "/alone.lua", ([[
package.cpath = %q
require("twilio.core.crypto").validator("k"):close()
for name in pairs(package.loaded) do if name:find "^twilio" then print(name) end end
for line in io.lines "/proc/self/maps" do if line:find "libcurl" then print(line) break end end
]]):format(package.cpath))
      assert.equal(
         "twilio.core.crypto",
         process.output("%s %s/alone.lua 2>&1", process.interpreter(), folder))
      process.forget(folder)
   end)

   it("raises for arguments that are no texts", function()
      local crypto = require "twilio.core.crypto"
      assert.matches(
         "bad argument #1 to '[^']+' %(string expected, got table%)",
         select(2, pcall(crypto.sha256_hex, {})))
      assert.matches(
         "bad argument #2 to '[^']+' %(string expected, got nil%)",
         select(2, pcall(crypto.equal, "a", nil)))
   end)

   it("makes HMACs (RFC 2202, RFC 4231), also of a key and a text with NULs", function()
      local crypto = require "twilio.core.crypto"
      local function hex(text)
         return (text:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
      end
      local text = "what do ya want for nothing?"
      assert.equal(
         "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", hex(crypto.hmac("SHA1", "Jefe", text)))
      assert.equal(
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
         hex(crypto.hmac("SHA256", "Jefe", text)))
      assert.equal(64, #crypto.hmac("SHA512", "\0key\0", "\0\0\0\0\0\0\0\1"))
      assert.matches(
         "no hash function that OpenSSL has", select(2, pcall(crypto.hmac, "ROT13", "k", "t")))
   end)
end)
