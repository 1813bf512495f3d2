-- cli/api/run.lua: operations from the command line, carried out by the sandbox in this process.

local command = require "support.command"
local sandbox = require "twilio.sandbox"

local NUMBER, OTHER = "+14155552344", "+15558675310"

describe("an operation", function()
   local box, run

   before_each(function()
      box = sandbox.new { seed = 1 }
      run = command.new { transport = box }
      run("incoming-phone-numbers create --phone-number " .. NUMBER)
   end)

   local function send(body)
      return run { "messages", "create", "--to", OTHER, "--from", NUMBER, "--body", body }
   end

   it("is carried out, and its answer printed", function()
      local code, out = run { "--query", "body", "messages", "create", "--to", OTHER, "--from", NUMBER,
         "--body", "two words" }
      assert.equal(0, code)
      assert.equal("two words\n", out)
   end)

   it("takes path arguments", function()
      send "x"
      local _, sid = run "messages list --query 0.sid"
      sid = sid:gsub("\n", "")
      local code, out = run("messages " .. sid .. " fetch --query sid")
      assert.equal(0, code)
      assert.equal(sid .. "\n", out)
      _, sid = run "queues create --friendly-name q --query sid"
      code, out = run("queues " .. sid:gsub("%s", "") .. " delete")
      assert.equal(0, code)
      assert.equal("", out)
      assert.equal(1, (run("queues " .. sid:gsub("%s", "") .. " fetch")))
   end)

   it("of a list stops at the limit, and says so", function()
      for i = 1, 3 do send("n" .. i) end
      local _, out, err = run "messages list --limit 2 --output jsonl --fields body"
      assert.equal('{"body":"n3"}\n{"body":"n2"}\n', out)
      assert.equal("", err)
      _, out = run "messages list --limit all --output tsv --fields body,status"
      assert.equal("body\tstatus\nn3\tqueued\nn2\tqueued\nn1\tqueued\n", out)
   end)

   it("of a list without a limit says where it stopped", function()
      for i = 1, 51 do send("n" .. i) end
      local code, out, err = run "messages list --query sid"
      assert.equal(0, code)
      assert.equal(50, select(2, out:gsub("\n", "")))
      assert.equal("twilio: the first 50 records; --limit N or --limit all takes more\n", err)
   end)

   it("that the API refuses is an error with code and page, and exit code 1", function()
      local code, out, err = run { "messages", "create", "--to", "12", "--from", NUMBER, "--body", "x" }
      assert.equal(1, code)
      assert.equal("", out)
      assert.matches("^twilio: .* %(HTTP 400, code 21211%)\n  https://www.twilio.com/docs/errors/21211\n$", err)
   end)

   it("that is a mistake is exit code 2, in words of the command line", function()
      for _, case in ipairs {
         { "messages", "messages: an operation is missing" },
         { "messages create", "messages create: missing %-%-to %(see twilio messages create %-%-help%)" },
         { "messages list --limit 0", "%-%-limit must be a number" },
         { "messages list --date-sent-before", "%-%-date%-sent%-before needs a value" },
         { "mesages", "unknown command, product or resource 'mesages'" },
         { "messages =. fetch", "path argument 'sid' is '.', which can't stand in a path" },
      } do
         local code, out, err = run(case[1])
         assert.equal(2, code)
         assert.equal("", out)
         assert.matches(case[2], err)
      end
   end)

   it("with --dry-run is printed, and not sent", function()
      local code, out = run { "messages", "create", "--to", OTHER, "--from", NUMBER, "--body", "x", "--dry-run" }
      assert.equal(0, code)
      assert.matches("^curl https://api.twilio.com/", out)
      local _, list = run "messages list --output json"
      assert.equal("[]\n", list)
   end)

   it("with --verbose is told of, without secrets", function()
      local _, _, err = run "messages list --verbose"
      assert.matches("twilio start GET https://api.twilio.com/", err)
      assert.matches("twilio response GET .*status=200", err)
   end)
end)

describe("a network that isn't there", function()
   local function failing(fields)
      return { send = function() return nil, require("twilio.util.error").new(fields) end }
   end

   it("is exit code 3", function()
      local run = command.new {
         transport = failing { kind = "network", message = "no route", sent = false, retryable = true },
      }
      local code, _, err = run "messages list --max-retries 0"
      assert.equal(3, code)
      assert.equal("twilio: no route (network)\n", err)
   end)

   it("is exit code 4 where a POST may have been carried out", function()
      local run = command.new {
         transport = failing { kind = "timeout", message = "no answer", sent = true, ambiguous = true },
      }
      local code, _, err = run {
         "messages", "create", "--to", OTHER, "--from", NUMBER, "--body", "x", "--max-retries", "0",
      }
      assert.equal(4, code)
      assert.matches("it may have been carried out all the same", err)
   end)
end)
