-- interrupt_spec.lua: the first Ctrl-C is noted, the second one ends the process.

local core = require "twilio.core"
local process = require "support.process"

local folder
setup(function() folder = process.folder() end)
teardown(function() process.forget(folder) end)

-- A program in another process that may call kill(name) for itself. Returns what it prints, and its
-- exit status as the shell tells it.
local function run(code, before)
   process.write(folder .. "/program.lua", ([[
package.cpath = %q
local core = require "twilio.core"
-- os.execute would ignore SIGINT meanwhile.
local function kill(name) io.popen("kill -" .. name .. " $PPID"):close() end
io.stdout:setvbuf "no"
%s]]):format(package.cpath, code))
   return process.output(
      "( %s %s %s/program.lua; echo status $? ) 2>/dev/null", before or "", process.interpreter(),
      folder)
end

it("says false before anything came", function()
   assert.is_false(core.interrupted())
   assert.equal("false\nstatus 0", run "core.catch_interrupts() print(core.interrupted())")
end)

it("notes SIGINT and SIGTERM, and lets the program go on", function()
   assert.equal("2\nstatus 0", run "core.catch_interrupts() kill 'INT' print(core.interrupted())")
   assert.equal("15\nstatus 0", run "core.catch_interrupts() kill 'TERM' print(core.interrupted())")
end)

it("lets the second one of a kind end the process", function()
   assert.equal("2\nstatus 130",
      run "core.catch_interrupts() kill 'INT' print(core.interrupted()) kill 'INT' print 'never'")
end)

it("doesn't shorten a sleep or a command", function()
   local text = run [[
core.catch_interrupts()
os.execute("(sleep 0.1; kill -INT " .. io.open("/proc/self/stat"):read "*n" .. ") &")
local before = core.now()
core.sleep(0.4)
print(core.now() - before >= 0.4, core.interrupted())]]
   assert.equal("true\t2\nstatus 0", text)
end)

it("gives the signals back, and forgets what was noted when it begins anew", function()
   assert.equal("15\nstatus 143", run [[
core.catch_interrupts() kill "TERM" print(core.interrupted())
core.release_interrupts() kill "TERM" print "never"]])
   assert.equal("false\n2\nstatus 0", run [[
core.catch_interrupts() kill "INT"
core.catch_interrupts() print(core.interrupted())
kill "INT" print(core.interrupted())]])
end)

it("leaves a signal ignored that the process ignores", function()
   assert.equal("false\nstatus 0",
      run("core.catch_interrupts() kill 'TERM' kill 'TERM' print(core.interrupted())", "trap '' TERM;"))
end)
