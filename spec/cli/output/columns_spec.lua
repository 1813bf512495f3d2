-- cli/output/columns.lua: which fields a table shows.

local columns = require "twilio.cli.output.columns"

it("fields that tell most come first, links and tables are left out", function()
   local record = {
      uri = "/x", zebra = 1, sid = "SM1", status = "sent", links = {}, to = "+1", account_sid = "AC1",
      media_url = "http://x", price = { a = 1 },
   }
   assert.same({ "sid", "status", "to", "zebra" }, columns.of { record })
   assert.same({
      "sid", "status", "to", "price", "zebra", "account_sid", "links", "media_url", "uri",
   }, columns.of({ record }, true))
end)

it("fields are those of all records", function()
   assert.same({ "sid", "a", "b" }, columns.of { { sid = "1", b = 1 }, { sid = "2", a = 2 } })
end)
