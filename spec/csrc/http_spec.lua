-- http_spec.lua: the module twilio.core.http: its version, and that nothing else comes with it.

local process = require "support.process"

describe("twilio.core.http", function()
   it("tells libcurl's version, a usable one", function()
      local major, minor = require("twilio.core.http").curl_version:match "^(%d+)%.(%d+)"
      assert.is_true(tonumber(major) * 1000 + tonumber(minor) >= 7080)
   end)

   it("can be loaded by itself, without the other modules", function()
      local folder = process.folder()
      process.write(folder .. "/alone.lua", ([[
package.cpath = %q
require("twilio.core.http").session({}):close()
for name in pairs(package.loaded) do if name:find "^twilio" then print(name) end end
]]):format(package.cpath))
      assert.equal(
         "twilio.core.http",
         process.output("%s %s/alone.lua 2>&1", process.interpreter(), folder))
      process.forget(folder)
   end)

   it("names its classes in error messages", function()
      local session = require("twilio.core.http").session {}
      local ok, message = pcall(session.submit, io.stdout, {})
      session:close()
      assert.is_false(ok)
      assert.matches("twilio%.session expected, got userdata", message)
   end)
end)
