-- csrc/cjson_text.c: what cjson is given to decode: the text itself, or a copy in which arrays that
-- begin with null stand for what cjson can't tell.

local core = require "twilio.core"
local growth = require "support.growth"

local cjson = require "cjson"

-- The text that reaches cjson.
local function given(text, mend, told)
   local seen
   local function decode(ready)
      seen = ready
      return true
   end
   core.json_decode(text, false, decode, { {}, told or false, {}, print, print, decode }, mend)
   return seen
end

describe("the text that cjson decodes", function()
   it("is the one that was received where all can be told", function()
      for _, text in ipairs {
         "{}", "[]", "[[],[ ]]", '{"a":{}}', '{"a":[],"b":{}}', '{"a":[],"b":{ },"c":[{"a":[\n]}]}',
         '["[]",{"a":"{}"}]', "[null,1]",
         '{"id":123456789012345}', '["1234567890123","[]"]', "", '[{"" :[]},{"x":{}}]',
         '{"a":"\\",\\"x\\"","b":1}',
      } do
         assert.equal(text, given(text))
      end
   end)

   it("is an escaped copy where a name has both kinds of empty values, or is unclear", function()
      assert.equal('[{"a":[null]},{"a":{}}]', given '[{"a":[]},{"a":{}}]')
      assert.equal("[[null],{}]", given "[[ ],{}]")
      assert.equal('{"a\\"b":[null],"c":{}}', given '{"a\\"b":[],"c":{}}')
      assert.equal(
         '[{"a":[null]},{"a":{}},[null,null,"[]"]]', given '[{"a":[]},{"a":{}},[ null,"[]"]]')
      -- Text in a string that looks like a member of the other kind.
      assert.equal('{"a":[null],"b":"\\"a\\":{}","c":{}}', given '{"a":[],"b":"\\"a\\":{}","c":{}}')
      local many = {}
      for i = 1, 17 do many[i] = ('"%d":[]'):format(i) end
      local text = "{" .. table.concat(many, ",") .. ',"x":{}}'
      assert.equal((text:gsub("%[%]", "[null]")), given(text))
      assert.equal(text, given(text, false, true))
   end)

   it("is an escaped copy where an integer is long", function()
      assert.equal(
         '[[null,"1234567890123456"],1.1234567890123456,1e1234567890123456]',
         given "[1234567890123456,1.1234567890123456,1e1234567890123456]")
      assert.equal(
         '{"a":[null,"-12345678901234567890"],"b":"1234567890123456"}',
         given '{"a":-12345678901234567890,"b":"1234567890123456"}')
      for _, text in ipairs {
         "[01234567890123456]", '["1234567890123456","\\"12345678901234567"]', "[-]",
         "1234567890123456e",
      } do
         assert.equal(text, given(text))
      end
   end)

   it("has a lone surrogate and decimals escaped where they are to be mended", function()
      local cases = {
         { [["\ud83d"]], [["\ufffd"]] }, { [["\uDC00\ud83d\ude00"]], [["\ufffd\ud83d\ude00"]] },
         { [["\ud83d\u0041"]], [["\ufffd\u0041"]] },
         { [["\ud83d\ud83d\ude00"]], [["\ufffd\ud83d\ude00"]] }, { "0.5", '[null,"0.5"]' },
         { "[-1.5E-3]", '[[null,"-1.5E-3"]]' },
         { '["0.5",1.25]', '["0.5",[null,"1.25"]]' },
      }
      for _, case in ipairs(cases) do assert.equal(case[2], given(case[1], true)) end
      for _, text in ipairs {
         [["\\ud83d"]], [["\ud83d\ude00"]], "1", "1e5", "01.5", "1.", ".5", "1.5e", [["\u12"]],
         [["\]], '"', "[", "-",
      } do
         assert.is_nil(given(text, true), text)
      end
   end)

   it("is made in linear time", function()
      local pieces = {
         "[", "[ ", '"', "\\", "{}", "[]", '"a":[],', '"a":{},', "1", "0.5,", "[null,", '\\"',
         "\\ud83d", " ", '"' .. ("1"):rep(16) .. '",',
      }
      for _, piece in ipairs(pieces) do
         for _, mend in ipairs { false, true } do
            local function make(size) return "[[],{}," .. piece:rep(math.floor(size / #piece)) end
            growth.check(function(text) given(text, mend) end, make, 2 ^ 20, piece)
         end
      end
   end)
end)

it("cjson and its null are what they are taken for", function()
   assert.equal("userdata", type(cjson.null))
   assert.equal(cjson.null, cjson.decode "null")
end)
