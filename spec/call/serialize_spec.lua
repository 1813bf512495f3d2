-- lua/twilio/call/serialize.lua: values to the text of forms and queries, by the API's types; what
-- has no such text is named.

local json = require "twilio.json"
local serialize = require "twilio.call.serialize"

local function pairs_of(kind, value, array)
   local out = {}
   local ok, why = serialize.push(out, { wire = "N", type = kind, array = array }, value)
   if not ok then return nil, why end
   return out
end

local function text_of(kind, value)
   local out = assert(pairs_of(kind, value))
   assert.equal(2, #out)
   assert.equal("N", out[1])
   return out[2]
end

local function refusal(kind, value, array)
   local out, why = pairs_of(kind, value, array)
   assert.is_nil(out)
   return why
end

describe("serialize.push", function()
   it("writes text, numbers and booleans", function()
      assert.equal("hello", text_of(nil, "hello"))
      assert.equal("", text_of(nil, ""))
      assert.equal("a\0b", text_of(nil, "a\0b"))
      assert.equal("5", text_of("i", 5))
      assert.equal("5", text_of("i", 5.0))
      assert.equal("1000000000000000", text_of("n", 1e15))
      assert.equal("0.05", text_of("n", 0.05))
      assert.equal("true", text_of("b", true))
      assert.equal("false", text_of("b", false))
   end)

   it("passes text through whatever the type", function()
      for _, kind in ipairs { "b", "i", "n", "d", "t", "j" } do
         assert.equal("as it is", text_of(kind, "as it is"))
      end
   end)

   it("writes dates of seconds, tables and text", function()
      assert.equal("2015-08-18", text_of("d", 1439924679))
      assert.equal("2015-08-18T19:04:39Z", text_of("t", 1439924679))
      assert.equal("2024-02-01", text_of("d", { year = 2024, month = 2, day = 1 }))
   end)

   it("writes a table as JSON where the API wants JSON", function()
      assert.equal('{"a":1,"b":[true]}', text_of("j", { b = { true }, a = 1 }))
      assert.equal("[1,2]", text_of("j", { 1, 2 }))
      assert.equal("null", text_of("j", json.null))
      assert.equal("5", text_of("j", 5))
   end)

   it("repeats the key for each item of an array", function()
      assert.same({ "N", "a", "N", "b" }, pairs_of(nil, { "a", "b" }, true))
      assert.same({ "N", "1", "N", "2.5" }, pairs_of("n", { 1, 2.5 }, true))
      assert.same({}, pairs_of(nil, {}, true))
      assert.same({ "N", "one" }, pairs_of(nil, "one", true))
   end)

   it("writes each item of a JSON array by itself", function()
      assert.same({ "N", '{"a":1}', "N", '{"b":2}' }, pairs_of("j", { { a = 1 }, { b = 2 } }, true))
      assert.same({ "N", '{"a":1}' }, pairs_of("j", { a = 1 }, true))
   end)

   it("writes a table as JSON where text holds JSON", function()
      assert.equal('{"1":"x"}', text_of("x", { ["1"] = "x" }))
      assert.equal('["a"]', text_of("x", { "a" }))
      assert.equal("[]", text_of("x", json.array {}))
      assert.equal('{"ready": "text"}', text_of("x", '{"ready": "text"}'))
      assert.same({ "N", '{"a":1}', "N", '{"b":2}' }, pairs_of("x", { { a = 1 }, { b = 2 } }, true))
      assert.same({ "N", '{"a":1}' }, pairs_of("x", { a = 1 }, true))
      assert.matches("null", refusal("x", json.null))
   end)

   it("joins a list where one text holds it", function()
      assert.equal("caller_name,sim_swap", text_of("c", { "caller_name", "sim_swap" }))
      assert.equal("5,30", text_of("c", { 5, 30 }))
      assert.equal("visa amex", text_of("s", { "visa", "amex" }))
      assert.equal("a, b", text_of("c", "a, b"))
      assert.equal("5", text_of("c", 5))
      assert.equal("", text_of("c", {}))
      assert.equal("item 2 is a table, expected text", refusal("c", { "a", {} }))
      assert.matches("'x'", refusal("c", { x = "a" }))
   end)

   it("flattens a map under its prefix, keys in order", function()
      local out = {}
      assert(
         serialize.push(
            out, { wire = "AddOnsData", type = "m" }, { b = { c = 2, a = "1" }, a = true }))
      assert.same({ "AddOns.a", "true", "AddOns.b.a", "1", "AddOns.b.c", "2" }, out)
   end)

   it("repeats the key of a list in a map", function()
      local out = {}
      assert(
         serialize.push(
            out, { wire = "AddOnsData", type = "m" }, { b = { c = { "x", "y" } }, a = { 1, 2 } }))
      assert.same({ "AddOns.a", "1", "AddOns.a", "2", "AddOns.b.c", "x", "AddOns.b.c", "y" }, out)
   end)

   it("refuses what isn't a map", function()
      assert.matches("number 1 as a key", refusal("m", { "x", "y" }))
      assert.matches("^is a string, expected a map", refusal("m", "x"))
      assert.matches("^is null, expected a map", refusal("m", json.null))
      assert.matches("^'N%.a' item 2 is a table", refusal("m", { a = { "x", {} } }))
      assert.matches("'k'", refusal("m", { a = { "x", k = "y" } }))
   end)

   it("takes an object with __tostring for its text", function()
      local document = setmetatable({}, { __tostring = function() return "<Response/>" end })
      assert.equal("<Response/>", text_of(nil, document))
      assert.same({ "N", "<Response/>" }, pairs_of(nil, document, true))
   end)

   it("says what a value is that has no text", function()
      for _, value in ipairs { print, {}, coroutine.create(function() end), { "a" } } do
         assert.equal(("is a %s, expected text"):format(type(value)), refusal(nil, value))
      end
      assert.equal("is a userdata, expected text", refusal(nil, io.stdout))
      assert.matches("finite", refusal("n", 0 / 0))
      assert.matches("finite", refusal("n", math.huge))
      assert.matches("null", refusal(nil, json.null))
      assert.matches("date", refusal("d", true))
      assert.matches("'year'", refusal("d", {}))
      assert.matches("function", refusal("j", { a = print }))
   end)

   it("says which item of an array is wrong", function()
      assert.equal("item 2 is a function, expected text", refusal(nil, { "a", print }, true))
      assert.matches("item 1 is null", refusal(nil, { json.null }, true))
      assert.matches("'x'", refusal(nil, { "a", x = 1 }, true))
   end)

   it("refuses moments that no calendar holds", function()
      for _, value in ipairs { 0 / 0, math.huge, -math.huge, 1e300 } do
         for _, kind in ipairs { "d", "t" } do
            assert.matches("is not a date", refusal(kind, value))
         end
      end
      if not math.type then
         assert.matches("is not a date", refusal("d", { year = 1e15, month = 1, day = 1 }))
      end
   end)

   it("refuses a map that holds itself or what has no text", function()
      local map = {}
      map.again = map
      assert.matches("holds itself", refusal("m", map))
      assert.is_string(refusal("m", { a = print }))
   end)
end)

describe("serialize.path", function()
   it("gives text and numbers", function()
      assert.equal("SM1", serialize.path "SM1")
      assert.equal("3", serialize.path(3))
      assert.equal("+1 555/7", serialize.path "+1 555/7")
   end)

   it("refuses what would make another path of it", function()
      local cases = { [""] = "is empty", ["."] = "'.'", [".."] = "'..'" }
      for value, why in pairs(cases) do
         local text, message = serialize.path(value)
         assert.is_nil(text)
         assert.is_truthy(message:find(why, 1, true))
      end
      local text, message = serialize.path(nil)
      assert.is_nil(text)
      assert.equal("is missing", message)
      for _, value in ipairs { {}, print, json.null, 0 / 0 } do
         assert.is_nil((serialize.path(value)))
      end
   end)
end)
