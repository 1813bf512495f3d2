-- csrc/ascii.h: the letters A to Z, and no other byte, have a lower and an upper case.
-- spec/regress/locale_spec.lua has the same in other locales.

local core = require "twilio.core"

describe("the case of letters", function()
   local all = {}
   for byte = 0, 255 do all[#all + 1] = string.char(byte) end
   all = table.concat(all)

   it("changes A to Z and nothing else", function()
      local lower, upper = core.lower(all), core.upper(all)
      for i = 1, #all do
         local byte = all:byte(i)
         local is_upper, is_lower = byte >= 65 and byte <= 90, byte >= 97 and byte <= 122
         assert.equal(is_upper and byte + 32 or byte, lower:byte(i))
         assert.equal(is_lower and byte - 32 or byte, upper:byte(i))
      end
   end)

   it("is changed in texts of any size", function()
      for _, size in ipairs { 0, 1, 255, 256, 257, 100000 } do
         assert.equal(("a"):rep(size), core.lower(("A"):rep(size)))
         assert.equal(("A"):rep(size), core.upper(("a"):rep(size)))
         assert.equal(("a"):rep(size), core.lower(("a"):rep(size)))
      end
   end)

   it("is no matter in the names of headers that belong to libcurl", function()
      local session = require("twilio.core.http").session {}
      for _, name in ipairs { "Content-Length", "TRANSFER-ENCODING", "transfer-encoding" } do
         local id, err = session:submit {
            method = "GET", url = "http://127.0.0.1:1/", headers = { [name] = "1" },
         }
         assert.is_nil(id, name)
         assert.matches("are written by the engine", err.message, 1, true)
      end
      session:close()
   end)
end)
