-- tools/openapi/json.lua: JSON that is kept in the repository.

package.path = "tools/?.lua;" .. package.path

local cjson = require "cjson"
local json = require "openapi.json"

describe("JSON to keep", function()
   it("is sorted, with short values on a line, and reads back", function()
      local value = {
         b = { 1, 2 }, a = { x = { y = ("long "):rep(30), z = true } }, c = { ["q\"\n\\\1"] = {} },
         empty = json.empty_array,
      }
      local text = json.encode(value)
      assert.equal(([[
{
 "a": {
  "x": {
   "y": "LONG",
   "z": true
  }
 },
 "b": [1, 2],
 "c": {"q\"\n\\\u0001": {}},
 "empty": []
}
]]):gsub("LONG", ("long "):rep(30)), text)
      value.empty = {}
      assert.same(value, cjson.decode(text))
   end)
end)
