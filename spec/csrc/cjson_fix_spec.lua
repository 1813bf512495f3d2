-- csrc/cjson_fix.c: what cjson decodes, put right. The results of json.decode are in
-- spec/json_spec.lua, and in spec/system/json_round_trip_spec.lua for many documents.

local core = require "twilio.core"

local cjson = require("cjson").new()
local null = cjson.null
local kind = math.type or type
local ARRAY = {}

-- Keeps what the marks are made of.
local function marks_for(told)
   local made = {}
   local function mark(is_array, nulls, numerals)
      made[#made + 1] = { is_array = is_array, nulls = nulls, numerals = numerals }
      return made[#made]
   end
   return { ARRAY, told or false, mark }, made
end

local function decode(text, keep_nulls, mend)
   local marks, made = marks_for()
   local value, message = core.json_decode(text, keep_nulls, cjson.decode, marks, mend)
   return value, message, made
end

describe("core.json_decode", function()
   it("leaves null members out, however deep, and tells which they were", function()
      local value, _, made = decode '{"a":null,"b":{"c":null,"d":[null,"x"]},"e":"kept"}'
      assert.same({ b = { d = { [2] = "x" } }, e = "kept" }, value)
      assert.equal(3, #made)
      assert.same({ a = true }, getmetatable(value).nulls)
      assert.same({ c = true }, getmetatable(value.b).nulls)
      assert.same(
         { true, { true } }, { getmetatable(value.b.d).is_array, getmetatable(value.b.d).nulls })
   end)

   it("gives objects with the same nulls one metatable", function()
      local value, _, made = decode '[{"a":null,"b":1},{"a":null},{"c":null}]'
      assert.equal(getmetatable(value[1]), getmetatable(value[2]))
      assert.equal(2, #made)
      -- names that are alike in all that is compared first
      value = decode '[{"aXb":null,"":null},{"aXc":null,"":null},{"":null,"aXb":null}]'
      assert.same({ aXb = true, [""] = true }, getmetatable(value[1]).nulls)
      assert.same({ aXc = true, [""] = true }, getmetatable(value[2]).nulls)
      assert.same({ aXb = true, [""] = true }, getmetatable(value[3]).nulls)
   end)

   it("knows each of many shapes, long ones too", function()
      local marks = marks_for()
      for _ = 1, 2 do
         for i = 1, 500 do
            local name, long = "n" .. i, ("l"):rep(i * 5)
            local text = ('{"%s":null,"%s":null,"x":1}'):format(name, long)
            local value = core.json_decode(text, false, cjson.decode, marks)
            assert.same({ x = 1 }, value)
            assert.same({ [name] = true, [long] = true }, getmetatable(value).nulls)
         end
         collectgarbage()
      end
   end)

   it("keeps nulls if it is asked to", function()
      local value, _, made = decode('{"a":null,"b":[null,2.0]}', true)
      assert.same({ a = null, b = { null, 2 } }, value)
      assert.same({}, made)
   end)

   it("makes integers of whole numbers where Lua has them", function()
      local value = decode '[1.0,{"n":-0.0},9007199254740992,0.5,1e300]'
      local whole = math.type and "integer" or "number"
      assert.same({ whole, whole, whole }, { kind(value[1]), kind(value[2].n), kind(value[3]) })
      assert.same(
         { 1, 0, 2 ^ 53, 0.5, 1e300 }, { value[1], value[2].n, value[3], value[4], value[5] })
      assert.equal(whole, kind((decode "3.0")))
   end)

   it("marks arrays, empty ones too, unless cjson does", function()
      for _, text in ipairs {
         "[]", "[1]", '{"a":[],"b":{}}', "[[],{}]", '{"a":{"b":[]},"b":{}}', '[{"a":[]},{"a":{}}]',
      } do
         local function check(value, expected)
            assert.equal(
               type(expected) == "table" and expected.array and ARRAY or nil, getmetatable(value),
               text)
            for key, member in pairs(value) do
               if type(member) == "table" then check(member, expected[key]) end
            end
         end
         local shapes = {
            ["[]"] = { array = true }, ["[1]"] = { array = true },
            ['{"a":[],"b":{}}'] = { a = { array = true }, b = {} },
            ["[[],{}]"] = { array = true, { array = true }, {} },
            ['{"a":{"b":[]},"b":{}}'] = { a = { b = { array = true } }, b = {} },
            ['[{"a":[]},{"a":{}}]'] = { array = true, { a = { array = true } }, { a = {} } },
         }
         check((decode(text)), shapes[text])
      end
      local marks = marks_for(true)
      assert.is_nil(getmetatable(core.json_decode("[1]", false, cjson.decode, marks)))
   end)

   it("tells the digits of numbers that Lua can't write by itself", function()
      local value, _, made = decode
         '{"a":98765432109876543210987654321,"b":[1e999,18446744073709551616]}'
      assert.equal("98765432109876543210987654321", value.a)
      assert.same({ math.huge, 2 ^ 64 }, value.b)
      local told = {}
      for _, mt in ipairs(made) do
         for _, digits in pairs(mt.numerals) do told[digits] = true end
      end
      assert.same(
         {
            ["98765432109876543210987654321"] = true, ["1e999"] = true,
            ["18446744073709551616"] = true,
         },
         told)
   end)

   it("returns nil and cjson's message for what is no JSON, and others as they are", function()
      for _, text in ipairs {
         "", "[", '{"a":}', "[1,]", "[" .. ("1"):rep(20) .. ",]", '{"a":[],"b":{},}',
      } do
         local value, message = decode(text)
         assert.is_nil(value)
         assert.is_string(message)
      end
      assert.same(
         { "text", true, 1.5, null },
         { decode '"text"', (decode "true"), (decode "1.5"), (decode "null") })
      assert.has_error(function() core.json_decode() end)
   end)

   it("mends lone surrogates and decimals, and returns nothing if there are none", function()
      assert.same({ "\239\191\189", 0.5, "x" }, (decode([==[["\ud83d",0.5,"x"]]==], false, true)))
      assert.equal(
         0, select("#", core.json_decode("[1]", false, cjson.decode, (marks_for()), true)))
      assert.equal(0, select("#", core.json_decode({}, false, cjson.decode, (marks_for()), true)))
   end)

   it("goes by the last of several members of one name, as cjson does", function()
      local function check(text, expected, nulls)
         local value = decode(text)
         assert.same(expected, value, text)
         for name, member in pairs(value) do
            if type(member) == "table" then
               assert.equal(
                  text:find "%[%]}$" and ARRAY or nil, getmetatable(member), text .. name)
            end
         end
         local made = getmetatable(value)
         assert.same(nulls and { [nulls] = true }, made and made.nulls, text)
      end
      check('{"a":null,"a":1}', { a = 1 })
      check('{"a":1,"a":null}', {}, "a")
      check('{"a":null,"a":null}', {}, "a")
      check('{"a":12345678901234567,"a":5}', { a = 5 })
      check('{"a":1e5,"a":"x"}', { a = "x" })
      check('{"a":5,"a":12345678901234567890123}', { a = "12345678901234567890123" })
      check('{"a":[],"a":{}}', { a = {} })
      check('{"a":{},"a":[]}', { a = {} })
      check('{"a":[null],"a":{"x":1}}', { a = { x = 1 } })
      check('{"a":{"y":null},"a":{"x":1}}', { a = { x = 1 } })
      local value = decode '{"a":{"x":null,"y":1},"a":{"x":null,"y":null}}'
      assert.same({ a = {} }, value)
      assert.same({ x = true, y = true }, getmetatable(value.a).nulls)
   end)

   it("goes by the last of two members also where an escape makes the name the same", function()
      assert.same({ a = 1 }, (decode [[{"a":null,"\u0061":1}]]))
      local value = decode [[{"\u0061":1,"a":null}]]
      assert.same({ {}, { a = true } }, { value, getmetatable(value).nulls })
   end)

   it("goes by the last of two members in an object of many", function()
      local members = {}
      for i = 1, 200 do members[i] = ('"n%d":%s'):format(i, i % 2 == 0 and "null" or "[]") end
      local value = decode("{" .. table.concat(members, ",") .. ',"n1":null,"n2":"x"}')
      local nulls = getmetatable(value).nulls
      assert.same({ "x", nil, true, nil }, { value.n2, value.n1, nulls.n1, nulls.n2 })
      assert.same({ ARRAY, true }, { getmetatable(value.n3), nulls.n4 })
   end)

   it("finds members, whatever their names are", function()
      local marks, names = marks_for(), {}
      for i = 1, 300 do
         -- of the same size, and with the same first, middle and last letter
         names[i] = ("a%03dmm%03dz"):format(i, 300 - i)
         names[i + 300] = ("\\n%d"):format(i)
      end
      for _ = 1, 2 do
         for _, name in ipairs(names) do
            local text = ('[{"%s":[],"b":null,"c":1.0},{"%s":{}}]'):format(name, name)
            local value = core.json_decode(text, false, cjson.decode, marks)
            local plain = name:gsub("\\n", "\n")
            assert.equal(ARRAY, getmetatable(value[1][plain]))
            assert.is_nil(getmetatable(value[2][plain]))
            assert.is_nil(value[1].b)
         end
         collectgarbage()
      end
   end)

   it("walks what is as deep as cjson decodes", function()
      local value = decode(("["):rep(999) .. "1" .. ("]"):rep(999))
      for _ = 1, 998 do value = value[1] end
      assert.same({ 1 }, value)
   end)
end)
