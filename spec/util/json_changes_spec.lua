-- lua/twilio/util/json_changes.lua, through twilio.json: the marks of decoded tables that the
-- program changes or copies.

local json = require "twilio.json"
local raised = require "support.raised"

local function decode(text) return (assert(json.decode(text))) end

describe("the marks of a decoded table", function()
   it("are its own once the program has set a null member", function()
      local one, other = decode '{"a":null,"b":null}', decode '{"a":null,"b":null}'
      assert.equal(getmetatable(one), getmetatable(other))
      one.a = 1
      local marks = getmetatable(one)
      assert.are_not.equal(marks, getmetatable(other))
      one.b = 2
      assert.equal(marks, getmetatable(one))
      assert.same({ {}, { a = true, b = true } }, { json.nulls(one), json.nulls(other) })
   end)

   it("stay shared when another member is set", function()
      local one, other = decode '{"a":null}', decode '{"a":null}'
      one.new = true
      assert.equal(getmetatable(one), getmetatable(other))
   end)

   it("keep digits when a null member is set", function()
      local value = decode '{"a":null,"n":123456789012345678901234567890}'
      value.a = "x"
      assert.equal('{"a":"x","n":123456789012345678901234567890}', json.encode(value))
   end)

   it("refuse a member without a name at the caller's line", function()
      local value = decode '{"a":null}'
      assert.matches("index is nil", raised(function() value[nil] = 1 end))
      assert.matches("index is NaN", raised(function() value[0 / 0] = 1 end))
   end)
end)

describe("json.like", function()
   it("gives a copy the marks under other names", function()
      local from = decode '{"a_b":null,"c":null,"n":123456789012345678901234567890,"o":1}'
      local copy = json.like({ N = from.n, o = 1 }, from, { a_b = "aB", c = false, n = "N" })
      assert.equal('{"N":123456789012345678901234567890,"aB":null,"o":1}', json.encode(copy))
      copy.aB = 1
      assert.equal('{"N":123456789012345678901234567890,"aB":1,"o":1}', json.encode(copy))
      assert.is_nil(from.a_b)
      assert.same({ a_b = true, c = true }, json.nulls(from))
   end)

   it("gives it the metatable where there are neither nulls nor digits", function()
      local mt = {}
      assert.equal(mt, getmetatable(json.like({}, setmetatable({}, mt), {})))
      assert.equal("[]", json.encode(json.like({}, decode "[]", {})))
      assert.is_nil(getmetatable(json.like({}, {}, {})))
   end)
end)
