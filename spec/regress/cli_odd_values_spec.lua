-- Options with odd values: `messages list --page-size 0` reached Twilio, as the operation has a
-- parameter of that name, and only `twilio --page-size 0` was checked; the second `-` on a line read
-- nothing, so that a message went out with an empty text; `--fields ""` printed empty records;
-- `--query sidd` of a list printed nothing at all, and `--query error_code` of a message without an
-- error warned that there is nothing.

local command = require "support.command"
local sandbox = require "twilio.sandbox"

describe("an option with an odd value", function()
   local box = sandbox.new {
      account_sid = command.ENVIRONMENT.TWILIO_ACCOUNT_SID,
      auth_token = command.ENVIRONMENT.TWILIO_AUTH_TOKEN,
   }
   local run = command.new { transport = box }
   run { "messages", "create", "--to", "+15558675310", "--from", "+14155552344", "--body", "Hi" }

   local function refuses(line, pattern)
      local before = #box:requests()
      local code, out, err = run(line)
      assert.equal(2, code)
      assert.equal("", out)
      assert.matches(pattern, err)
      assert.equal(before, #box:requests())
   end

   it("is refused as a page's size, wherever and however it stands", function()
      for _, size in ipairs { "0", "-1", "1.5", "x", "99999999999999999999" } do
         for _, option in ipairs { "--page-size", "--page_size", "--PageSize" } do
            refuses({ "messages", "list", option, size }, "%-%-page%-size must be a number from 1 on")
         end
         refuses({ "--page-size", size, "messages", "list" }, "%-%-page%-size must be")
      end
      assert.equal(0, (run "messages list --page-size 1"))
      local _, out = run "messages list --page-size 7 --dry-run"
      assert.matches("PageSize=7", out, 1, true)
   end)

   it("is refused as any number that no Lua has as an integer", function()
      local nines = ("9"):rep(400)
      refuses({ "messages", "list", "--limit", nines }, "%-%-limit must be")
      refuses({ "messages", "list", "--timeout", nines }, "%-%-timeout must be")
      refuses({ "messages", "list", "--max-retries", nines }, "%-%-max%-retries must be")
      assert.equal(0, (run "messages list --max-retries 0"))
   end)

   it("is refused as names of fields or a path", function()
      refuses({ "messages", "list", "--fields", "" }, "%-%-fields needs the names of fields")
      refuses({ "messages", "list", "--fields", " ," }, "%-%-fields needs the names of fields")
      refuses({ "messages", "list", "--query", "" }, "%-%-query needs a path")
      refuses({ "messages", "list", "--query", "..." }, "%-%-query needs a path")
   end)

   it("is told of where nothing is at a path, and a null is an empty line", function()
      for _, path in ipairs { "sidd", "0.sidd", "7.sid" } do
         local code, out, err = run { "messages", "list", "--query", path }
         assert.equal(0, code)
         assert.equal("", out)
         assert.equal("twilio: nothing at " .. path .. "\n", err)
      end
      local _, out, err = run "messages list --query 0.error_code"
      assert.equal("\n", out)
      assert.equal("", err)
      _, out = run "messages list --query 0.error_code --output json"
      assert.equal("null\n", out)
   end)
end)

it("standard input is there for one option", function()
   local value = require "twilio.cli.api.value"
   local state = { is_input_read = true }
   for _, text in ipairs { "-", "@-" } do
      assert.same({ nil, "can't be read from standard input: another option has it" },
         { value.read(text, state) })
   end
   assert.equal("text", value.read("text", state))
end)
