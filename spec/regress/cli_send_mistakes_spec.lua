-- `twilio send` took mistakes for orders: `--set to=+1...` sent every message of the file to one
-- number, a file without --body was sent as requests that Twilio refuses one by one, a report or
-- plot whose file can't be written was told of after all was sent (with the code of a mistake, or as
-- "table: 0x5634af7a0240"), `--concurrency 99999999999999999999` ended in string.format, and
-- UTF-16 was "which column has the numbers?". All of these are now told before anything is added.

local databases = require "support.outbox_databases"
local process = require "support.process"
local sandbox = require "twilio.sandbox"
local sink = require "support.sink"

local ENVIRONMENT = require("support.command").ENVIRONMENT
local FROM = "+14155552344"

describe("twilio send", function()
   local missing = databases.missing "sqlite" or not pcall(require, "argparse") and "no argparse"
   local folder, file, box

   before_each(function()
      folder = process.folder()
      file = folder .. "/numbers.csv"
      process.write(file, "to,first name\n+15558675310,Ann\n+15558675311,Bob\n")
      box = sandbox.new {
         account_sid = ENVIRONMENT.TWILIO_ACCOUNT_SID, auth_token = ENVIRONMENT.TWILIO_AUTH_TOKEN,
      }
   end)
   after_each(function() process.forget(folder) end)

   local function run(words, options)
      local out, err = sink.new(), sink.new()
      local given = { "send", "--csv", file, "--from", FROM }
      for _, word in ipairs(words) do given[#given + 1] = word end
      options = options or {}
      local code = require("twilio.cli.main").run(given, {
         out = out, err = err, interactive = options.interactive or false, width = 60,
         transport = box, input = options.input and sink.input(options.input),
         environment = function(name)
            return name == "TERM" and options.term or ENVIRONMENT[name]
         end,
      })
      return code, err:text(), out:text()
   end

   local function case(title, f)
      it(title, function()
         if missing then return pending(missing) end
         f()
      end)
   end

   local function refuses(words, message)
      local code, err = run(words)
      assert.equal("twilio: send: " .. message .. "\n", err)
      assert.equal(2, code)
      assert.equal(0, #box:requests { method = "POST" })
   end

   case("refuses one number for all, and a parameter that is given twice", function()
      refuses({ "--body", "Hi", "--set", "to=+15558675319" },
         "--set to would be that of all messages: --to names its column")
      refuses({ "--body", "Hi", "--set", "To=+15558675319" },
         "--set To would be that of all messages: --to names its column")
      refuses({ "--body", "Hi", "--set", "key=1" },
         "--set key would be that of all messages: --key names its column")
      refuses({ "--body", "Hi", "--set", "body=Ho" }, "body is given twice")
   end)

   case("refuses messages without a text", function()
      refuses({}, "--body TEXT says what is sent (or --set content_sid=..., media_url=...)")
      process.write(file, "to,text\n+15558675310,Hi\n+15558675311,\n")
      refuses({ "--body", "{text}" }, "line 3: its text is empty")
      process.write(file, "to\n+15558675310\n  \n")
      refuses({ "--body", "Hi" }, "line 3: it has no number")
   end)

   case("refuses an output that can't be written before it sends", function()
      for _, option in ipairs { "--report", "--plot" } do
         refuses({ "--body", "Hi", option, folder .. "/no/file" },
            ("%s: %s/no/file: No such file or directory"):format(option, folder))
      end
      refuses({ "--body", "Hi", "--report", "-", "--plot", "-" },
         "standard output takes --report or --plot, not both")
   end)

   case("says which output could not be written, after all was sent", function()
      if not process.can "test -c /dev/full" then return pending "no /dev/full" end
      for _, option in ipairs { "--report", "--plot" } do
         local code, err = run { "--body", "Hi", option, "/dev/full" }
         assert.equal(1, code)
         assert.matches(option .. ": /dev/full: No space left on device", err, 1, true)
      end
      assert.equal(2, #box:requests { method = "POST" })
   end)

   case("keeps numbers within limits", function()
      local nines = ("9"):rep(400)
      for _, rate in ipairs { "0", nines, "1e3", "x" } do
         refuses({ "--body", "Hi", "--rate", rate },
            "--rate must be a number above 0, at most 1000000")
      end
      for _, count in ipairs { "0", "1.5", "99999999999999999999", nines } do
         refuses({ "--body", "Hi", "--concurrency", count },
            "--concurrency must be a whole number from 1, at most 10000")
      end
      refuses({ "--body", "Hi", "--grace", nines },
         "--grace must be a number from 0, at most 1000000000")
   end)

   case("says what is wrong with UTF-16 and other separators", function()
      process.write(file, "\255\254t\0o\0\n\0")
      refuses({ "--body", "Hi" },
         file .. ": it holds a NUL (byte 4), as UTF-16 does: save it as UTF-8")
      process.write(file, "to;name\n+15558675310;Ann\n")
      refuses({ "--body", "Hi" },
         "the values of --csv are separated by commas, not by semicolons or tabs")
   end)

   case("names a column with blanks that isn't there", function()
      refuses({ "--body", "Hi {firs name}" },
         "body: unknown column 'firs name' (did you mean 'first name'?)")
   end)

   case("says that a list has its messages already", function()
      assert.equal(0, (run { "--body", "Hi" }))
      local code, err = run { "--body", "Ho", "--resume" }
      assert.equal(0, code)
      assert.matches("--body changes nothing with --resume: the list has its messages", err, 1, true)
      assert.equal(2, #box:requests { method = "POST" })
   end)

   case("draws its bar on a terminal only, and not on a dumb one", function()
      local words = { "--body", "Hi", "--db", folder .. "/a" }
      assert.matches("\r", select(2, run(words, { interactive = true })), 1, true)
      words[4] = folder .. "/b"
      assert.is_nil(select(2, run(words, { interactive = true, term = "dumb" })):find "\r")
   end)

   case("reads standard input", function()
      local code, _, out = run({ "--csv", "-", "--db", folder .. "/list", "--body", "Hi" },
         { input = "to\n+15558675310\n" })
      assert.equal(0, code)
      assert.matches("^1 messages: sent 1", out)
   end)
end)
