-- 9007199254740993 came back as 9007199254740992: cjson reads every number as a double. Newer ones
-- read 64-bit integers, but 18446744073709551616 as 9223372036854775807.

local kinds = require "support.json_kinds"
local twilio_json = require "twilio.json"

local has_integers = math.type ~= nil

describe("an integer in JSON", function()
   for _, kind in ipairs(kinds.all()) do
      local json = kind.json

      it("keeps its digits, with " .. kind.name, function()
         for _, digits in ipairs {
            "0", "-1", "9007199254740991", "9007199254740992", "9007199254740993",
            "-9007199254740993", "123456789012345678", "9223372036854775807",
            "-9223372036854775808", "9223372036854775808", "-9223372036854775809",
            "18446744073709551615", "18446744073709551616",
            "100000000000000000000", "1267650600228229401496703205376",
            "98765432109876543210987654321098765432109876543210", ("9"):rep(400),
         } do
            local value = assert(json.decode('{"a":[' .. digits .. '],"b":' .. digits .. "}"))
            assert.equal('{"a":[' .. digits .. '],"b":' .. digits .. "}", json.encode(value))
            assert.equal(type(value.b), type(json.decode(digits)))
            value.b = 5
            value.a[1] = "text"
            assert.equal('{"a":["text"],"b":5}', json.encode(value))
         end
      end)

      it("is Lua's integer, a double that holds it, or else text, with " .. kind.name, function()
         local value = json.decode(
            "[9007199254740993,9007199254740994,18446744073709551616,18446744073709551617]")
         if has_integers then
            assert.equal("integer", math.type(value[1]))
            assert.equal(2 ^ 53 + 2, value[2])
         else
            assert.equal("9007199254740993", value[1])
            assert.equal(9007199254740994, value[2])
         end
         assert.equal(2 ^ 64, value[3])
         assert.equal("18446744073709551617", value[4])
      end)

      it("beyond any double doesn't stop the rest, with " .. kind.name, function()
         assert.equal(
            '[1e999,-1e999,{"a":1e999}]',
            json.encode(json.decode '[1e999,-1e400,{"a":1e1234567890123456789}]'))
         local text = "[" .. ("1"):rep(1e6) .. "]"
         assert.equal(text, json.encode(json.decode(text)))
         assert.is_nil((json.decode "[01234567890123456789]"))
      end)
   end

   it("goes out with its digits", function()
      if has_integers then
         assert.equal("[9007199254740993]", twilio_json.encode { 9007199254740993 })
      end
      assert.equal(
         "[100000000000000000000,-9007199254740994]", twilio_json.encode {
            1e20, -9007199254740994,
         })
   end)
end)
