-- A proxy answered 502 with {"code": {...}}. The object was kept as the error's code, and
-- tostring(err), that is every log line about it, raised "attempt to concatenate a table value". A
-- code is a number or text, whatever an answer holds.

local fake = require "support.fake"

it("an error whose code is an object has a text", function()
   for _, body in ipairs {
      '{"code":{"a":1},"message":"m"}', '{"code":[],"message":5}',
      '{"schemas":["s"],"detail":"d","scimType":{}}',
   } do
      local client = fake.client({ max_retries = 0 }, { status = 502, headers = {}, body = body })
      local value, err = client.messages("SM1"):fetch()
      assert.is_nil(value)
      assert.is_nil(err.code)
      assert.matches("HTTP 502", tostring(err))
   end
end)
