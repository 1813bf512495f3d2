-- csrc/cjson_text.c: the tokens of the text that was received, beside the tables that cjson has
-- made.

local core = require "twilio.core"
local growth = require "support.growth"

local cjson = require "cjson"

local function new_table() return {} end

local function marks() return { {}, false, new_table } end

describe("the text that was received", function()
   local function names_of(text)
      local names = {}
      local function mark(_, nulls)
         for name in pairs(nulls) do names[#names + 1] = name end
         return {}
      end
      core.json_decode(text, false, cjson.decode, { {}, false, mark })
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
