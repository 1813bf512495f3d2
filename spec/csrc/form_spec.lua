-- form_spec.lua: percent-encoding and forms, against what Python's urlencode and browsers do.

local core = require "twilio.core"

local all = {}
for byte = 0, 255 do all[#all + 1] = string.char(byte) end
all = table.concat(all)

describe("core.percent_encode", function()
   it("leaves the unreserved alone and encodes every other byte in capitals", function()
      local kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
      assert.equal(kept, core.percent_encode(kept))
      local encoded = core.percent_encode(all)
      assert.equal(#kept + 3 * (256 - #kept), #encoded)
      assert.equal(all, (encoded:gsub("%%([0-9A-F][0-9A-F])", function(hex)
         return string.char(tonumber(hex, 16))
      end)))
      assert.equal("a%20b%2Fc%00%C3%BC", core.percent_encode("a b/c\0ü"))
      assert.equal("", core.percent_encode(""))
   end)
end)

describe("core.form_encode", function()
   it("writes what urlencode writes", function()
      assert.equal(
         "a+b=c%26%3D%2B&x=%2A%27%28%29%21~", core.form_encode { "a b", "c&=+", "x", "*'()!~" })
      assert.equal(
         "To=%2B15558675310&To=%2B1&Body=",
         core.form_encode { "To", "+15558675310", "To", "+1", "Body", "" })
      assert.equal("", core.form_encode {})
      assert.equal("a%20b=c%20d", core.form_encode({ "a b", "c d" }, "%20"))
   end)

   it("takes long texts whole", function()
      local long = all:rep(4096)
      local encoded = core.form_encode { "a", long, "b", long }
      assert.same({ a = long, b = long }, core.form_decode(encoded))
   end)

   it("raises for what isn't pairs of strings", function()
      assert.has_error(function() core.form_encode { "a" } end)
      assert.has_error(function() core.form_encode { "a", 1 } end)
      assert.has_error(function() core.form_encode { "a", {} } end)
      assert.has_error(function() core.form_encode "a=b" end)
      assert.has_error(function() core.form_encode({}, "-") end)
   end)
end)

describe("core.form_decode", function()
   it("reads pairs", function()
      assert.same({ a = "1", b = "x y", c = "" }, core.form_decode "a=1&b=x+y&c")
      assert.same({ a = "b=c" }, core.form_decode "a=b=c")
      assert.same({ [""] = "x" }, core.form_decode "=x")
      assert.same({ a = "" }, core.form_decode "&&a&&")
      assert.same({}, core.form_decode "")
      assert.same({}, core.form_decode "&")
   end)

   it("keeps the values of a repeated name in their order", function()
      assert.same({ a = { "1", "2", "1" }, b = "x" }, core.form_decode "a=1&b=x&a=2&a=1")
   end)

   it("takes what isn't valid for itself", function()
      assert.same(
         { a = "%", b = "%4", c = "%zz", d = "%%41" }, core.form_decode "a=%&b=%4&c=%zz&d=%%2541")
      assert.same({ a = "%2", ["%"] = "" }, core.form_decode "a=%2&%")
   end)

   it("decodes names too, and bytes of any value", function()
      assert.same({ ["a b&"] = "\0\255ü" }, core.form_decode "a+b%26=%00%ff%C3%bc")
      assert.same({ ["\200"] = "\255\128" }, core.form_decode "\200=\255\128")
   end)

   -- The reader looks at sixteen bytes at a time: every length and place of the bytes that matter
   -- must come out the same.
   it("gives the same wherever the pairs stand", function()
      for length = 0, 40 do
         local text = ("v"):rep(length)
         local body = ("n"):rep(length) .. "=" .. text .. "%2B" .. text .. "+" .. text .. "&z="
            .. text
         local expected = { [("n"):rep(length)] = text .. "+" .. text .. " " .. text, z = text }
         assert.same(expected, core.form_decode(body))
      end
   end)

   it("undoes form_encode for any bytes", function()
      math.randomseed(7)
      for _ = 1, 300 do
         local flat, expected = {}, {}
         for i = 1, math.random(0, 6) do
            local text = {}
            for j = 1, math.random(0, 40) do text[j] = string.char(math.random(0, 255)) end
            flat[2 * i - 1], flat[2 * i] = "k" .. i, table.concat(text)
            expected["k" .. i] = table.concat(text)
         end
         assert.same(expected, core.form_decode(core.form_encode(flat)))
      end
   end)

   it("gives a name's value, and says if there is another one", function()
      local function is(text, name, value, another)
         local got, more = core.form_value(text, name)
         assert.equal(value, got)
         assert.equal(another, more)
      end
      is("a=1&b=x+y&c", "b", "x y")
      is("a=1&b=x+y&c", "c", "")
      is("a=1&b=x+y&c", "d", nil)
      is("", "a", nil)
      is("&&", "", nil)
      is("=x", "", "x")
      is("a=1&b=2&a=1&%61=1", "a", "1")
      is("a=1&b=2&a=1&%61=2", "a", "1", true)
      is("a=1&a", "a", "1", true)
      is("a&a=1", "a", "", true)
      is("A=1&aa=2&a%00=3", "a", nil)
      is("a%00=3", "a\0", "3")
      is(
         ("x"):rep(5000) .. "=1&b=" .. ("y"):rep(5000) .. "&b=" .. ("y"):rep(4999), "b",
         ("y"):rep(5000), true)
      assert.has_error(function() core.form_value("a=1") end)
      assert.has_error(function() core.form_value({}, "a") end)
   end)

   it("gives the same value as a table of all, for any bytes", function()
      math.randomseed(13)
      local alphabet = {
         "%", "+", "&", "=", "a", "b", "ab", "%61", "\0", "\255", "&a=", "&b=", "x",
      }
      for _ = 1, 3000 do
         local text = {}
         for i = 1, math.random(0, 60) do text[i] = alphabet[math.random(#alphabet)] end
         text = table.concat(text)
         for _, name in ipairs { "a", "b", "ab", "" } do
            local values = core.form_decode(text)[name]
            local value, another = core.form_value(text, name)
            local list, differ = type(values) == "table" and values or { values }, nil
            for i = 2, #list do differ = differ or list[i] ~= list[1] or nil end
            assert.equal(list[1], value)
            assert.equal(differ, another)
         end
      end
   end)

   it("survives any bytes", function()
      math.randomseed(11)
      local alphabet = {
         "%", "+", "&", "=", "a", "4", "F", "\0", "\255", ",", "%41", "!", "&&", "%%",
      }
      for _ = 1, 3000 do
         local text = {}
         for i = 1, math.random(0, 50) do text[i] = alphabet[math.random(#alphabet)] end
         assert.is_table(core.form_decode(table.concat(text)))
      end
   end)
end)
