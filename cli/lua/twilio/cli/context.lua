-- cli/context.lua: all that a command sees of the world: where it prints, the exit codes, a client.
--
--    out            write(text, ...), flush(): what can't be written ends the command; out.file is
--                   the file-like object itself
--    err            file-like: write(text, ...)
--    exit           { ok = 0, api = 1, usage = 2, network = 3, ambiguous = 4, unread = 141 }
--    interactive    true if standard output is a terminal
--    width          columns of the terminal
--    err_width      columns of the terminal that standard error is; nil: it is none, or a dumb one
--    settings       the options of cli/globals.lua, by name: profile, timeout, verbose, ...
--    environment(name) -> text | nil
--    client(options, is_whole) -> a client of the profile or the environment; options are
--                   twilio.client's; is_whole: they have the account themselves
--    input          standard input
--    fail(message, code)   ends the command with a message; the code is exit.usage unless given
--    report(err) -> code   prints an error object of the library and returns its exit code
--    warn(message)  prints a line on standard error

local lazy = require "twilio.util.lazy"

local failures = lazy "twilio.cli.failures" -- with the first of them
local plain = lazy "twilio.cli.util.plain" -- with the first warning
local terminal = lazy "twilio.cli.util.terminal" -- with the first answer

local context = {}

-- `unread`: nobody reads the answer any more (`| head -1`); a shell's code for SIGPIPE.
local EXIT = { ok = 0, api = 1, usage = 2, network = 3, ambiguous = 4, unread = 141 }

local EPIPE = 32 -- Linux, macOS and the BSDs

-- Raised by fail: { message, code }.
local Failure = { __tostring = function(self) return self.message end }

-- Standard output. Each write is looked at: stdio forgets one that failed, and a later flush
-- succeeds.
local Output = {}
Output.__index = Output

local function check_written(ok, message, code)
   if ok then return end
   local is_closed = code == EPIPE
   error(setmetatable({
      message = is_closed and "" or "the answer couldn't be written: " .. tostring(message),
      code = is_closed and EXIT.unread or EXIT.api,
   }, Failure), 0)
end

function Output:write(...)
   check_written(self.file:write(...))
   return self
end

function Output:flush()
   if self.file.flush then check_written(self.file:flush()) end
   return self
end

--- Makes a context.
-- @param options (table | nil) out, err, input, interactive, width, environment; transport of its
--    clients
-- @return (table)
function context.new(options)
   options = options or {}
   local self = {
      out = setmetatable({ file = options.out or io.stdout }, Output),
      err = options.err or io.stderr,
      input = options.input or io.stdin, exit = EXIT, settings = {}, Failure = Failure,
      environment = options.environment or os.getenv, transport = options.transport,
   }
   local clients = {}

   function self.warn(message) self.err:write(plain.text(message), "\n") end

   function self.fail(message, code)
      error(setmetatable({ message = message, code = code or EXIT.usage }, Failure), 0)
   end

   function self.report(err) return failures.report(self, err) end

   function self.explain(raised) return failures.explain(self, raised, #clients > 0) end

   function self.client(more, is_whole)
      local client = require("twilio.cli.account").client(self, more or {}, is_whole)
      clients[#clients + 1] = client
      return client
   end

   -- A client whose requests go to a transport that keeps them, and the names of the environment's
   -- variables that stand for its credentials.
   function self.dry_client(transport)
      local client, user = require("twilio.cli.account").dry_client(self, transport)
      clients[#clients + 1] = client
      return client, user
   end

   function self.close()
      for _, client in ipairs(clients) do client:close() end
   end

   -- Asking for a terminal starts a process: only when somebody wants to know.
   return setmetatable(self, {
      __index = function(_, name)
         local value
         if name == "interactive" then
            value = options.interactive
            if value == nil then value = not options.out and terminal.is_terminal() end
         elseif name == "width" then
            value = options.width or terminal.width(self.environment)
         elseif name == "err_width" then
            local is_terminal = options.interactive
            if is_terminal == nil then is_terminal = not options.err and terminal.is_terminal(2) end
            if self.environment "TERM" == "dumb" then is_terminal = false end
            value = is_terminal and self.width or nil
         end
         rawset(self, name, value)
         return value
      end,
   })
end

return context
