-- sandbox/lua/twilio/sandbox/schema/write.lua: answers as text, the same as json.encode's.

local json = require "twilio.json"
local write = require "twilio.sandbox.schema.write"

describe("sandbox.schema.write", function()
   local function object(names, values)
      return setmetatable(values, write.class(names))
   end

   local function check(value) assert.equal(json.encode(value), write.text(value)) end

   it("writes each byte, number and plain value as json.encode does", function()
      local bytes = {}
      for i = 0, 255 do bytes[i + 1] = string.char(i) end
      for _, byte in ipairs(bytes) do check("a" .. byte .. "/" .. byte) end
      check(table.concat(bytes))
      for _, value in ipairs { 0, -1, 1.5, 1e300, 2 ^ 53, true, false, json.null, "", "x" } do
         check(value)
         check(object({ "a" }, { a = value }))
      end
   end)

   it("writes members in the order of their names", function()
      local answer = object({ "sid", "_a", "Name", "name", "a/b" },
         { sid = "SM1", _a = 1, Name = "N", name = json.null, ["a/b"] = json.array { 1, "2" } })
      assert.equal('{"Name":"N","_a":1,"a/b":[1,"2"],"name":null,"sid":"SM1"}', write.text(answer))
      check(answer)
      check(object({}, {}))
      assert.equal(answer, json.object(answer))
   end)

   it("writes objects that were changed since", function()
      local names = { "a", "c" }
      local one = object(names, { a = 1, c = 2 })
      one.b = "more"
      assert.equal('{"a":1,"b":"more","c":2}', write.text(one))
      local two = object(names, { a = 1, c = json.object { d = 2 } })
      two.c = nil
      assert.equal('{"a":1}', write.text(two))
      two.c = json.object { d = 2 }
      assert.equal('{"a":1,"c":{"d":2}}', write.text(two))
   end)

   it("leaves what isn't plain to json.encode", function()
      check(json.decode '{"a":null,"b":[],"c":12345678901234567890123,"d":[null,1],"e":{}}')
      check { object({ "a" }, { a = { 1, 2, { x = "y" } } }) }
      check(json.array { 1, [3] = 2 })
      check(json.object { [1] = "a", b = 2 })
      local text, message = write.text(object({ "a" }, { a = 0 / 0 }))
      assert.is_nil(text)
      assert.matches("a number that JSON can't hold", message)
      assert.equal('["after"]', write.text(json.array { "after" }))
   end)

   it("writes texts that are known to be plain, and long ones", function()
      local uri = "/2010-04-01/Accounts/AC1/Messages/SM1.json"
      write.is_plain(uri)
      check(uri)
      for i = 1, 3000 do check("text " .. i) end
      check(("x/"):rep(5000))
      local items = {}
      for i = 1, 5000 do items[i] = { n = i } end
      check(json.array(items))
   end)
end)
