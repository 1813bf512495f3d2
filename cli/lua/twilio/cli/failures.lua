-- cli/failures.lua: failures as lines on standard error and an exit code.

local Error = require "twilio.util.error"

local failures = {}

-- Returns true if what failed may have been carried out: no answer came, or a gateway's.
local function is_ambiguous(err)
   local repeats = err.method == "POST" or err.method == "PATCH"
   return err.ambiguous or repeats and err.kind == "api" and err.status >= 500
end

--- The exit code of an error object of the library.
-- @param err (table) kind, ambiguous, status, method
-- @param exit (table) the exit codes of context.lua
function failures.code_of(err, exit)
   if is_ambiguous(err) then return exit.ambiguous end
   if err.kind == "config" then return exit.usage end
   if err.kind == "network" or err.kind == "timeout" or err.kind == "cancelled"
      or err.kind == "auth" and not err.status then
      return exit.network
   end
   return exit.api
end

--- Prints an error object of the library. @return (integer) its exit code
function failures.report(around, err)
   local facts = {}
   if err.status then facts[#facts + 1] = "HTTP " .. err.status end
   if err.code then facts[#facts + 1] = "code " .. tostring(err.code) end
   if not err.status then facts[#facts + 1] = err.kind end
   around.warn(("twilio: %s (%s)"):format(err.message or "failed", table.concat(facts, ", ")))
   if is_ambiguous(err) then
      around.warn "twilio: it may have been carried out all the same: look before you repeat it"
   end
   if err.more_info then around.warn("  " .. tostring(err.more_info)) end
   return failures.code_of(err, around.exit)
end

--- Prints an error that a command has raised.
-- @param has_client (boolean) true: a request may have been on its way
-- @return (integer) its exit code
function failures.explain(around, raised, has_client)
   local exit = around.exit
   if getmetatable(raised) == around.Failure then
      if raised.message ~= "" then around.warn("twilio: " .. raised.message) end
      return raised.code
   end
   if Error.is(raised) then return around.report(raised) end
   if tostring(raised):find("interrupted!", 1, true) then -- by lua's own handler of Ctrl-C
      if not has_client then
         around.warn "twilio: interrupted"
         return exit.usage
      end
      around.warn "twilio: interrupted: a request that was on its way may have been carried out"
      return exit.ambiguous
   end
   around.warn("twilio: " .. tostring(raised))
   if around.settings.verbose then around.warn(debug.traceback("", 3)) end
   return exit.usage
end

return failures
