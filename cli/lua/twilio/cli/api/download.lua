-- cli/api/download.lua: `download`: a recording or media into a file, or to standard output.

local checked = require "twilio.cli.api.checked"

local download = {}

--- Downloads an instance's file. @param object (instance) with `download`
-- @return (integer) the exit code
function download.run(around, object)
   local path = around.settings.file
   if not path and around.interactive then
      around.fail "download writes to standard output: give --file PATH, or a pipe"
   end
   local file, message = around.out.file, nil
   if path then file, message = io.open(path, "wb") end
   if not file then around.fail(message) end
   local bytes, err = checked(around, object.download, object, function(chunk)
      local ok
      ok, message = file:write(chunk)
      return ok and true, message
   end, { format = around.settings.format })
   local is_closed = true
   if path then is_closed, message = file:close() end
   if not bytes then return around.report(err) end
   if not is_closed then around.fail(("%s: %s"):format(path, message), around.exit.api) end
   if path then around.warn(("%d bytes in %s"):format(bytes, path)) end
   return around.exit.ok
end

return download
