-- sandbox/lua/twilio/sandbox/schema/schemas.lua, convert.lua and answer.lua: from a record to an answer of the right
-- kinds. That all answers of the API are valid is tools/sandbox_conformance.sh's matter.

local answer = require "twilio.sandbox.schema.answer"
local convert = require "twilio.sandbox.schema.convert"
local ids = require "twilio.sandbox.state.ids"
local json = require "twilio.json"
local shape = require "twilio.sandbox.schema.schemas"

describe("sandbox.shape", function()
   it("reads an operation's answer, once", function()
      local it = shape.of("api_v2010", "POST /2010-04-01/Accounts/{}/Messages.json")
      assert.equal("object", it.kind)
      assert.equal(it, shape.of("api_v2010", "POST /2010-04-01/Accounts/{}/Messages.json"))
      assert.same({ "sid", "SM|MM", true }, { shape.property(it, "sid").shape.kind, shape.property(it, "sid").shape.prefixes,
         shape.property(it, "sid").shape.nullable })
      assert.is_true(shape.property(it, "status").shape.values.delivered)
      assert.is_nil(shape.property(it, "nonsense"))
      assert.is_nil(shape.of("api_v2010", "DELETE /2010-04-01/Accounts/{}/Messages/{}.json"))
   end)
end)

describe("sandbox.convert", function()
   local function value(kind, given)
      kind.prefixes = kind.prefixes or nil
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
      assert.equal("2024-01-02T03:04:05Z", value({ kind = "date-time" }, "Tue, 02 Jan 2024 03:04:05 +0000"))
      assert.equal("2024-01-02", value({ kind = "date" }, "2024-01-02T03:04:05Z"))
      assert.is_nil(value({ kind = "date" }, "yesterday"))
      assert.is_nil(value({ kind = "date" }, 1e300))
      assert.is_nil(value({ kind = "rfc2822" }, -1e300))
      assert.equal("SM" .. ("a"):rep(32), value({ kind = "sid", prefixes = "SM|MM" }, "SM" .. ("a"):rep(32)))
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
      local object = { kind = "object", required = { a = true }, properties = { { name = "a", shape = { kind = "integer" } } } }
      assert.same({ a = 1, b = "kept" }, value(object, { a = "1", b = "kept" }))
      assert.is_nil(value(object, { b = 1 }))
      object.extra = false
      assert.same({ a = 1 }, value(object, { a = "1", b = "dropped" }))
   end)
end)

describe("sandbox.answer", function()
   local maker

   before_each(function() maker = { ids = ids.new(1), now = 0, account_sid = "AC" .. ("1"):rep(32), url = "https://api.twilio.com/x" } end)

   local function fill(properties, fields, known)
      for _, property in ipairs(properties) do property.field = property.field or property.name end
      return answer.fill({ kind = "object", properties = properties, required = {} }, fields, known or function() end, maker)
   end

   it("shows the record, then what is known, then null, then the plainest value", function()
      local body = fill({
         { name = "friendlyName", field = "friendly_name", shape = { kind = "string", nullable = true } },
         { name = "url", shape = { kind = "uri" } }, { name = "note", shape = { kind = "string", nullable = true } },
         { name = "count", shape = { kind = "integer", low = 3 } }, { name = "made", shape = { kind = "date-time" } },
      }, { friendly_name = "Shop" }, function(field) return field == "url" and "https://known.example/" or nil end)
      assert.same({ friendlyName = "Shop", url = "https://known.example/", note = json.null, count = 3, made = "1970-01-01T00:00:00Z" }, body)
   end)

   it("keeps what it invents", function()
      local fields = {}
      local properties = {
         { name = "bundle_sid", shape = { kind = "sid", prefixes = "BU" } }, { name = "account_sid", shape = { kind = "sid", prefixes = "AC" } },
      }
      local first = fill(properties, fields)
      assert.matches("^BU%x+$", first.bundle_sid)
      assert.equal(maker.account_sid, first.account_sid)
      assert.same(first, fill(properties, fields))
   end)

   it("chooses the one shape that fits alone", function()
      local text = { kind = "object", required = { text = true }, properties = { { name = "text", field = "text", shape = { kind = "string" } } } }
      local anything = { kind = "object", required = {}, properties = {} }
      local it = { kind = "one", choices = { text, anything } } -- what fits the first fits the second, too
      local body = answer.fill(it, {}, function() end, maker)
      assert.same({}, body)
   end)
end)
