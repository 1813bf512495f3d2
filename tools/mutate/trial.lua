-- Runs specs in a child process, with a mutant in place of one file of the library.
--
-- The mutant lies in a temporary folder that stands first in package.path or package.cpath; the
-- checkout is never written to. A child that needs far more time than the specs need without the
-- mutant is ended: a mutant that hangs is noticed. Time on the processor is the limit, as the
-- machine may be busy; the limit by the clock, for a child that sleeps, is wide.

local files = require "files"

local trial = {}

local CPATH = "build/lua5.4/?.so;"
local MEMORY = 4 * 1024 * 1024 -- KiB that a child may have

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

trial.quoted = quoted

--- Runs a command, and takes in its output. @return (string), (boolean) whether it has ended with 0
function trial.output(command)
   local pipe = assert(io.popen(command))
   local text = pipe:read "*a"
   return text, pipe:close() == true
end

-- @param options (table) folder (string | nil): the mutant's; specs (array of paths); cpu, clock
--    (seconds): limits; helper (string | nil): an argument of busted; trace (string | nil): a file
local function command_of(options)
   local path = "lua/?.lua;spec/?.lua;"
   local cpath = CPATH
   if options.folder then
      path = options.folder .. "/?.lua;" .. path
      cpath = options.folder .. "/?.so;" .. cpath
   end
   local specs = {}
   for i, spec in ipairs(options.specs) do specs[i] = quoted(spec) end
   local busted = ("lua5.4 \"$(command -v busted)\" -o TAP --no-keep-going -m %s %s %s")
      :format(quoted(path), options.helper or "", table.concat(specs, " "))
   local script = table.concat {
      ("export LUA_PATH=%s LUA_CPATH=%s MUTATE_TRACE=%s\n"):format(
         quoted(path .. ";"), quoted(cpath .. ";"), quoted(options.trace or "")),
      ("ulimit -v %d -t %d\n"):format(MEMORY, math.ceil(options.cpu)),
      "TIMEFORMAT='# took %R %U %S'\n",
      ("time timeout -k 5 %d nice -n 10 %s </dev/null\n"):format(
         math.ceil(options.clock), busted),
      "echo \"# ended $?\"\n",
   }
   return "bash -c " .. quoted(script) .. " >" .. options.output .. " 2>&1; : >"
      .. options.output .. ".done"
end

--- Starts specs. @param options (table) of command_of, and output (string): a file of its own
-- @return (table) for trial.is_done and trial.result
function trial.start(options)
   os.remove(options.output .. ".done")
   return { pipe = assert(io.popen(command_of(options))), output = options.output }
end

function trial.is_done(started)
   local file = io.open(started.output .. ".done")
   return file ~= nil and file:close()
end

--- Waits for what was started.
-- @return (table) passed (boolean), by (string | nil): the spec that failed, or "time" or "crash",
--    clock, cpu (seconds), text (string)
function trial.result(started)
   started.pipe:close()
   local text = files.read(started.output)
   local clock, user, system = text:match "# took ([%d.]+) ([%d.]+) ([%d.]+)"
   local status = tonumber(text:match "# ended (%d+)%s*$")
   local result = {
      passed = status == 0 and text:find "\n1%.%.%d" ~= nil or false, text = text,
      clock = tonumber(clock) or 0, cpu = (tonumber(user) or 0) + (tonumber(system) or 0),
   }
   if not result.passed then
      local is_late = status == 124 or status == 137 or status == 152
      result.by = is_late and "time" or text:match "\nnot ok[^\n]*\n# (spec/%S+) @" or "crash"
   end
   return result
end

--- Writes a mutant of a module of Lua into a folder. @param path (string) lua/twilio/x.lua
function trial.place(folder, path, text)
   local target = folder .. "/" .. path:gsub("^lua/", "")
   os.execute("mkdir -p " .. quoted(target:match "^(.*)/"))
   files.write(target, text)
end

return trial
