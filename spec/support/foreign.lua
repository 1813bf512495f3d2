-- foreign.lua: programs of others for specs: packages of npm and of Debian, in folders of their own
-- outside the checkout, where they are kept for the next run.
--
--   local folder = foreign.npm "twilio@6.3.1"            -- nil where npm can't install it
--   local path = foreign.debian { "python3-twilio" }      -- for PYTHONPATH

local process = require "support.process"

local foreign = {}

local function succeeds(format, ...)
   local result = os.execute(format:format(...))
   return result == true or result == 0
end

local function cache()
   local base = os.getenv "XDG_CACHE_HOME"
   if not base or base == "" then base = (os.getenv "HOME" or "/tmp") .. "/.cache" end
   return base .. "/twilio-lua-specs"
end

-- Makes a folder by a command that is given another name, so that a broken off one isn't taken for
-- a whole one.
local function folder_by(name, command)
   local folder = cache() .. "/" .. name
   if succeeds("test -d '%s'", folder) then return folder end
   local unfinished = ("%s.%d"):format(folder, process.id())
   local ok = succeeds("mkdir -p '%s'", unfinished)
      and succeeds("(%s) >/dev/null 2>&1", (command:gsub("FOLDER", "'" .. unfinished .. "'")))
      and succeeds("mv -T '%s' '%s'", unfinished, folder)
   if ok then return folder end
   succeeds("rm -rf '%s'", unfinished)
   -- Another run may have made it meanwhile.
   return succeeds("test -d '%s'", folder) and folder or nil
end

--- Installs a package of npm. @param package (string) name@version
-- @return (string) the folder above its node_modules; nil: there is no npm, or it can't
function foreign.npm(package)
   if not succeeds "command -v node npm >/dev/null" then return nil end
   local install = "npm install --silent --no-audit --no-fund --prefix FOLDER "
   return folder_by(package, install .. package)
end

--- Unpacks packages of Debian, without installing them.
-- @return (string) the folder of their Python modules; nil: there is no apt, or it can't
function foreign.debian(packages)
   if not succeeds "command -v apt-get dpkg /usr/bin/python3 >/dev/null" then return nil end
   local folder = folder_by(packages[1], "cd FOLDER && apt-get download "
      .. table.concat(packages, " ") .. " && for file in *.deb; do dpkg -x $file .; done")
   return folder and folder .. "/usr/lib/python3/dist-packages"
end

return foreign
