-- A text was called no JSON if memory ran out while cjson decoded it: an answer of Twilio's became
-- an error of kind "decode", a refusal lost its code, and if it ran out in the first of two tries,
-- null members stood in the table as values. A good token's signature was called wrong if OpenSSL
-- got none. Now the first is raised, as any lack of memory in Lua, and the second is an error of
-- kind "config". (spec/system/allocations_spec.lua tries each allocation.)

local failing = require "support.failing"
local process = require "support.process"

local program = [[
   local failing, core = require "failing", require "twilio.core"
   local json, jwt = require "twilio.json", require "twilio.jwt"
   local text = '{"a":null,"b":[1,2.5,null],"c":{"d":"x","e":null}}'
   local token = jwt.access_token {
      account_sid = "AC1", api_key = "SK1", api_secret = "secret", identity = "me", now = 1000,
   }
   json.decode(text)
   jwt.decode(token, "secret", { now = 1001 })
   local function try(where, n, f, ...)
      failing[where](n, where == "lua" and 2 or 1)
      local ok, value, err = pcall(f, ...)
      return failing.stop() > 0, ok, value, err
   end
   for n = 1, 1000 do
      local is_over, ok, value, message = try("lua", n, json.decode, text)
      if ok and not value then print("no JSON: " .. message) end
      if ok and value and json.encode(value) ~= text then print(json.encode(value)) end
      if ok and value and (rawget(value, "a") ~= nil or value.c.e ~= nil) then print "a null is there" end
      if is_over then break end
   end
   for n = 1, 1000 do
      local is_over, ok, payload, err = try("c", n, jwt.decode, token, "secret", { now = 1001 })
      if ok and not payload and err.kind ~= "config" then print(err.kind, err.message) end
      if is_over then break end
   end
   print "over"
]]

describe("want of memory", function()
   it("is never taken for a wrong text or a wrong signature", function()
      -- LuaJIT crashes by itself.
      if package.loaded.jit or not failing.is_there() then return pending "no failing allocator" end
      local folder = failing.build()
      process.write(folder .. "/program.lua", program)
      assert.equal("over", failing.run(folder, folder .. "/program.lua"))
      process.forget(folder)
   end)
end)
