-- sandbox/lua/twilio/sandbox/test/commands.lua: the arguments of commands.

local commands = require "twilio.sandbox.test.commands"
local sandbox = require "twilio.sandbox"

describe("commands.check", function()
   local function mistake(name, given)
      local ok, message = commands.check(name, given)
      assert.is_nil(ok)
      return message
   end

   it("takes what a command knows", function()
      assert(commands.check("fail", {
         match = { method = "POST", path = "/Messages", params = { To = "+1" } }, status = 503,
         code = 20503, message = "x",
         retry_after = 1.5, headers = { ["X-A"] = "b", ["X-N"] = 1 }, body = { a = 1 }, times = 2,
         delay = 0.5, reset = false,
      }))
      assert(commands.check("fail", { body = "text" }))
      assert(commands.check("advance", { seconds = 0 }))
      assert(
         commands.check(
            "receive_message",
            {
               from = "+1", to = "+2", body = "x", media = { "https://x/a.png" },
               url = "http://x/y",
            }))
      assert(
         commands.check(
            "receive_call",
            {
               from = "+1", to = "+2", digits = { "1", "2" }, dial = { status = "busy" },
               recording = 3,
            }))
      assert(commands.check("forget", {}))
   end)

   it("names the member that is wrong, and says what it must be", function()
      for member, values in pairs {
         status = { "x", 99, 600, 200.5, 0 / 0, {}, true }, code = { -1, "x", 1e9, 1.5 },
         message = { 1, {} },
         retry_after = { -1, math.huge, "1" }, delay = { -1, math.huge, 0 / 0, 1e9, "1" },
         times = { 0, -1, 1.5, "2", math.huge },
         headers = { "x", { ["a b"] = "x" }, { a = "b\r\nc" }, { a = {} }, { "x" } },
         body = { 1, true, { print }, { 0 / 0 } }, reset = { "x", 1 },
         match = {
            "x", 1, { path = "%" }, { path = "[" }, { path = 1 }, { method = 1 }, { params = "x" },
            { other = 1 },
         },
      } do
         for _, value in ipairs(values) do
            assert.matches(
               "fail%." .. member .. "'? must be ", mistake("fail", { [member] = value }))
         end
      end
      for _, seconds in ipairs { -1, math.huge, 0 / 0, 1e12, "1", "inf", {} } do
         assert.matches("advance%.seconds'? must be ", mistake("advance", { seconds = seconds }))
      end
      assert.matches("^member 'advance%.seconds' is required", mistake("advance", {}))
      assert.matches("^member 'receive_message%.to' is required", mistake("receive_message", { from = "+1" }))
      assert.matches(
         "receive_call%.digits'? must be",
         mistake("receive_call", { from = "+1", to = "+2", digits = "1" }))
   end)

   it("refuses a member that it doesn't know, with a suggestion", function()
      assert.matches(
         "unknown member 'fail%.statsu' %(did you mean 'status'%?%)",
         mistake("fail", { statsu = 500 }))
      assert.matches("unknown member 'forget%.x'", mistake("forget", { x = 1 }))
      assert.matches("takes one table", mistake("fail", "x"))
   end)

   it("is what a program's mistakes raise, at its line", function()
      local box = sandbox.new { seed = 1 }
      for _, f in ipairs {
         function()
            box:fail { status = "x" }
         end, function() box:advance "inf" end, function() box:advance(math.huge) end,
         function()
            box:receive_message { from = "+1" }
         end, function() box:receive_call { from = 1, to = "+1" } end,
      } do
         assert.has_error(f)
         assert.matches("commands_spec%.lua:%d+: ", select(2, pcall(f)))
      end
   end)
end)
