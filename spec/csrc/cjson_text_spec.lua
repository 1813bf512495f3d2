-- csrc/cjson_text.c: the text that cjson is given to decode, and the tokens of the text that was
-- received, which is read beside the tables that cjson has made.

local core = require "twilio.core"
local growth = require "support.growth"

local cjson = require "cjson"

local function new_table() return {} end

local function marks() return { {}, false, {}, new_table, new_table } end

-- The text that reaches cjson.
local function given(text, mend)
   local seen
   local function decode(ready)
      seen = ready
      return true
   end
   core.json_decode(text, false, decode, marks(), mend)
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

describe("the text that was received", function()
   local function names_of(text)
      local names = {}
      local function extend(shape, name)
         names[#names + 1] = name
         return { nil, shape, name }
      end
      core.json_decode(text, false, cjson.decode, { {}, false, {}, extend, new_table })
      return names
   end

   it("has names as cjson decodes them, with escapes", function()
      assert.same({ 'a"\\/\b\f\n\r\t' }, names_of [[{"a\"\\\/\b\f\n\r\t":null}]])
      assert.same({ "é€😀\0A" }, names_of [[{"\u00e9\u20AC\ud83d\ude00\u0000\u0041":null}]])
      assert.same({ "" }, names_of '{"":null}')
      assert.same({ ("n"):rep(100) }, names_of('{"' .. ("n"):rep(100) .. '":null}'))
   end)

   it("may be another than the decoded one, or none, and nothing is read beyond its end", function()
      local values = {
         function() return {} end, function() return { {}, { a = {} } } end,
         function() return { a = cjson.null, b = { 1.5 } } end, function() return cjson.null end,
         function() return 5 end, function() return "x" end,
      }
      local texts = {
         "", " ", "[", "{", '"', '{"', '{"a', '{"a"', '{"a":', '{"a":n', '{"a":t', "[f", "[n", "[-",
         "[1", "[1.", "[x", "{1", '{"a"x', '{"a":x', "[[", '[{"a":[', "]", "1", "-", "[1,", "[,",
         '[{"a":null},{"a":{}}]', '{"a":[[[[]]]],"b":1}', '{"a":"\\', '{"\\":1', "{\0", "[\0",
      }
      for _, text in ipairs(texts) do
         for _, make in ipairs(values) do
            for _, mend in ipairs { false, true } do
               core.json_decode(text, false, make, marks(), mend)
            end
         end
      end
   end)

   it("is read in linear time", function()
      local pieces = {
         "[", "{", '{"a":', '"', "\\", "[],", '"a":[],', "1", "1,", "0.5,", "null,", '"\\"",', " ",
         '"' .. ("\\"):rep(100),
      }
      for _, piece in ipairs(pieces) do
         local function make(size) return "[[" .. piece:rep(math.floor(size / #piece)) end
         local function read(text)
            core.json_decode(text, false, function() return { {} } end, marks())
         end
         growth.check(read, make, 2 ^ 20, piece)
      end
   end)
end)

it("cjson and its null are what they are taken for", function()
   assert.equal("userdata", type(cjson.null))
   assert.equal(cjson.null, cjson.decode "null")
end)
