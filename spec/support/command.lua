-- command.lua: runs the command line in this process.
--
--   local run = command.new { transport = sandbox, environment = { ... } }
--   local code, out, err = run("messages list --limit 5")     -- or an array of words

local main = require "twilio.cli.main"
local sink = require "support.sink"

local command = {}

command.ENVIRONMENT = {
   TWILIO_ACCOUNT_SID = "AC" .. ("a"):rep(32), TWILIO_AUTH_TOKEN = ("b"):rep(32),
}

function command.new(options)
   options = options or {}
   local environment = options.environment or command.ENVIRONMENT
   return function(line)
      local words = line
      if type(line) == "string" then
         words = {}
         for word in line:gmatch "%S+" do words[#words + 1] = word end
      end
      local out, err = sink.new(), sink.new()
      local code = main.run(words, {
         out = out, err = err, transport = options.transport, width = options.width,
         input = options.input and sink.input(options.input),
         interactive = options.interactive or false,
         environment = function(name) return environment[name] end,
      })
      return code, out:text(), err:text()
   end
end

return command
