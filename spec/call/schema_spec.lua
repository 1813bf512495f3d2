-- lua/twilio/call/schema.lua: the compact schemas, read.

local schema = require "twilio.call.schema"

local function with(text, body)
   package.loaded["twilio.schema.test"] = text
   local read = dofile "lua/twilio/call/schema.lua"
   body(read)
   package.loaded["twilio.schema.test"] = nil
end

describe("call.schema", function()
   it("reads an operation's answer, once", function()
      local message = schema.of_response("api_v2010", "POST /2010-04-01/Accounts/{}/Messages.json")
      assert.equal("object", message.kind)
      assert.equal(
         message, schema.of_response("api_v2010", "POST /2010-04-01/Accounts/{}/Messages.json"))
      local sid = schema.property(message, "sid").schema
      assert.same({ "sid", "SM|MM", true }, { sid.kind, sid.prefixes, sid.nullable })
      assert.is_true(schema.property(message, "status").schema.values.delivered)
      assert.is_nil(schema.property(message, "nonsense"))
      assert.is_nil(
         schema.of_response("api_v2010", "DELETE /2010-04-01/Accounts/{}/Messages/{}.json"))
   end)

   it("reads every kind of value", function()
      with([[
{-,a!:?s1..64,b:=2,date-x:t,url:?u,urn:x:y!:[=2]..3}
|two words|b,c
?{+i0..,me:=3}
~^[a-z]:{1,2}$

/v1/Things/{} GET >=1 POST >(=1,(=3,b)) <=3 Kind:?|x|y Name:=4 To:phone-number
]], function(read)
         local one = read.of_response("test", "GET /v1/Things/{}")
         assert.is_false(one.extra)
         assert.same({ a = true, ["urn:x:y"] = true }, one.required)
         local a = read.property(one, "a").schema
         assert.same({ "string", true, 1, 64 }, { a.kind, a.nullable, a.low, a.high })
         assert.same({ "two words", "b,c" }, read.property(one, "b").schema.list)
         assert.equal("date-time", read.property(one, "date_x").schema.kind)
         local urn = read.property(one, "urn_x_y").schema
         assert.same({ "array", 3, "enum" }, { urn.kind, urn.high, urn.items.kind })

         local choice = read.of_response("test", "POST /v1/Things/{}")
         assert.equal(one, choice.choices[1])
         assert.equal("boolean", choice.choices[2].choices[2].kind)
         local request = read.of_request("test", "POST /v1/Things/{}")
         assert.equal(request.body, read.property(request.body, "me").schema) -- holds itself
         assert.same({ true, 0 }, { request.body.nullable, request.body.extra.low })
         assert.equal("^[a-z]:{1,2}$", request.parameters.Name.pattern)
         assert.same({ "x", "y" }, request.parameters.Kind.list)
         assert.equal("phone-number", request.parameters.To.kind)
         assert.same({ "GET /v1/Things/{}", "POST /v1/Things/{}" }, read.operations "test")
         assert.same({ parameters = {} }, read.of_request("test", "PUT /v1/Things/{}"))
      end)
   end)
end)
