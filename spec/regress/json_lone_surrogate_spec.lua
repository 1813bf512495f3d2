-- A message whose text had half of a pair of surrogates ("\ud83d", cut off by some sender) was
-- accepted by Twilio with 201, and its SID was lost: cjson refuses the text, so create returned an
-- error of kind decode for a message that was sent.

local fake = require "support.fake"
local kinds = require "support.json_kinds"

local REPLACEMENT = "\239\191\189" -- U+FFFD

describe("a lone surrogate", function()
   it("doesn't cost the resource", function()
      local client = fake.client(
         nil,
         {
            status = 201, headers = {},
            body = [[{"sid":"SM1","body":"Hi \ud83d","price":null,"tags":[],"uris":{}}]],
         })
      local message = assert(client.messages:create { to = "+1", from = "+2", body = "x" })
      assert.same({ "SM1", "Hi " .. REPLACEMENT }, { message.sid, message.body })
   end)

   for _, kind in ipairs(kinds.all()) do
      it("is U+FFFD, and the rest is as sent, with " .. kind.name, function()
         local function check(expected, text) assert.equal(expected, kind.json.decode(text)) end
         check(REPLACEMENT, [["\ud83d"]])
         check(REPLACEMENT, [["\uDE00"]])
         check(REPLACEMENT .. "A", [["\ud83d\u0041"]])
         check(REPLACEMENT .. "😀", [["\ud83d\ud83d\ude00"]])
         check(REPLACEMENT .. REPLACEMENT, [["\ude00\ud83d"]])
         check([[\ud83d]], [["\\ud83d"]])
         check(REPLACEMENT, [["\ud83d]] .. '"')
         local text = [[{"a":[],"b":null,"c":{},"d":12345678901234567890,"e":0.5,"%s":1}]]
         assert.equal(
            text:format(REPLACEMENT),
            kind.json.encode(kind.json.decode(text:format [[\ud800]])))
      end)

      it("doesn't make JSON of what is none, with " .. kind.name, function()
         for _, text in ipairs {
            [["\ud83d]], [["\ud83"]], [["\ud83d",]], [[{"\ud83d"}]], [["\ud83d" "\u00zz"]],
         } do
            local value, message = kind.json.decode(text)
            assert.is_nil(value)
            assert.is_string(message)
         end
      end)
   end
end)
