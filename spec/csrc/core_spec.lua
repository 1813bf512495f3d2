-- core_spec.lua: the module twilio.core: its version, what it doesn't load, and the room that its
-- functions make for their results.

local core = require "twilio.core"
local process = require "support.process"

describe("twilio.core", function()
   it("has functions, and the version that the Lua files have", function()
      for name, value in pairs(core) do
         assert.equal(name == "version" and "string" or "function", type(value), name)
      end
      assert.equal(require "twilio.util.version", core.version)
   end)

   it("loads neither libcurl nor libcrypto", function()
      local folder = process.folder()
      process.write(folder .. "/light.lua", ([[
package.cpath = %q
local core = require "twilio.core"
core.credentials { username = "u", password = "p" }:basic()
core.form_encode { "a", "b" }
for name in pairs(package.loaded) do if name:find "^twilio%%.core%%." then print(name) end end
for line in io.lines "/proc/self/maps" do if line:find "libcurl" or line:find "libcrypto" then print(line) end end
print "light"
]]):format(package.cpath))
      assert.equal(
         "light", process.output(
            "%s %s/light.lua 2>&1", process.interpreter(), folder))
      process.forget(folder)
   end)
end)

-- Short results are made on the C stack, longer ones in memory of Lua's.
describe("a result", function()
   it("is whole on both sides of the room on the stack, and at its edge", function()
      for _, size in ipairs { 0, 1, 340, 341, 342, 1022, 1023, 1024, 1025, 4000, 100000 } do
         local text, wanted = ("\1"):rep(size), ("%01"):rep(size)
         assert.equal(wanted, core.percent_encode(text))
         assert.equal("a=" .. wanted, core.form_encode { "a", text })
         assert.equal(text, core.form_decode("a=" .. wanted).a or "")
         assert.equal(text, core.form_value("b=1&a=" .. wanted, "a"))
         assert.equal(text, core.base64_decode(core.base64_encode(text)))
      end
   end)

   it("has the space that was asked for", function()
      assert.equal("a+b=c+d", core.form_encode { "a b", "c d" })
      assert.equal("a+b=c+d", core.form_encode({ "a b", "c d" }, "+"))
      assert.equal("a%20b=c%20d", core.form_encode({ "a b", "c d" }, "%20"))
      assert.is_false((pcall(core.form_encode, { "a", "b" }, "-")))
   end)

   it("holds the values of a repeated name in an array, in order", function()
      assert.same({ a = { "1", "2", "3" }, b = "" }, core.form_decode "a=1&b&a=2&a=3")
   end)
end)

describe("core.global", function()
   it("finds a global, and knows one that isn't there", function()
      assert.equal(string, core.global "string")
      assert.is_nil(core.global "no_such_global")
   end)

   it("asks no metamethod, and follows a table of globals behind the others", function()
      local before = getmetatable(_G)
      local function try(metatable)
         setmetatable(_G, metatable)
         local ok, value = pcall(core.global, "hidden")
         setmetatable(_G, before)
         return ok, value
      end
      assert.same({ true, nil }, { try { __index = function() error "not declared" end } })
      assert.same({ true, 7 }, { try { __index = { hidden = 7 } } })
   end)
end)
