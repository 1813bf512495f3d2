-- sandbox/lua/twilio/sandbox/schema/schemas.lua: the generated schemas, read.

local schemas = require "twilio.sandbox.schema.schemas"

describe("sandbox.schema.schemas", function()
   it("reads an operation's answer, once", function()
      local schema = schemas.of_response("api_v2010", "POST /2010-04-01/Accounts/{}/Messages.json")
      assert.equal("object", schema.kind)
      assert.equal(
         schema, schemas.of_response("api_v2010", "POST /2010-04-01/Accounts/{}/Messages.json"))
      assert.same({
         "sid", "SM|MM", true,
      }, { schemas.property(schema, "sid").schema.kind, schemas.property(schema, "sid").schema.prefixes,
         schemas.property(schema, "sid").schema.nullable })
      assert.is_true(schemas.property(schema, "status").schema.values.delivered)
      assert.is_nil(schemas.property(schema, "nonsense"))
      assert.is_nil(
         schemas.of_response("api_v2010", "DELETE /2010-04-01/Accounts/{}/Messages/{}.json"))
   end)
end)
