-- cjson_fix.c: what cjson decodes, put right in place. What json.decode makes of it is in
-- spec/json_spec.lua.

local cjson = require "cjson"
local core = require "twilio.core"

local null = cjson.null
local kind = math.type or type

describe("core.json_repair", function()
   it("removes null members, however deep, and changes the table itself", function()
      local value = { a = null, b = { c = null, d = { null, "x" } }, e = "kept" }
      assert.equal(value, core.json_repair(value))
      assert.same({ b = { d = { [2] = "x" } }, e = "kept" }, value)
   end)

   it("keeps nulls for who asks", function()
    assert.same({ a = null, b = { null, 2 } }, core.json_repair({ a = null, b = { null, 2.0 } }, true))
  end)

  it("makes integers of whole numbers where Lua has them", function()
      local value = core.json_repair { 1.0, { n = -0.0 }, 2 ^ 53, half = 0.5, huge = 1e300, nan = 0 / 0 }
      local whole = math.type and "integer" or "number"
      assert.same({ whole, whole, whole }, { kind(value[1]), kind(value[2].n), kind(value[3]) })
      assert.same({ 1, 0, 2 ^ 53, 0.5, 1e300 }, { value[1], value[2].n, value[3], value.half, value.huge })
      assert.is_true(value.nan ~= value.nan)
      assert.equal(whole, kind(core.json_repair(3.0)))
   end)

   it("gives other values back", function()
      for _, value in ipairs { "text", true, 1.5, null } do assert.equal(value, core.json_repair(value)) end
      assert.is_nil(core.json_repair(nil))
      assert.has_error(function() core.json_repair() end)
   end)

   it("raises for a table that holds itself", function()
      local value = {}
      value.value = value
      assert.error_matches(function() core.json_repair(value) end, "nested too deeply")
   end)

   it("walks what is as deep as cjson decodes", function()
      local value = cjson.decode(("["):rep(999) .. "1" .. ("]"):rep(999))
      assert.equal(value, core.json_repair(value))
   end)
end)
