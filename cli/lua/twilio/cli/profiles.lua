-- cli/profiles.lua: accounts that `twilio login` has stored: one JSON file, which only its owner
-- can read.
--
-- { "active": NAME, "profiles": { NAME: { account_sid, api_key, api_secret | auth_token, region,
-- edge } } } in $XDG_CONFIG_HOME/twilio-lua/config.json, or below ~/.config. The file is replaced
-- as a whole by a rename, where it is a symbolic link the one that it leads to; its text goes to the
-- shell that writes it by a pipe, never on a command line. A folder beside it, config.lock, is the
-- lock of whoever changes it: mkdir is atomic everywhere.

local profiles = {}

--- The fields of a profile, as twilio.client calls them.
profiles.fields = { "account_sid", "api_key", "api_secret", "auth_token", "region", "edge" }

--- The folder of the file.
-- @param environment (function) name -> text | nil
-- @return (string)
-- @return[2] nil, (string) message
function profiles.folder(environment)
   local base, home = environment "XDG_CONFIG_HOME", environment "HOME"
   if base and base:sub(1, 1) == "/" then return base .. "/twilio-lua" end
   if not home or home == "" then return nil, "neither XDG_CONFIG_HOME nor HOME is set" end
   return home .. "/.config/twilio-lua"
end

local function is_text(value) return value == nil or type(value) == "string" end

-- Returns true for what `save` writes: others may have written the file by hand.
local function is_whole(stored)
   if type(stored) ~= "table" or type(stored.profiles) ~= "table" or not is_text(stored.active) then
      return false
   end
   for name, profile in pairs(stored.profiles) do
      if type(name) ~= "string" or type(profile) ~= "table" then return false end
      for _, field in ipairs(profiles.fields) do
         if not is_text(profile[field]) then return false end
      end
   end
   return true
end

local ENOENT = 2 -- Linux, macOS and the BSDs

--- Reads the stored profiles.
-- @param environment (function) name -> text | nil
-- @return (table) { active, profiles = name -> profile }, without any where there is no file
-- @return[2] nil, (string) message
function profiles.load(environment)
   local folder = profiles.folder(environment)
   if not folder then return { profiles = {} } end
   local file, message, code = io.open(folder .. "/config.json", "rb")
   if not file and code == ENOENT then return { profiles = {} } end
   if not file then return nil, message end -- a login would replace what is there
   local text = file:read "*a"
   file:close()
   local stored = require("twilio.json").decode(text or "")
   if not is_whole(stored) then
      return nil, folder .. "/config.json is damaged: repair or remove it, then run twilio login"
   end
   return stored
end

--- The names of profiles, sorted.
function profiles.names(stored)
   local names = {}
   for name in pairs(stored.profiles) do names[#names + 1] = name end
   table.sort(names)
   return names
end

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

--- Writes the profiles: a file of mode 0600 in a folder of mode 0700.
-- @return true; or nil, (string) message
function profiles.save(environment, stored)
   local folder, message = profiles.folder(environment)
   if not folder then return nil, message end
   local text = require("twilio.cli.output.json").indented(
      assert(require("twilio.json").encode(stored)))
   local pipe = io.popen(([[
      exec 2>/dev/null
      umask 077
      mkdir -p %s && chmod 700 %s && cd %s || exit 1
      file=config.json links=0
      while [ -h "$file" ] && [ $links -lt 20 ]; do
         to=$(readlink "$file") links=$((links + 1))
         case $to in
            /*) file=$to ;;
            *) file=$(dirname "$file")/$to ;;
         esac
      done
      beside=$(mktemp "$file.XXXXXX") &&
      { cat >"$beside" && chmod 600 "$beside" && mv -f "$beside" "$file" ||
         { rm -f "$beside"; exit 1; }; }]]):gsub("%%s", function() return quoted(folder) end), "w")
   if not pipe then return nil, "no shell can be started" end
   pipe:write(text, "\n")
   pipe:close()
   -- Lua 5.1 doesn't tell how the shell ended.
   local file = io.open(folder .. "/config.json", "rb")
   local written = file and file:read "*a"
   if file then file:close() end
   if written == text .. "\n" then return true end
   return nil, "can't write " .. folder .. "/config.json"
end

local function succeeds(result) return result == true or result == 0 end

-- A lock lasts as long as a read and a write: one of a minute ago is left over.
local LOCK = [[
   umask 077
   mkdir -p FOLDER && cd FOLDER || exit 1
   tries=0
   until mkdir config.lock 2>/dev/null; do
      [ -z "$(find config.lock -prune -mmin +1 2>/dev/null)" ] || rmdir config.lock
      tries=$((tries + 1))
      [ $tries -lt 100 ] || exit 1
      sleep 0.1
   done]]

--- Reads the profiles, changes and writes them, while no other program does.
-- @param change (function) change(stored): changes the table, or raises
-- @return true; or nil, (string) message
function profiles.change(environment, change)
   local folder, message = profiles.folder(environment)
   if not folder then return nil, message end
   local lock = LOCK:gsub("FOLDER", function() return quoted(folder) end)
   if not succeeds(os.execute(lock)) then
      return nil, "can't lock " .. folder .. "/config.json (by the folder config.lock beside it)"
   end
   local ok, result, why = pcall(function()
      local stored, damage = profiles.load(environment)
      if not stored then return nil, damage end
      change(stored)
      return profiles.save(environment, stored)
   end)
   os.execute("rmdir " .. quoted(folder .. "/config.lock"))
   if not ok then error(result, 0) end
   return result, why
end

return profiles
