-- sandbox/lua/twilio/sandbox/schema/convert.lua: values as fields of an answer.

local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"

describe("sandbox.schema.convert", function()
   local function value(kind, given)
      return convert.value(kind, given)
   end

   it("makes values of a field's kind, or none", function()
      assert.equal(5, value({ kind = "integer" }, "5"))
      assert.is_nil(value({ kind = "integer" }, "5.5"))
      assert.is_nil(value({ kind = "integer", low = 1, high = 4 }, 5))
      assert.equal("5", value({ kind = "string" }, 5))
      assert.is_nil(value({ kind = "string", low = 2 }, "x"))
      assert.is_true(value({ kind = "boolean" }, "true"))
      assert.is_false(value({ kind = "boolean" }, false))
      assert.is_nil(value({ kind = "boolean" }, "perhaps"))
      assert.equal("Thu, 01 Jan 1970 00:00:00 +0000", value({ kind = "rfc2822" }, 0))
      assert.equal(
         "2024-01-02T03:04:05Z", value({ kind = "date-time" }, "Tue, 02 Jan 2024 03:04:05 +0000"))
      assert.equal("2024-01-02", value({ kind = "date" }, "2024-01-02T03:04:05Z"))
      assert.is_nil(value({ kind = "date" }, "yesterday"))
      assert.is_nil(value({ kind = "date" }, 1e300))
      assert.is_nil(value({ kind = "rfc2822" }, -1e300))
      assert.equal(
         "SM" .. ("a"):rep(32), value({ kind = "sid", prefixes = "SM|MM" }, "SM" .. ("a"):rep(32)))
      assert.is_nil(value({ kind = "sid", prefixes = "SM|MM" }, "CA" .. ("a"):rep(32)))
      assert.is_nil(value({ kind = "enum", values = { a = true } }, "b"))
      assert.is_nil(value({ kind = "uri" }, "not one"))
      assert.equal(json.null, value({ kind = "integer", nullable = true }, json.null))
      assert.is_nil(value({ kind = "integer" }, json.null))
   end)

   it("takes structures only whole", function()
      local list = { kind = "array", items = { kind = "integer" } }
      assert.same({ 1, 2 }, value(list, { "1", 2 }))
      assert.same({ 1 }, value(list, "1"))
      assert.is_nil(value(list, { "x" }))
      local object = {
         kind = "object", required = { a = true },
         properties = { { name = "a", schema = { kind = "integer" } } },
      }
      assert.same({ a = 1, b = "kept" }, value(object, { a = "1", b = "kept" }))
      assert.is_nil(value(object, { b = 1 }))
      object.extra = false
      assert.same({ a = 1 }, value(object, { a = "1", b = "dropped" }))
   end)
end)
