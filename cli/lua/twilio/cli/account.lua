-- cli/account.lua: a client, of the profile or of the environment.
--
-- --profile comes first; then the environment's credentials; then TWILIO_PROFILE; then the profile
-- in use.

local account = {}

--- A client of the library.
-- @param around (table) the context
-- @param more (table) options of twilio.client on top
-- @return (client); a mistake ends the command
function account.client(around, more)
   local options = { transport = around.transport }
   local settings = around.settings
   options.timeout, options.max_retries = settings.timeout, settings.max_retries
   options.log = settings.verbose
   for name, value in pairs(more) do options[name] = value end
   local client, message = require("twilio.client").new(options)
   if not client then around.fail(message) end
   return client
end

return account
