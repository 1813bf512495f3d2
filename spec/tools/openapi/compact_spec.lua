-- tools/openapi/compact.lua: the schemas of a version in, one text out.

package.path = "tools/?.lua;" .. package.path

local compact = require "openapi.compact"

local function text(operations, requests, schemas)
   return compact.text {
      operations = operations, requests = requests or {}, schemas = schemas or {},
   }
end

describe("compact schemas", function()
   it("have a line for each different schema and each path", function()
      local thing = { "object sid", sid = "sid? VA|VB", size = "integer 1..9", status = "=status" }
      assert.equal([[
|queued|sending|sent
{sid!:?$VA|VB,size:i1..9,status:=1}
{meta:object,things:[=2]}

/v2/Things GET >=3 Order:|asc|desc POST >=2 <=2
/v2/Things/{} GET >=2
]], text({
         ["GET /v2/Things"] = { "object", meta = "object", things = { "array", thing } },
         ["GET /v2/Things/{}"] = thing, ["POST /v2/Things"] = thing,
      }, {
         ["GET /v2/Things"] = { Order = "enum asc|desc" }, ["POST /v2/Things"] = { thing },
      }, { status = "enum queued|sending|sent" }))
   end)

   it("give a line to a text that would end within another one", function()
      assert.equal("~^a:b{1,2}$\n|a b\n\n/v1 POST A:=1 B:=2 C:?u\n",
         text({}, { ["POST /v1"] = { A = "pattern ^a:b{1,2}$", B = "enum a b", C = "uri?" } }))
   end)

   it("may hold themselves, be closed or open, and be one of several", function()
      assert.equal("{-,below:[=1]}\n{+any,a:s}\n(=1,=2)\n\n/v1 GET >=3\n", text(
         { ["GET /v1"] = { "one", "=a", { "object", "any", a = "string" } } }, {},
         { a = { "object", false, below = { "array", "=a" } } }))
   end)

   it("refuse what the text can't hold", function()
      assert.has_error(function() text { ["GET /v1"] = { "object", ["a b"] = "string" } } end)
      assert.has_error(function() text { ["GET /v1"] = "nine99" } end)
   end)
end)
