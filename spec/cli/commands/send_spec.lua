-- cli/commands/send.lua: `twilio send` in this process, and as a program that gets Ctrl-C.

local core = require "twilio.core"
local crowd = require "support.outbox_crowd"
local csv = require "twilio.outbox.csv"
local databases = require "support.outbox_databases"
local main = require "twilio.cli.main"
local outbox = require "twilio.outbox"
local process = require "support.process"
local sandbox = require "twilio.sandbox"
local sink = require "support.sink"

local ENVIRONMENT = {
   TWILIO_ACCOUNT_SID = "AC" .. ("a"):rep(32), TWILIO_AUTH_TOKEN = ("b"):rep(32),
}
local FROM = "+14155552344"

local unpack = table.unpack or unpack

describe("twilio send", function()
   local folder, file, box, out, err
   local missing = databases.missing "sqlite" or not pcall(require, "argparse") and "argparse isn't installed for this Lua"

   before_each(function()
      folder = process.folder()
      file = folder .. "/numbers.csv"
      box = sandbox.new { account_sid = ENVIRONMENT.TWILIO_ACCOUNT_SID, auth_token = ENVIRONMENT.TWILIO_AUTH_TOKEN }
   end)
   after_each(function() process.forget(folder) end)

   local function case(title, f)
      it(title, function()
         if missing then return pending(missing) end
         f()
      end)
   end

   -- Runs the command line with further words; returns its exit code.
   local function run(...)
      out, err = sink.new(), sink.new()
      return main.run({ "send", ... }, {
         out = out, err = err, interactive = false, width = 80, transport = box,
         environment = function(name) return ENVIRONMENT[name] end,
      })
   end

   local environment = {}
   setup(function()
      -- The client itself asks os.getenv.
      environment.getenv = os.getenv
      os.getenv = function(name) return ENVIRONMENT[name] or environment.getenv(name) end -- luacheck: ignore
   end)
   teardown(function() os.getenv = environment.getenv end) -- luacheck: ignore

   local function bodies()
      local list = {}
      for _, request in ipairs(box:requests { method = "POST", path = "/Messages" }) do
         list[#list + 1] = request.params.To .. " " .. request.params.Body
      end
      table.sort(list)
      return list
   end

   local function rows_of(text)
      local list = {}
      for row in csv.rows(text) do list[#list + 1] = row end
      return list
   end

   case("sends a text to each line, once, however often it is run", function()
      process.write(file, 'phone,name\n+15558675310,"Ann ""A"", Dr"\n+15558675311,Bob\n')
      local words = { "--csv", file, "--from", FROM, "--body", "Hi {name}" }
      assert.equal(0, run(unpack(words)))
      assert.same({ '+15558675310 Hi Ann "A", Dr', "+15558675311 Hi Bob" }, bodies())
      assert.equal("2 messages: sent 2, failed 0, unknown 0, waiting 0, under way 0\n", out:text())
      assert.matches("2 messages in .*numbers.csv, 2 of them new", err:text())
      assert.matches("2 of 2, %d+/s; sent 2, failed 0, unknown 0\n", err:text())
      assert.equal(0, run(unpack(words)))
      assert.equal(2, #bodies())
      assert.matches("2 messages in .*numbers.csv, 0 of them new", err:text())
      assert.equal("600", process.output("stat -c %%a %s.outbox", file))
   end)

   case("goes on with a list that is there", function()
      local list = assert(outbox.open { db = file .. ".outbox" })
      assert(list:add { key = "a", to = "+15558675310", from = FROM, body = "x" })
      list:close()
      assert.equal(0, run("--csv", file, "--resume", "--rate", "100", "--concurrency", "3"))
      assert.same({ "+15558675310 x" }, bodies())
      assert.equal(2, run("--db", folder .. "/nothing", "--resume"))
      assert.matches("there is no list .*nothing", err:text())
   end)

   case("takes any other parameter, and columns in each", function()
      process.write(file, "who,id,from\n+15558675310,7,+14155550007\n")
      assert.equal(0, run("--csv", file, "--to", "who", "--key", "id", "--from", "{from}", "--body", "{{{id}}}",
         "--set", "status_callback=https://example.com/{id}"))
      local params = box:requests { method = "POST" }[1].params
      assert.same({ "{7}", "+14155550007", "https://example.com/7" }, { params.Body, params.From, params.StatusCallback })
   end)

   case("reads the text from a file", function()
      process.write(file, "to\n+15558675310\n")
      process.write(folder .. "/text", "It's\nlong")
      assert.equal(0, run("--csv", file, "--from", FROM, "--body", "@" .. folder .. "/text"))
      assert.same({ "+15558675310 It's\nlong" }, bodies())
   end)

   case("reports each message, and draws a plot", function()
      process.write(file, "to\n+15558675310\n+15005550009\nnonsense\n")
      assert.equal(1, run("--csv", file, "--from", FROM, "--body", "x", "--report", folder .. "/report.csv",
         "--plot", folder .. "/plot.svg"))
      local rows = rows_of(process.read(folder .. "/report.csv"))
      assert.same({ "sent", "failed", "21211" }, { rows[1].state, rows[3].state, rows[3].code })
      assert.matches("<svg", process.read(folder .. "/plot.svg"))
      assert.equal(1, run("--csv", file, "--status", "--report", "-"))
      assert.equal(3, #rows_of(out:text()))
      assert.matches("3 messages: sent", err:text())
   end)

   case("exits with 4 where the end of a message is unknown, and looks it up", function()
      process.write(file, "to\n+15558675310\n")
      box:fail { match = { method = "POST", path = "/Messages" }, status = 503, times = 1 }
      assert.equal(4, run("--csv", file, "--from", FROM, "--body", "x"))
      assert.matches("Looking 1 unknown messages up", err:text())
      assert.matches("too early to tell 1", err:text())
      assert.equal(4, run("--csv", file, "--resume", "--grace", "0.001"))
      assert.matches("not found 1", err:text())
      assert.equal(1, #bodies())
      assert.equal(0, run("--csv", file, "--resume", "--retry-unknown"))
      assert.matches("1 unknown messages wait again", err:text())
      assert.equal(2, #bodies())
   end)

   case("exits with 1 where the key isn't valid; nothing is lost", function()
      process.write(file, "to\n+15558675310\n+15558675311\n")
      box:fail { match = { method = "POST", path = "/Messages" }, status = 401, code = 20003, times = 9 }
      assert.equal(1, run("--csv", file, "--from", FROM, "--body", "x"))
      assert.matches("HTTP 401", err:text())
      assert.equal("2 messages: sent 0, failed 0, unknown 0, waiting 2, under way 0\n", out:text())
      box:forget()
      assert.equal(0, run("--csv", file, "--resume"))
   end)

   case("exits with 1 where messages were refused, and sends them again if asked", function()
      process.write(file, "to\n+15558675310\n")
      box:fail { match = { method = "POST", path = "/Messages" }, status = 400, code = 21608, times = 1 }
      assert.equal(1, run("--csv", file, "--from", FROM, "--body", "x"))
      assert.equal(0, run("--csv", file, "--resume", "--retry-failed"))
   end)

   case("exits with 2 at a mistake, names its line, and adds nothing", function()
      local function mistake(text, ...)
         process.write(file, text)
         assert.equal(2, run("--csv", file, "--from", FROM, ...))
         return err:text()
      end
      assert.matches("body: unknown column 'nam'", mistake("to,name\n+1,a\n", "--body", "{nam}"))
      assert.matches("line 3: unknown parameter 'bodi' %(did you mean 'body'", mistake("to\n\n+1\n", "--set", "bodi=x"))
      assert.matches("line 3: 1 values, and there are 2 columns", mistake("to,a\n+1,2\n+3\n", "--body", "x"))
      assert.matches("line 2: it has no number", mistake("to,a\n,1\n", "--body", "x"))
      assert.matches("which column has the numbers", mistake("a,b\n1,2\n", "--body", "x"))
      assert.matches("%-%-key: there is no column 'x'", mistake("to\n+1\n", "--body", "x", "--key", "x"))
      assert.matches("twice in .* with another text", mistake("to,a\n+1,1\n+1,2\n", "--body", "{a}"))
      assert.matches("%-%-rate must be a number above 0", mistake("to\n+1\n", "--body", "x", "--rate", "fast"))
      assert.matches("%-%-concurrency must be a whole number", mistake("to\n+1\n", "--body", "x", "--concurrency", "1.5"))
      assert.equal(2, run("--csv", file, "--body", "x"))
      assert.matches("says who sends", err:text())
      assert.equal(2, run("--csv", folder .. "/none.csv", "--from", FROM))
      assert.matches("No such file", err:text())
      assert.equal(2, run("--from", FROM))
      assert.equal(2, run("--db", file, "--from", FROM))
      assert.same({}, bodies())
      assert.equal(0, (assert(outbox.open { db = file .. ".outbox" }):status().total))
   end)

   case("finishes what is under way after Ctrl-C, and goes on when it is run again", function()
      local api = crowd.api()
      local lines = { "to,n" }
      for i = 1, 300 do lines[#lines + 1] = ("+1555867%04d,%d"):format(i, i) end
      process.write(file, table.concat(lines, "\n"))
      process.write(folder .. "/send.lua", ("package.path, package.cpath = %q, %q\nos.exit(require('twilio.cli.main').run(arg))")
         :format(package.path, package.cpath))
      local command = ("TWILIO_ACCOUNT_SID=%s TWILIO_AUTH_TOKEN=%s TWILIO_BASE_URL=%s exec %s %s/send.lua send --csv %s --concurrency 5")
         :format(ENVIRONMENT.TWILIO_ACCOUNT_SID, ENVIRONMENT.TWILIO_AUTH_TOKEN, api.url, process.interpreter(), folder, file)
      -- Slowly, so that there is something left to stop.
      os.execute(("(sh -c 'echo $$ >%s/pid; %s --from %s --body {n} --rate 50' >%s/out 2>%s/err; echo $? >%s/status) &")
         :format(folder, command, FROM, folder, folder, folder))
      assert.is_true(process.eventually(function() return select(2, api:bodies()) > 10 end, core.sleep))
      os.execute("kill -INT $(cat " .. folder .. "/pid)")
      assert.is_true(process.eventually(function() return process.read(folder .. "/status") ~= "" end, core.sleep))
      assert.equal("130\n", process.read(folder .. "/status"))
      assert.matches("Finishing what is under way; Ctrl%-C once more ends at once", process.read(folder .. "/err"))
      local sent, waiting = process.read(folder .. "/out"):match "sent (%d+), failed 0, unknown 0, waiting (%d+), under way 0"
      assert.equal(300, sent + waiting)
      assert.is_true(tonumber(waiting) > 0)
      assert.equal(tonumber(sent), (select(2, api:bodies())))
      assert.equal("0", process.output("sh -c '%s --resume' >%s/out 2>&1; echo $?", command, folder))
      local all, count = api:bodies()
      assert.equal(300, count)
      for i = 1, 300 do assert.equal(1, #all[tostring(i)]) end
      api:stop()
   end)
end)
