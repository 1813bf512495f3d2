-- sandbox/lua/twilio/sandbox/state/store.lua

local store = require "twilio.sandbox.state.store"
local json = require "twilio.json"

local function walk(s, path, options)
   local names = {}
   for record in s:each(path, options or {}) do names[#names + 1] = record.fields.n end
   return names
end

describe("sandbox.state.store", function()
   local s

   before_each(function()
      s = store.new()
      for n = 1, 6 do s:put("c/" .. n, "c", { n = n }) end
   end)

   it("changes fields, and clears those that are null, also as names", function()
      local record = s:put("c/7", "c", { n = 7, note = "x", unique_name = "seven" })
      s:update(record, { n = 8, note = json.null, unique_name = json.null })
      assert.same({ n = 8 }, s:get("c/7").fields)
      assert.is_nil(s:get("c/seven"))
   end)

   it("walks a collection both ways, from anywhere", function()
      assert.same({ 6, 5, 4, 3, 2, 1 }, walk(s, "c"))
      assert.same({ 1, 2, 3, 4, 5, 6 }, walk(s, "c", { ascending = true }))
      assert.same({ 3, 2, 1 }, walk(s, "c", { after = s:get("c/4").seq }))
      assert.same({ 5, 6 }, walk(s, "c", { after = s:get("c/4").seq, ascending = true }))
      assert.same({}, walk(s, "other"))
   end)

   it("goes on after a removed record where that was", function()
      local seq = s:get("c/4").seq
      for _, n in ipairs { 4, 3, 6, 5 } do s:remove("c/" .. n, true) end
      assert.same({ 2, 1 }, walk(s, "c", { after = seq }))
      assert.equal(2, s:count("c"))
      assert.is_true(s:was_removed("c/4"))
      s:put("c/4", "c", { n = 44 })
      assert.is_false(s:was_removed("c/4"))
      assert.same({ 44, 2, 1 }, walk(s, "c"))
   end)

   it("finds records by their names, as long as those are theirs", function()
      local one = s:put("c/one", "c", { n = 7, unique_name = "first" })
      s:name(one, "+1")
      assert.equal(7, s:get("c/first").fields.n)
      assert.equal(7, s:get("c/+1").fields.n)
      s:update(one, { unique_name = "second" })
      assert.is_nil(s:get("c/first"))
      assert.equal(7, s:get("c/second").fields.n)
      s:remove("c/second")
      assert.is_nil(s:get("c/one"))
      assert.is_nil(s:get("c/+1"))
   end)

   it("lists a record in a second collection, until it is removed, also over a dump", function()
      s:share(s:get("c/2"), "d")
      s:share(s:get("c/5"), "d")
      s = store.new(json.decode(json.encode(s:dump())))
      assert.same({ 5, 2 }, walk(s, "d"))
      assert.equal(2, s:get("d/2").fields.n)
      s:remove("d/2")
      assert.is_nil(s:get("d/2"))
      assert.same({ 5 }, walk(s, "d"))
      assert.same({ 6, 5, 4, 3, 1 }, walk(s, "c"))
      assert.equal(1, s:count("d"))
   end)

   it("comes back from its dump", function()
      s:name(s:get("c/2"), "two")
      s:remove("c/3", true)
      local again = store.new(json.decode(json.encode(s:dump())))
      assert.same(walk(s, "c"), walk(again, "c"))
      assert.equal(2, again:get("c/two").fields.n)
      assert.is_true(again:was_removed("c/3"))
      assert.equal(s:put("c/x", "c", {}).seq, again:put("c/x", "c", {}).seq)
   end)
end)
