-- csrc/cjson_scan.c: the text that cjson is given to decode. spec/csrc/cjson_fix_spec.lua has the
-- tables that are made of it.

local core = require "twilio.core"
local growth = require "support.growth"

local function new_table() return {} end

-- The text that reaches cjson.
local function given(text, mend, keep_nulls)
   local seen
   local function decode(ready)
      seen = ready
      return true
   end
   core.json_decode(text, keep_nulls, decode, { {}, false, new_table }, mend)
   return seen
end

describe("the text that cjson decodes", function()
   it("is the one that was received", function()
      for _, text in ipairs {
         "{}", "[]", '{"a":[],"b":{ }}', "[null,1]", "[12345678901234567890]", "", '["\\ud83d"]',
         "[0.5", "{",
      } do
         assert.equal(text, given(text))
      end
   end)

   it("has no null members", function()
      local cases = {
         { '{"a":null}', "{}" }, { '{ "a" : null }', "{}" }, { '{"a":null,"b":1}', '{"b":1}' },
         { '{"a":1,"b":null}', '{"a":1}' }, { '{"a":1, "b":null , "c": 2 }', '{"a":1,"c": 2 }' },
         { '{"a":null,"b":null}', "{}" },
         { '{"a":null,"b":null,"c":[],"d":null,"e":null,"f":"null"}', '{"c":[],"f":"null"}' },
         { '{"a":{"b":null,"c":{"d":null},"e":null},"f":null}', '{"a":{"c":{}}}' },
         { '[{"a":null},null,{"b":[null]}]', '[{},null,{"b":[null]}]' },
         { ' {"":null,"\127":1}\n', ' {"\127":1}\n' },
         -- names that are alike in all that is compared first
         { '{"a1b2c":null,"a2b1c":1}', '{"a2b1c":1}' },
      }
      for _, case in ipairs(cases) do
         assert.equal(case[2], given(case[1]))
         assert.equal(case[1], given(case[1], false, true), "nulls are kept")
      end
      local large = "[" .. ('{"name":"value","none":null},'):rep(5000) .. "1]"
      assert.equal("[" .. ('{"name":"value"},'):rep(5000) .. "1]", given(large))
   end)

   it("is the one that was received where cjson may refuse it, or a name may stand twice", function()
      for _, text in ipairs {
         '{"a":null,}', '{"a":null "b":1}', '{"a":nul}', '{"a":nullx}', '{"a":null', '{"a":null,"b"',
         '{"a":null]', '{"a\0":null}', '{"a":null,"b":}',
      } do
         assert.equal(text, given(text))
      end
      for _, text in ipairs {
         '{"a":null,"a":1}', '{"a":1,"a":null}', [[{"\u0061":null,"a":1}]], '{"b":null,"a":[],"a":{}}',
      } do
         assert.equal(text, given(text))
      end
   end)

   it("has a lone surrogate and decimals replaced where they are to be mended", function()
      local cases = {
         { [["\ud83d"]], [["\ufffd"]] }, { [["\uDC00\ud83d\ude00"]], [["\ufffd\ud83d\ude00"]] },
         { [["\ud83d\u0041"]], [["\ufffd\u0041"]] },
         { [["\ud83d\ud83d\ude00"]], [["\ufffd\ud83d\ude00"]] }, { "0.5", "null" },
         { "[-1.5E-3]", "[null]" }, { '["0.5",1.25]', '["0.5",null]' },
         { [[["\"\ud83d",0.5,"\\"]=]], [[["\"\ufffd",null,"\\"]=]] },
      }
      for _, case in ipairs(cases) do assert.equal(case[2], given(case[1], true)) end
      for _, text in ipairs {
         [["\\ud83d"]], [["\ud83d\ude00"]], "1", "1e5", "01.5", "1.", ".5", "1.5e", [["\u12"]],
         [["\]], '"', "[", "-", [["\ufffd"]], "1.5.5", "-.5",
      } do
         assert.is_nil(given(text, true), text)
      end
   end)

   it("is made in linear time of an object with many names that are alike", function()
      growth.check(given, function(size)
         local members = {}
         for i = 1, size / 32 do
            members[i] = ('"a%08dMMMMMM%08dz":1'):format(i, 99999999 - i)
         end
         return "{" .. table.concat(members, ",") .. "}"
      end, 2 ^ 20, "names")
   end)

   it("is made in linear time", function()
      local pieces = {
         "[", "[ ", '"', "\\", "{}", "[]", '"a":[],', '"a":{},', "1", "0.5,", "[null,", '\\"',
         "\\ud83d", " ", '"' .. ("1"):rep(16) .. '",', '{"a":null,', '"a":null,', '"a":1,"b":null,',
      }
      for _, piece in ipairs(pieces) do
         for _, mend in ipairs { false, true } do
            local function make(size) return "[[],{}," .. piece:rep(math.floor(size / #piece)) end
            growth.check(function(text) given(text, mend) end, make, 2 ^ 20, piece)
         end
      end
   end)
end)
