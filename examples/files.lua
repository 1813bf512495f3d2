-- files.lua: recordings and media come down, serverless code goes up, whatever their size, in
-- constant memory.
--
--   lua examples/files.lua RE... recording.mp3
--   lua examples/files.lua ZS... ZH... handler.js /hello

local twilio = require "twilio"
local upload = require "twilio.upload"

local client = twilio.client()

local function download(recording_sid, path)
   -- Bytes that an earlier try has received are not requested again.
   local file = io.open(path, "r+b") or assert(io.open(path, "wb"))
   local bytes, err = client.recordings(recording_sid):download(file, {
      format = "mp3", resume = true,
      on_progress = function(have, total)
         io.stderr:write(("\r%d of %s bytes"):format(have, total or "?"))
      end,
   })
   file:close()
   print(bytes and ("\n%d bytes came"):format(bytes) or tostring(err))
end

local function deploy(service_sid, function_sid, path, url_path)
   local version, err = upload.function_version(client, {
      service_sid = service_sid, function_sid = function_sid, path = url_path,
      visibility = "public", content = { path = path },
   })
   print(version and version.sid or tostring(err))
end

if arg[3] then deploy(arg[1], arg[2], arg[3], arg[4]) else download(arg[1], arg[2]) end
client:close()
