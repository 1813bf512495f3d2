-- sandbox/lua/twilio/sandbox/schema/answer.lua: from a record to an answer of the right kinds. All
-- answers of the API are judged by tools/sandbox_conformance.sh.

local answer = require "twilio.sandbox.schema.answer"
local ids = require "twilio.sandbox.state.ids"
local json = require "twilio.json"

describe("sandbox.schema.answer", function()
   local maker

   before_each(function()
      maker = {
         ids = ids.new(1), now = 0, account_sid = "AC" .. ("1"):rep(32),
         url = "https://api.twilio.com/x",
      }
   end)

   local function fill(properties, fields, known)
      for _, property in ipairs(properties) do property.field = property.field or property.name end
      return answer.fill(
         { kind = "object", properties = properties, required = {} }, fields,
         known or function() end, maker)
   end

   it("shows the record, then what is known, then null, then the plainest value", function()
      local body = fill({
         {
            name = "friendlyName", field = "friendly_name",
            schema = { kind = "string", nullable = true },
         },
         { name = "url", schema = { kind = "uri" } },
         { name = "note", schema = { kind = "string", nullable = true } },
         { name = "count", schema = { kind = "integer", low = 3 } },
         { name = "made", schema = { kind = "date-time" } },
      }, { friendly_name = "Shop" }, function(field)
         return field == "url" and "https://known.example/" or nil
      end)
      assert.same(
         {
            friendlyName = "Shop", url = "https://known.example/", note = json.null, count = 3,
            made = "1970-01-01T00:00:00Z",
         },
         body)
   end)

   it("keeps what it invents", function()
      local fields = {}
      local properties = {
         { name = "bundle_sid", schema = { kind = "sid", prefixes = "BU" } },
         { name = "account_sid", schema = { kind = "sid", prefixes = "AC" } },
      }
      local first = fill(properties, fields)
      assert.matches("^BU%x+$", first.bundle_sid)
      assert.equal(maker.account_sid, first.account_sid)
      assert.same(first, fill(properties, fields))
   end)

   it("chooses the one schema that fits alone", function()
      local text = {
         kind = "object", required = { text = true },
         properties = { { name = "text", field = "text", schema = { kind = "string" } } },
      }
      local anything = { kind = "object", required = {}, properties = {} }
      -- what fits the first fits the second, too
      local schema = { kind = "one", choices = { text, anything } }
      local body = answer.fill(schema, {}, function() end, maker)
      assert.same({}, body)
   end)
end)
