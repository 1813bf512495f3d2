-- sandbox/behaviour/scripts.lua: what the other side of a call does, as a test says it: an outcome
-- by number, or the members of receive_call.
--
-- `rules` are of util/options.lua; the same ones check what comes by the API of a served sandbox.

local options = require "twilio.util.options"

local scripts = {}

local SECONDS = { "number", from = 0, to = 86400, unit = "seconds" }

local function is_plain(value) return type(value) == "string" or type(value) == "number" end

local function check_list(value)
   local count = 0
   for index, item in pairs(value) do
      if type(index) ~= "number" or not is_plain(item) then count = -1 break end
      count = count + 1
   end
   if count == #value then return true end
   return nil, "must be an array of texts, one for each Gather"
end

local LIST = { "table", check = check_list }
local STATUS = { "string", one_of = { "completed", "busy", "no-answer", "failed" } }

local RECORDING = {
   "number|table", from = 0, to = 86400, unit = "seconds",
   fields = { duration = SECONDS, text = "string", digits = "string" },
}

--- The members of a script that an answered call has, whoever made it: digits, speech, dial,
-- recording, duration, pay, refer.
scripts.members = {
   digits = LIST, speech = LIST, duration = SECONDS, recording = RECORDING,
   dial = { "table", fields = { status = STATUS, duration = SECONDS } },
   pay = { "string", one_of = {
      "success", "payment-connector-error", "too-many-failed-attempts",
      "caller-interrupted-with-star", "caller-hung-up", "validation-error", "input-timeout",
   } },
   refer = STATUS,
}

--- The same with what decides whether and by whom a call is answered: status, answered_by.
scripts.rules = {
   status = STATUS,
   answered_by = { "string", one_of = {
      "human", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other",
      "fax", "unknown",
   } },
}
for name, rule in pairs(scripts.members) do scripts.rules[name] = rule end

local words = { busy = true, failed = true, ["no-answer"] = true, completed = true }

local function check_outcome(number, outcome)
   if type(number) ~= "string" then return nil, "must have phone numbers as its names" end
   if type(outcome) == "table" then
      local ok, message = options.check(outcome, scripts.rules, "", "member")
      return ok and true, not ok and ("has a wrong outcome for %s: %s"):format(number, message)
   end
   local is_code = type(outcome) == "number" and outcome >= 10000 and outcome <= 99999
      and outcome % 1 == 0
   if outcome == false or words[outcome] or is_code then return true end
   return nil, 'must be an object: phone number -> "completed", "busy", "no-answer", "failed", '
      .. "an error code, false, or an object of "
      .. table.concat(options.names(scripts.rules), ", ")
end

--- The rule of the option `outcomes`.
scripts.OUTCOMES = { "table", check = function(outcomes)
   for _, number in ipairs(options.names(outcomes)) do
      local ok, message = check_outcome(number, outcomes[number])
      if not ok then return nil, message end
   end
   return true
end }

-- A recording as a table, if anything is said of it.
local function recording_of(value)
   return type(value) == "number" and { duration = value } or value
end

--- The script of a call.
-- @param given (table) with members of `members`
-- @return (table) plain data: only these members
function scripts.new(given)
   local script = {}
   for name in pairs(scripts.members) do script[name] = given[name] end
   script.recording = recording_of(script.recording)
   return script
end

--- The script of a number that is called.
-- @return (table) { status = "completed" | "busy" | ... | nil, answered_by, and those of members }
function scripts.of(sandbox, number)
   local outcome = (sandbox.options.outcomes or {})[number]
   if type(outcome) == "table" then return outcome end
   return { status = words[outcome] and outcome or nil }
end

return scripts
