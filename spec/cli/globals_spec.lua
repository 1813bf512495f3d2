-- cli/globals.lua: the options that stand before the first word, and their checks.

local context = require "twilio.cli.context"
local globals = require "twilio.cli.globals"
local sink = require "support.sink"

local function read(...)
   local around = context.new { out = sink.new(), err = sink.new(), environment = function() end }
   local at = globals.read(around, { ... })
   return around.settings, at
end

local function mistake(...)
   local ok, raised = pcall(read, ...)
   assert.is_false(ok)
   return tostring(raised)
end

describe("the program's options", function()
   it("end with the first other word", function()
      local settings, at = read("--profile", "a", "--limit=7", "--no_color", "messages", "--x")
      assert.same({ profile = "a", limit = 7, no_color = true }, settings)
      assert.equal(5, at)
   end)

   it("are checked", function()
      assert.equal("--limit must be a number from 1 on, or all", mistake("--limit", "0"))
      assert.equal("--output must be table, json, jsonl or tsv", mistake "--output=xml")
      assert.equal("--timeout must be a number of seconds above 0", mistake "--timeout=-1")
      assert.equal("--profile needs a value", mistake "--profile")
      assert.equal(math.huge, read("--limit", "all").limit)
   end)

   it("that nobody knows are refused with a suggestion", function()
      assert.equal("unknown option '--porfile' (did you mean '--profile'?)",
         mistake("--porfile", "x"))
   end)
end)
