-- cli/api/help.lua: the pages of --help.

local command = require "support.command"
local describe_of = require("twilio.resource.describe").of

local run = command.new { environment = {} }

local function page(line)
   local code, out, err = run(line .. " --help")
   assert.equal(0, code, err)
   for text in out:gmatch "[^\n]+" do
      -- One value may be longer than a line.
      assert.is_true(#text <= 100 or not text:match "^%s*%S+%s+%S+%s", text)
   end
   return out
end

describe("the help", function()
   it("of the program names commands, resources, products and options", function()
      local out = page ""
      for _, text in ipairs { "Commands\n", " messages, ", " verify, ", "--dry-run", "--output FORMAT" } do
         assert.is_truthy(out:find(text, 1, true), text)
      end
      assert.equal(out, select(2, run ""))
      assert.equal(out, select(2, run "-h"))
   end)

   it("of a product has its versions, and which may be left out", function()
      local out = page "verify"
      assert.is_truthy(out:find("v2 (may be left out)\n", 1, true))
      assert.is_truthy(out:find("  twilio verify v2 services ...\n", 1, true))
      assert.is_truthy(page("verify v2"):find("  twilio verify v2 services ...\n", 1, true))
   end)

   it("of a resource has operations of the list and of one, and what is below", function()
      local out = page "messages"
      for _, text in ipairs {
         "  twilio messages create --to TO\n", "  twilio messages SID fetch\n",
         "  twilio messages SID media ...\n", "  date_created ",
      } do
         assert.is_truthy(out:find(text, 1, true), text)
      end
      out = page "memory v1 profiles"
      assert.is_truthy(out:find("twilio memory v1 profiles STORE_ID list", 1, true))
      assert.is_truthy(out:find("twilio memory v1 profiles STORE_ID PROFILE_ID fetch", 1, true))
   end)

   it("of an instance has its operations only", function()
      local out = page "messages SM1"
      assert.is_truthy(out:find("twilio messages SID fetch", 1, true))
      assert.is_nil(out:find("twilio messages create", 1, true))
   end)

   it("of an operation has every option, with types and values", function()
      local out = page "verify v2 services VA1 verifications create"
      for _, one in ipairs(describe_of("verify.v2.services(sid).verifications:create").parameters) do
         assert.is_truthy(out:find("--" .. one.name:gsub("_", "-"), 1, true), one.name)
      end
      assert.matches("%* %-%-to +text", out)
      assert.matches("%-%-risk%-check +one of: enable | disable", out)
      assert.matches("at least one of: %-%-from, %-%-messaging%-service%-sid", page "messages create")
   end)

   it("leaves out the program's options that an operation takes itself", function()
      local out = page "calls create"
      local _, count = out:gsub("%-%-timeout", "")
      assert.equal(1, count)
   end)

   it("of a JSON body names its members", function()
      local out = page "content v1 contents create"
      assert.matches("%-%-types +object", out)
   end)

   it("comes after an operation's options, too", function()
      local code, out = run "messages create --to x --help"
      assert.equal(0, code)
      assert.matches("^Usage: twilio messages create", out)
   end)
end)
