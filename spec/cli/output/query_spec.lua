-- cli/output/query.lua: a dotted path into an answer.

local json = require "twilio.json"
local query = require "twilio.cli.output.query"

describe("a path", function()
   local answer = json.decode '{"sid":"SM1","links":{"media":"/m"},"list":[{"a":1},{"a":2},{}],"0":"zero"}'

   it("leads through objects and lists", function()
      assert.equal("SM1", query.at(answer, "sid"))
      assert.equal("/m", query.at(answer, "links.media"))
      assert.equal(1, query.at(answer, "list.0.a"))
      assert.same({}, query.at(answer, "list.-1"))
      assert.equal("zero", query.at(answer, "0"))
   end)

   it("takes a name of every item of a list", function()
      assert.same({ 1, 2 }, query.at(answer, "list.a"))
   end)

   it("leads nowhere", function()
      for _, path in ipairs { "x", "sid.x", "list.9", "links.media.x" } do
         assert.is_nil(query.at(answer, path))
      end
   end)
end)

it("a method of a record is no field", function()
   assert.is_nil(query.at(setmetatable({}, { __index = { fetch = print } }), "fetch"))
end)
