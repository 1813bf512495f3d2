-- cli/output/cell.lua: values of an answer as text.

local cell = require "twilio.cli.output.cell"
local json = require "twilio.json"

it("a value is one text", function()
   assert.equal("x", cell.text "x")
   assert.equal("5", cell.text(5))
   assert.equal("true", cell.text(true))
   assert.equal("false", cell.text(false))
   assert.equal("", cell.text(nil))
   assert.equal("", cell.text(json.null))
   assert.equal('{"a":[1]}', cell.text { a = { 1 } })
end)

it("a record's fields are its own, and never its methods", function()
   local record = setmetatable({ sid = "SM1" }, { __index = { fetch = print } })
   assert.equal("SM1", cell.field(record, "sid"))
   assert.is_nil(cell.field(record, "fetch"))
   assert.is_nil(cell.field("text", "len"))
end)

it("names of fields are sorted, null ones among them", function()
   assert.same({ "a", "b", "c" }, cell.names(json.decode '{"c":1,"b":null,"a":2}'))
end)
