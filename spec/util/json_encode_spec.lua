-- lua/twilio/util/json_encode.lua, as json.encode: values go out in one fixed spelling.

local json = require "twilio.json"
local number = require "twilio.util.number"

describe("json.encode", function()
   local function each(cases)
      for _, case in ipairs(cases) do assert.equal(case[2], (json.encode(case[1]))) end
   end

   it("writes each kind of value", function()
      each {
         { "text", '"text"' }, { 1, "1" }, { -3, "-3" }, { 1.5, "1.5" }, { true, "true" },
         { false, "false" }, { json.null, "null" },
      }
   end)

   it("sorts members by name", function()
      each { { { b = 1, a = 2, c = { z = 1, y = 2 } }, '{"a":2,"b":1,"c":{"y":2,"z":1}}' } }
   end)

   it("takes a sequence for an array and everything else for an object", function()
      each {
         { { 1, 2, 3 }, "[1,2,3]" }, { {}, "{}" }, { json.array {}, "[]" }, { json.array(), "[]" },
         { json.object {}, "{}" },
         { json.object { "a" }, '{"1":"a"}' }, { { [1] = "a", b = 2 }, '{"1":"a","b":2}' },
         { { { {} } }, "[[{}]]" },
      }
   end)

   it("keeps nulls and small holes in arrays", function()
      each { { { 1, json.null, 3 }, "[1,null,3]" }, { { 1, nil, 3 }, "[1,null,3]" } }
   end)

   it("doesn't make a million nulls of a table with a far index", function()
      assert.equal('{"1":"a","1000000":"b"}', json.encode { [1] = "a", [1000000] = "b" })
   end)

   it("writes whole numbers whole", function()
      each {
         { 3.0, "3" }, { 1e15, "1000000000000000" }, { 2 ^ 53 - 1, "9007199254740991" },
         { -0.0, "0" },
      }
      if math.type then
         each {
            { math.maxinteger, "9223372036854775807" }, { math.mininteger, "-9223372036854775808" },
         }
      end
   end)

   it("writes fractions that read back as the same number", function()
      for _, n in ipairs { 0.1, 1 / 3, 1e300, 1e-300, 123456.789, 2 ^ 60 + 2 ^ 10 } do
         assert.equal(n, number.parse(json.encode(n)))
      end
   end)

   it("escapes what JSON wants escaped, and only that", function()
      each {
         { 'a"b\\c/d\n\t\r\1', [["a\"b\\c/d\n\t\r\u0001"]] },
         { "grüße 😀", '"grüße 😀"' },
         { "a\0b", [["a\u0000b"]] },
         { { ['k"/'] = 1 }, [[{"k\"/":1}]] },
      }
   end)

   it("returns nil and a reason for what has no JSON form", function()
      local cycle = {}
      cycle.again = cycle
      local cases = {
         { print, "function" }, { { a = print }, "function" }, { { a = io.stdout }, "userdata" },
         { coroutine.create(function() end), "thread" },
         { 0 / 0, "number" }, { math.huge, "number" }, { -math.huge, "number" },
         { cycle, "nested" }, { { [true] = 1 }, "key" },
         { { [1] = "a", ["1"] = "b" }, "twice" },
      }
      for _, case in ipairs(cases) do
         local text, why = json.encode(case[1])
         assert.is_nil(text)
         assert.matches(case[2], why)
      end
   end)

   it("returns what decode reads back", function()
      local value = {
         a = { 1, 2, { b = "c" } }, d = "é\0\"", e = false, f = 1.25, g = json.array {},
      }
      assert.same(value, json.decode((json.encode(value))))
   end)
end)
