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
end)
