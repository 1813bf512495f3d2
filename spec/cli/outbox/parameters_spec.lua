-- outbox/parameters.lua: a message is checked when it is added.

local json = require "twilio.json"
local parameters = require "twilio.outbox.parameters"

local function with(fields)
   local item = { key = "k", to = "+1", from = "+2", body = "x" }
   for name, value in pairs(fields or {}) do item[name] = value end
   return item
end

local function message_of(item)
   local row, message = parameters.prepare(item)
   assert.is_nil(row)
   return message
end

it("keeps key, recipient and the parameters as JSON, the same each time", function()
   local item = with { media_url = { "https://a", "https://b" }, StatusCallback = "https://c" }
   local row = assert(parameters.prepare(item))
   assert.same({ "k", "+1" }, { row.key, row.recipient })
   assert.same({
      to = "+1", from = "+2", body = "x", media_url = { "https://a", "https://b" },
      StatusCallback = "https://c",
   }, json.decode(row.arguments))
   assert.equal(row.arguments, parameters.prepare(item).arguments)
   assert.equal("k", item.key)
   assert.equal("+9", parameters.prepare { key = "k", To = "+9", from = "+2", body = "x" }.recipient)
end)

it("refuses what messages:create would refuse", function()
   assert.matches("^unknown parameter 'form' %(did you mean 'from'%?%)", message_of(with { form = "x" }))
   assert.matches("'to'", message_of { key = "k", from = "+2", body = "x" })
end)

it("refuses a message without a usable key", function()
   assert.equal("a message is a table, got a string", message_of "x")
   assert.equal("a message needs a key, a text", message_of(with { key = false }))
   assert.equal("a message needs a key, a text", message_of(with { key = "" }))
   assert.equal("a message needs a key, a text", message_of(with { key = 7 }))
   assert.equal("a key has at most 255 bytes", message_of(with { key = ("x"):rep(256) }))
   assert.equal("the key holds a control character", message_of(with { key = "a\nb" }))
   assert.equal("the key holds a NUL (byte 2)", message_of(with { key = "a\0b" }))
   assert.equal("the key is not UTF-8 (byte 1)", message_of(with { key = "\255" }))
end)

it("refuses bytes that no database holds, and takes a NUL in a body, which JSON escapes", function()
   assert.matches("^a parameter is not UTF%-8", message_of(with { body = "Gr\246\223e" }))
   assert.matches("^a parameter is not UTF%-8", message_of(with { to = "+1\255" }))
   assert.matches("^parameter 'to' holds a NUL", message_of(with { to = "+1\0" }))
   local row = assert(parameters.prepare(with { body = "a\0b" }))
   assert.equal("a\0b", json.decode(row.arguments).body)
end)
