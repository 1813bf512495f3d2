-- cli/api/dry.lua: --dry-run: prints the request as a curl command, and sends nothing.

local Error = require "twilio.util.error"
local checked = require "twilio.cli.api.checked"
local curl = require "twilio.cli.api.curl"
local walk = require "twilio.cli.api.walk"

local dry = {}

-- A transport that keeps the request.
local function dry_transport()
   local kept = {}
   function kept:send(final)
      self.request = final
      return nil, Error.new {
         kind = "cancelled", message = "nothing is sent", sent = false, retryable = false,
      }
   end
   return kept
end

--- Prints the request of a place. @param given (table) the arguments
-- @return (integer) the exit code
function dry.run(around, at, given)
   local transport = dry_transport()
   local client, user = around.dry_client(transport)
   local object = checked(around, walk.object, client, at)
   checked(around, object[at.method], object, given)
   around.out:write(curl.command(transport.request, user), "\n")
   return around.exit.ok
end

return dry
