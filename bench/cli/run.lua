-- CPU of the command line: user and system time of a process, the median of some rounds. Fails
-- above 15 ms for `twilio --help` and 25 ms for `twilio messages list` ready to send. With
-- TWILIO_CLI=PATH, the program of npm's twilio-cli, that is measured in the same rounds, for scale.
--
--   lua bench/cli/run.lua [<rounds>]        (through bench/run.sh, which sets the paths)

local process = require "support.process"

local ROUNDS, REPEATS = tonumber(arg[1]) or 11, 5

local lua = process.interpreter()
local environment = "TWILIO_ACCOUNT_SID=AC" .. ("0"):rep(32) .. " TWILIO_AUTH_TOKEN=x "
local subjects = {
   { "twilio --help", lua .. " cli/bin/twilio --help", 15 },
   { "twilio messages create --help", lua .. " cli/bin/twilio messages create --help" },
   { "twilio messages list, ready to send", lua .. " bench/cli/ready.lua messages list", 25 },
   { "the library alone, ready to send", lua .. " bench/cli/library.lua" },
}

local other = os.getenv "TWILIO_CLI"
if other then
   subjects[5] = { "npm's twilio --help", other .. " --help", repeats = 1 }
   subjects[6] = {
      "npm's twilio api:core:messages:list --help", other .. " api:core:messages:list --help",
      repeats = 1,
   }
end

-- Milliseconds of CPU of one run.
local function cost(subject)
   local count = subject.repeats or REPEATS
   local text = process.output("%s bash -c 'i=0; while [ $i -lt %d ]; do %s >/dev/null 2>&1 </dev/null;"
      .. " i=$((i + 1)); done; times'", environment, count, subject[2])
   local user_minutes, user, system_minutes, system =
      text:match "\n(%d+)m([%d.]+)s (%d+)m([%d.]+)s$"
   return (60 * (user_minutes + system_minutes) + user + system) * 1000 / count
end

local function median(list)
   table.sort(list)
   return list[math.ceil(#list / 2)]
end

local costs = {}
for _ = 1, ROUNDS do
   for i, subject in ipairs(subjects) do
      costs[i] = costs[i] or {}
      table.insert(costs[i], cost(subject))
   end
end

local failed = false
for i, subject in ipairs(subjects) do
   local cpu, limit = median(costs[i]), subject[3]
   failed = failed or limit and cpu > limit
   print(("%8.1f ms CPU  %s%s"):format(
      cpu, subject[1], limit and (" (limit: %d ms)"):format(limit) or ""))
end
os.exit(failed and 1 or 0)
