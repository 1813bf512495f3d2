-- cli/output/json.lua: JSON on one line and indented, safe for a terminal.

local json = require "twilio.json"
local pretty = require "twilio.cli.output.json"

describe("JSON", function()
   it("has nothing that a terminal obeys, and says the same", function()
      local value = { "\27[31m", "\127", "\194\155", "\226\128\174x", "gr\195\188n", "\255" }
      local text = pretty.line(json.array(value))
      assert.equal(
         '["\\u001b[31m","\\u007f","\\u009b","\\u202ex","gr\195\188n","\239\191\189"]', text)
      value[6] = "\239\191\189"
      assert.same(value, json.decode(text))
   end)

   it("is indented as one expects", function()
      assert.equal([[
{
  "a": [
    1,
    {
      "b": "x, \"y\": [z] {"
    }
  ],
  "c": {},
  "d": [],
  "e": "\\"
}]], pretty.indented(json.encode {
         a = json.array { 1, { b = 'x, "y": [z] {' } }, c = json.object {}, d = json.array {}, e = "\\",
      }))
   end)

   it("keeps digits, nulls and empty lists when indented", function()
      local text = '{"big":12345678901234567890,"list":[],"none":null,"price":-0.0075}'
      assert.equal(text, (pretty.indented(text):gsub("%s", "")))
   end)
end)
