-- Null members are left out of the text that cjson decodes, and with them went whatever stood around
-- them: {"a":null^R} was taken, while {"a":1^R} is refused, and so was the first with its nulls kept.
-- Found by the fuzzer.

local json = require "twilio.json"

describe("a control character between tokens is refused", function()
   for byte = 0, 32 do
      local is_blank = byte == 9 or byte == 10 or byte == 13 or byte == 32
      it(("unless it is white space: %d"):format(byte), function()
         local c = string.char(byte)
         for _, text in ipairs {
            '{"a":null' .. c .. "}", '{"a":null' .. c .. ',"b":1}', '{"a":null,' .. c .. '"b":1}',
            '{"a"' .. c .. ':null,"b":null}', "{" .. c .. '"a":null}', "[null" .. c .. "]",
            '{"b":1,"a":' .. c .. 'null}', c .. '{"a":null}' .. c,
         } do
            for _, keep_nulls in ipairs { true, false } do
               local value = json.decode(text, keep_nulls)
               assert.equal(is_blank, value ~= nil, text)
            end
         end
      end)
   end
end)
