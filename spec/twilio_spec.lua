-- lua/twilio.lua: what a program sees of the library: names, what is loaded when, whose mistake is
-- raised where.

local json = require "twilio.json"
local twilio = require "twilio"
local process = require "support.process"
local raised = require "support.raised"

describe("require 'twilio'", function()
   it("loads nothing before it is used", function()
      local program = [[
         require "twilio"
         for name in pairs(package.loaded) do
            if name:match "^twilio" and name ~= "twilio" and name ~= "twilio.util.version" then print(name) end
         end]]
      assert.equal("", process.output("%s -e '%s' 2>&1", process.interpreter(), program))
   end)

   it("has the parts that are asked for by name", function()
      assert.equal(json.null, twilio.null)
      assert.equal("[]", json.encode(twilio.array {}))
      assert.equal("{}", json.encode(twilio.object {}))
      assert.equal(1439924679, twilio.time "2015-08-18T19:04:39Z")
      assert.is_nil(twilio.nothing)
      assert.matches("^%d+%.%d+%.%d+%S*$", twilio._VERSION)
   end)
end)

describe("twilio", function()
   it("raises mistakes in options at the caller's line", function()
      assert.matches("unknown option 'acount_sid'", raised(function()
         twilio.client { acount_sid = "x" }
      end))
      assert.matches("did you mean 'auth_token'", raised(function()
         twilio.webhook { auth_tokn = "x" }
      end))
   end)

   it("says why a text is no time", function()
      local time, message = twilio.time "yesterday"
      assert.is_nil(time)
      assert.is_string(message)
   end)

   it("runs functions beside each other, which sleep as calls wait", function()
      local order = {}
      local result = twilio.run(function(first)
         local task = twilio.spawn(function(name)
            twilio.sleep(0.02)
            order[#order + 1] = name
            return name .. " done"
         end, "spawned")
         order[#order + 1] = first
         return task:wait()
      end, "first")
      assert.equal("spawned done", result)
      assert.same({ "first", "spawned" }, order)
   end)

   it("keeps what it has loaded", function()
      for _, name in ipairs { "jwt", "map", "twiml", "null", "array", "object", "_VERSION" } do
         assert.equal(twilio[name], rawget(twilio, name), name)
         assert.is_not_nil(rawget(twilio, name), name)
      end
   end)
end)
