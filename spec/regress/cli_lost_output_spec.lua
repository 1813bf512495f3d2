-- A write to standard output that failed was forgotten: the C library's buffer is empty afterwards,
-- so the flush at the end succeeded. `twilio messages list >/dev/full` printed a part and ended with
-- 0, and a list went on asking for all its pages. Where SIGPIPE is ignored (by a parent in Python,
-- say), `twilio ... | head -1` complained of a broken pipe. Now the first write that fails ends the
-- command: with a message and 1, or silently with 141 where nobody reads any more.

local command = require "support.command"
local sandbox = require "twilio.sandbox"

-- A file whose writes fail after so many, and whose flush succeeds.
local function failing(count, message, code)
   local file = { written = 0 }
   function file:write()
      self.written = self.written + 1
      if self.written > count then return nil, message, code end
      return self
   end
   function file:flush() return self end
   return file
end

describe("an answer that can't be written", function()
   local box = sandbox.new {
      account_sid = command.ENVIRONMENT.TWILIO_ACCOUNT_SID,
      auth_token = command.ENVIRONMENT.TWILIO_AUTH_TOKEN,
   }
   local client = require("twilio").client {
      account_sid = command.ENVIRONMENT.TWILIO_ACCOUNT_SID,
      auth_token = command.ENVIRONMENT.TWILIO_AUTH_TOKEN, transport = box,
   }
   for i = 1, 9 do
      assert(client.messages:create { to = "+1555867530" .. i, from = "+14155552344", body = "Hi" })
   end

   local function run(line, out)
      local words, err = {}, require("support.sink").new()
      for word in line:gmatch "%S+" do words[#words + 1] = word end
      local code = require("twilio.cli.main").run(words, {
         out = out, err = err, interactive = false, transport = box,
         environment = function(name) return command.ENVIRONMENT[name] end,
      })
      return code, err:text()
   end

   local function lists() return #box:requests { method = "GET", path = "/Messages" } end

   it("ends the command with a message and 1", function()
      for _, format in ipairs { "json", "jsonl", "tsv", "table" } do
         local code, err = run("messages list --output " .. format,
            failing(0, "No space left on device", 28))
         assert.equal(1, code)
         assert.equal("twilio: the answer couldn't be written: No space left on device\n", err)
      end
   end)

   it("ends a list before its next page", function()
      local before = lists()
      assert.equal(1, (run("messages list --limit all --page-size 2 --output jsonl",
         failing(2, "No space left on device", 28))))
      assert.is_true(lists() - before <= 2, lists() - before)
   end)

   it("ends it silently where nobody reads any more", function()
      local code, err = run("messages list --output table", failing(1, "Broken pipe", 32))
      assert.equal(141, code)
      assert.equal("", err)
      assert.equal(141, (run("--help", failing(0, "Broken pipe", 32))))
   end)

   it("is told by the last flush, too", function()
      local out = failing(100)
      function out.flush() return nil, "No space left on device", 28 end
      local code, err = run("messages list", out)
      assert.equal(1, code)
      assert.matches("No space left", err)
   end)
end)
