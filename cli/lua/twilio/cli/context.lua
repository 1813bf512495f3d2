-- cli/context.lua: all that a command sees of the world: where it prints, the exit codes, a client.
--
--    out, err       file-like: write(text, ...)
--    exit           { ok = 0, api = 1, usage = 2, network = 3, ambiguous = 4 }
--    interactive    true if standard output is a terminal
--    width          columns of the terminal
--    settings       the options of cli/globals.lua, by name: profile, timeout, verbose, ...
--    environment(name) -> text | nil
--    client(options) -> a client of the profile or the environment; options are twilio.client's
--    fail(message, code)   ends the command with a message; the code is exit.usage unless given
--    report(err) -> code   prints an error object of the library and returns its exit code
--    warn(message)  prints a line on standard error

local plain = require "twilio.cli.util.plain"
local terminal = require "twilio.cli.util.terminal"

local context = {}

local EXIT = { ok = 0, api = 1, usage = 2, network = 3, ambiguous = 4 }

-- Raised by fail: { message, code }.
local Failure = { __tostring = function(self) return self.message end }

--- The exit code of an error object of the library.
-- @param err (table) kind, ambiguous, status
function context.code_of(err)
   if err.ambiguous then return EXIT.ambiguous end
   if err.kind == "config" then return EXIT.usage end
   if err.kind == "network" or err.kind == "timeout" or err.kind == "cancelled"
      or err.kind == "auth" and not err.status then
      return EXIT.network
   end
   return EXIT.api
end

--- Makes a context.
-- @param options (table | nil) out, err, interactive, width, environment; transport and runtime of
--    its clients
-- @return (table)
function context.new(options)
   options = options or {}
   local self = {
      out = options.out or io.stdout, err = options.err or io.stderr, exit = EXIT, settings = {},
      environment = options.environment or os.getenv, transport = options.transport,
   }
   local clients = {}

   function self.warn(message) self.err:write(plain.text(message), "\n") end

   function self.fail(message, code)
      error(setmetatable({ message = message, code = code or EXIT.usage }, Failure), 0)
   end

   function self.report(err)
      local facts = {}
      if err.status then facts[#facts + 1] = "HTTP " .. err.status end
      if err.code then facts[#facts + 1] = "code " .. tostring(err.code) end
      if not err.status then facts[#facts + 1] = err.kind end
      self.warn(("twilio: %s (%s)"):format(err.message or "failed", table.concat(facts, ", ")))
      if err.ambiguous then
         self.warn "twilio: it may have been carried out all the same: look before you repeat it"
      end
      if err.more_info then self.warn("  " .. tostring(err.more_info)) end
      return context.code_of(err)
   end

   function self.explain(raised)
      if getmetatable(raised) == Failure then
         if raised.message ~= "" then self.warn("twilio: " .. raised.message) end
         return raised.code
      end
      if require("twilio.util.error").is(raised) then return self.report(raised) end
      self.warn("twilio: " .. tostring(raised))
      if self.settings.verbose then self.warn(debug.traceback("", 3)) end
      return EXIT.usage
   end

   function self.client(more)
      local client = require("twilio.cli.account").client(self, more or {})
      clients[#clients + 1] = client
      return client
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
         end
         rawset(self, name, value)
         return value
      end,
   })
end

return context
