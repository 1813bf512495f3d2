-- lua/twilio/json.lua: what goes in comes out, in one fixed spelling; what is no JSON is refused
-- with a reason.

local json = require "twilio.json"

local is_integer = math.type and function(n)
   return math.type(n) == "integer"
end or function(n) return n % 1 == 0 end

describe("json.decode", function()
   it("reads every kind of value", function()
      local value = assert(
         json.decode '{"s":"t","n":1.5,"i":2,"t":true,"f":false,"a":[1,"x"],"o":{"k":"v"}}')
      assert.same(
         { s = "t", n = 1.5, i = 2, t = true, f = false, a = { 1, "x" }, o = { k = "v" } }, value)
   end)

   it("makes integers of whole numbers, wherever they stand", function()
      local value = assert(json.decode '{"i":3,"deep":{"list":[1,2.0,-7]},"f":0.5}')
      assert.is_true(is_integer(value.i))
      for _, n in ipairs(value.deep.list) do assert.is_true(is_integer(n)) end
      assert.equal("3", ("%s"):format(tostring(value.i)))
      assert.is_true(is_integer(json.decode "42"))
      assert.equal(0.5, value.f)
   end)

   it("leaves numbers that no integer can hold as they are", function()
      assert.equal(1e300, json.decode("[1e300]")[1])
   end)

   it("drops null members and keeps a lone null", function()
      local value = assert(json.decode '{"a":null,"b":{"c":null,"d":1}}')
      assert.is_nil(value.a)
      assert.is_nil(value.b.c)
      assert.equal(1, value.b.d)
      assert.equal(json.null, json.decode "null")
   end)

   it("keeps null members where it is asked to", function()
      local value = assert(json.decode('{"a":null,"b":[1,null],"c":{"d":null}}', true))
      assert.same({ a = json.null, b = { 1, json.null }, c = { d = json.null } }, value)
   end)

   it("reads escapes and UTF-8", function()
      assert.equal('é "\n/\0', json.decode [["\u00e9 \"\n\/\u0000"]])
      assert.equal("😀", json.decode [["\ud83d\ude00"]])
      assert.equal("grüße", json.decode '"grüße"')
   end)

   it("returns nil and a reason for what is no JSON", function()
      for _, text in ipairs {
         "", "  ", '{"sid": "SM', "{", "[1,", '{"a":}', "<html>", "{'a':1}", '{"a":1}x', "NaN",
         "[NaN]", "[Infinity]", '"\\x"', "tru", "{\"a\" 1}", "\0",
      } do
         local value, why = json.decode(text)
         assert.is_nil(value, text)
         assert.is_string(why, text)
         assert.is_nil(why:find("%.lua:%d"), why)
      end
   end)

   it("refuses what isn't text", function()
      for _, value in ipairs { {}, true, print } do
         local decoded, why = json.decode(value)
         assert.is_nil(decoded)
         assert.is_string(why)
      end
      assert.is_nil((json.decode(nil)))
   end)

   it("refuses nesting that would exhaust the stack", function()
      for _, depth in ipairs { 501, 10000, 1000000 } do
         local value, why = json.decode(("["):rep(depth) .. ("]"):rep(depth))
         assert.is_nil(value)
         assert.matches("nest", why)
      end
      assert.is_table(json.decode(("["):rep(400) .. ("]"):rep(400)))
      -- Also where numbers, or empty values, need another way through cjson.
      for _, inner in ipairs {
         "[[1]]", "[[18446744073709551616]]", "[[0.5]]", [=[[["\ud83d"]]]=], '{"a":[]},{"a":{}}',
      } do
         local text = ("["):rep(498) .. inner .. ("]"):rep(498)
         assert.is_table(json.decode(text))
         assert.equal(text:gsub("\\ud83d", "\239\191\189"), json.encode(json.decode(text)))
         assert.is_nil((json.decode("[" .. text .. "]")))
         assert.is_nil((json.decode(("["):rep(100000) .. inner)))
      end
   end)

   it("reads ten megabytes", function()
      local text = ("x"):rep(10 * 1024 * 1024)
      assert.equal(#text, #json.decode('{"body":"' .. text .. '"}').body)
   end)

   it("leaves the program's own cjson alone", function()
      local theirs = require "cjson"
      json.decode '{"a":1}'
      assert.equal(theirs.null, theirs.decode("[null]")[1])
      assert.has_no.errors(function() theirs.decode(("["):rep(600) .. ("]"):rep(600)) end)
   end)
end)

describe("json.verbatim", function()
   it("is written as what is in it, anywhere", function()
      assert.equal('{"a":{"b_c":[]}}', json.encode { a = json.verbatim { b_c = json.array {} } })
      assert.equal(
         '["x",1,null,{}]',
         json.encode {
            json.verbatim "x", json.verbatim(1), json.verbatim(nil),
            json.verbatim(json.verbatim {}),
         })
      assert.equal('"x"', json.encode(json.verbatim "x"))
   end)

   it("is known as such, and leaves the caller's table alone", function()
      local value = json.array { 1 }
      local verbatim = json.verbatim(value)
      assert.is_true(json.is_verbatim(verbatim))
      assert.is_false(json.is_verbatim(value))
      assert.is_false(json.is_verbatim "x")
      assert.equal("[1]", json.encode(verbatim))
   end)
end)
