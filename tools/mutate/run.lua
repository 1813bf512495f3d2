-- make mutate: changes the code in one place at a time, and sees whether the specs notice.
--
--   lua5.4 tools/mutate/run.lua [--write] [--jobs=1] [--sample=SECONDS] [--seed=N] [FILE ...]
--
-- Without files: those of FILES below. Each mutant is run with the specs that execute its line, its
-- file's own first, then the quickest, until one fails. Ends with 1 if a mutant survives that
-- tools/mutate/survivors.txt doesn't list (ledger.lua), or if a file's figure is lower than there;
-- --write writes the list anew, and keeps the reasons.
--
-- The outcome of each mutant is kept in build/mutate/results until its file changes; one that has
-- survived is asked again after any spec of its line has changed. --kept asks nothing, and says
-- what is kept of files that were run whole. --sample takes mutants at random, none that are
-- listed, for so many seconds, and asks only the specs that the list names: that is for CI.

package.path = "tools/?.lua;" .. package.path .. ";/usr/share/lua/5.1/?.lua" -- Debian's luacheck

local c_source = require "mutate.c_source"
local files = require "files"
local ledger = require "mutate.ledger"
local lua_source = require "mutate.lua_source"
local socket = require "socket"
local tracing = require "mutate.tracing"
local trial = require "mutate.trial"

local LIST = "tools/mutate/survivors.txt"
local RESULTS = "build/mutate/results/"

-- The straight line of a call, the retry rules, the validator, the paging.
local FILES = {
   "lua/twilio/call.lua", "lua/twilio/call/operation.lua", "lua/twilio/call/path.lua",
   "lua/twilio/call/request.lua", "lua/twilio/call/response.lua", "lua/twilio/call/serialize.lua",
   "lua/twilio/resource.lua", "lua/twilio/resource/list.lua", "lua/twilio/resource/open_list.lua",
   "lua/twilio/resource/page.lua", "lua/twilio/resource/record.lua",
   "lua/twilio/resource/waiter.lua",
   "lua/twilio/transport/retry.lua", "lua/twilio/transport/retry_policy.lua",
   "lua/twilio/webhook.lua", "lua/twilio/webhook/account.lua", "lua/twilio/webhook/address.lua",
   "lua/twilio/webhook/candidates.lua", "lua/twilio/webhook/grammar.lua",
   "lua/twilio/webhook/headers.lua", "lua/twilio/webhook/overrides.lua",
   "lua/twilio/webhook/plan.lua", "lua/twilio/webhook/secrets.lua",
   "csrc/plain_request.c", "csrc/signed_text.c", "csrc/validator.c",
}

-- No hook sees what C executes: these are asked.
local SPECS_OF_C = {
   "spec/csrc/signed_text_spec.lua", "spec/csrc/validator_spec.lua",
   "spec/csrc/plain_request_spec.lua", "spec/webhook_spec.lua", "spec/webhook/genuine_spec.lua",
   "spec/webhook/hostile_spec.lua", "spec/webhook/plan_spec.lua",
   "spec/regress/form_changed_meanwhile_spec.lua", "spec/regress/busy_validator_spec.lua",
   "spec/regress/short_signature_spec.lua", "spec/regress/signature_type_spec.lua",
   "spec/regress/signed_encoding_spec.lua",
}

-- Seconds on the processor that the specs of a mutant take without it: all of them, and those that
-- are asked before the others. Time on the processor doesn't depend on what the machine does else.
local MOST, FIRST = 2.5, 0.4

local options, chosen = { jobs = 1, seed = os.time() }, {}
for _, word in ipairs(arg) do
   local name, value = word:match "^%-%-(%l+)=?(.*)$"
   if name then
      options[name] = tonumber(value) or true
   else
      chosen[#chosen + 1] = word
   end
end
local is_all = #chosen == 0
if is_all then chosen = FILES end

local function say(...)
   print(...)
   io.stdout:flush()
end

local temporary = trial.output("mktemp -d /tmp/twilio-mutate-XXXXXX"):gsub("%s+$", "")
local digests = tracing.digests()

local function own_spec(path)
   return (path:gsub("^lua/twilio/", "spec/"):gsub("^csrc/", "spec/csrc/"):gsub("%.%w+$", "_spec.lua"))
end

local function language_of(path) return path:find "%.c$" and c_source or lua_source end

-- Asking ----------------------------------------------------------------------------------------

-- The traces of specs that execute a line of these.
local function executing(path, first, last, traces)
   local list = {}
   for _, trace in ipairs(traces) do
      local lines = trace.lines and trace.lines[path]
      local is_met = not trace.lines
      for line = first, lines and last or 0 do is_met = is_met or lines[line] end
      if is_met and trace.passed then list[#list + 1] = trace end
   end
   return list
end

-- The specs for a mutant, in two batches: each { specs, clock, cpu }. Own spec first, then those of
-- the folder, then the others, the quickest first.
-- @param traces (array) that may be asked: spec, clock, cpu, lines
local function batches_of(path, mutant, traces)
   local list = executing(path, mutant.from, mutant.line, traces)
   -- Some lines have no instruction of their own: `while true do`.
   for line = mutant.line + 1, mutant.line + 3 do
      if #list == 0 then list = executing(path, line, line, traces) end
   end
   local own = own_spec(path)
   local folder = own:match "^.*/"
   local function rank(trace)
      return trace.spec == own and 1 or trace.spec:sub(1, #folder) == folder and 2 or 3
   end
   table.sort(list, function(a, b)
      if rank(a) ~= rank(b) then return rank(a) < rank(b) end
      if a.cpu ~= b.cpu then return a.cpu < b.cpu end
      return a.spec < b.spec
   end)
   local batches, total = {}, 0
   for i, trace in ipairs(list) do
      total = total + trace.cpu
      if i > 1 and total > MOST then break end
      local batch = batches[#batches]
      if not batch or (total > FIRST and #batches == 1 and i > 1) then
         batch = { specs = {}, clock = 0, cpu = 0 }
         batches[#batches + 1] = batch
      end
      table.insert(batch.specs, trace.spec)
      batch.clock, batch.cpu = batch.clock + trace.clock, batch.cpu + trace.cpu
   end
   return batches
end

local function start(folder, batch)
   return trial.start {
      folder = folder, output = folder .. ".output", specs = batch.specs, cpu = 5 + 3 * batch.cpu, clock = 60 + 5 * batch.clock,
   }
end

-- One mutant at a time in each folder; `work` has what is going on in it.
local slots = {}
for i = 1, options.jobs do slots[i] = { folder = temporary .. "/" .. i } end

-- Puts the mutant in place and starts its first specs. Returns false if there is nothing to start.
local function begin(slot, work)
   os.execute("rm -rf " .. slot.folder .. " && mkdir -p " .. slot.folder)
   local text = language_of(work.path).apply(work.text, work.mutant)
   if work.path:find "%.c$" then
      local source = slot.folder .. "/mutant.c"
      files.write(source, text)
      local code = c_source.compile(slot.folder, source)
      if not code or work.seen[code] then
         work.finish(nil) -- no mutant, or the program itself, or another mutant
         return false
      end
      work.seen[code] = true
      c_source.link(slot.folder, work.path:match "([%w_]+)%.c$")
   else
      trial.place(slot.folder, work.path, text)
   end
   if #work.batches == 0 then
      work.finish(false)
      return false
   end
   slot.work, slot.batch = work, 1
   slot.started = start(slot.folder, work.batches[1])
   return true
end

-- Takes in what a slot's specs have said, and starts its next ones if they pass.
local function go_on(slot)
   local result, work = trial.result(slot.started), slot.work
   if result.passed and slot.batch < #work.batches then
      slot.batch = slot.batch + 1
      slot.started = start(slot.folder, work.batches[slot.batch])
   else
      slot.work = nil
      work.finish(not result.passed and result.by)
   end
end

-- Waits until a slot is free, or all are. @return (table) a free slot
local function await_slot(is_for_all)
   while true do
      local free, count = nil, 0
      for _, slot in ipairs(slots) do
         if slot.work and trial.is_done(slot.started) then go_on(slot) end
         if not slot.work then free, count = slot, count + 1 end
      end
      if free and (count == #slots or not is_for_all) then return free end
      socket.sleep(0.02)
   end
end

local function ask(work) begin(await_slot(false), work) end

local function await_all() await_slot(true) end

-- Kept outcomes ------------------------------------------------------------------------------------

local function place_of(path) return RESULTS .. path:gsub("/", "+") .. ".txt" end

-- The state of all specs that are asked: while it lasts, what they don't notice stays unnoticed.
local function state_of(batches)
   local all = {}
   for _, batch in ipairs(batches) do
      for _, spec in ipairs(batch.specs) do all[#all + 1] = digests[spec]:sub(1, 6) end
   end
   table.sort(all)
   return table.concat(all, "+") .. "."
end

-- Lines of "by state key"; `by` is "-" of a survivor, "=" of what is no mutant.
local function read_results(path)
   local kept = {}
   local file = io.open(place_of(path))
   if not file then return kept end
   if file:read "*l" == digests[path] then
      for line in file:lines() do
         local by, state, key = line:match "^(%S+) (%S+) (.*)$"
         kept[key] = { by = by, state = state }
      end
   end
   file:close()
   return kept
end

local function write_results(path, outcomes)
   local out = { digests[path] }
   for key, one in pairs(outcomes) do out[#out + 1] = ("%s %s %s"):format(one.by, one.state, key) end
   table.sort(out, function(a, b)
      if (a == digests[path]) ~= (b == digests[path]) then return a == digests[path] end
      return a < b
   end)
   files.write(place_of(path), table.concat(out, "\n") .. "\n")
end

-- A whole run -----------------------------------------------------------------------------------

local function mutants_of(path)
   local text = files.read(path)
   local mutants = language_of(path).mutants(text)
   ledger.name(text, mutants)
   local seen
   if path:find "%.c$" then
      local folder = temporary .. "/original"
      os.execute("mkdir -p " .. folder)
      seen = { [assert(c_source.compile(folder, path), path .. " doesn't compile")] = true }
   end
   return mutants, text, seen
end

local function run_file(path, traces)
   local mutants, text, seen = mutants_of(path)
   local kept, outcomes, fresh = read_results(path), {}, 0
   for _, mutant in ipairs(mutants) do
      local batches = batches_of(path, mutant, traces)
      local old = kept[mutant.key]
      local is_good = old and (options.kept or old.by ~= "-" or old.state == state_of(batches))
      if is_good then
         outcomes[mutant.key] = old
      elseif not options.kept then
         local function finish(by)
            local shown = by == nil and "=" or by or "-"
            outcomes[mutant.key] = { by = shown, state = state_of(batches) }
            fresh = fresh + 1
            if by == false then say(("survives: %s:%d: %s"):format(path, mutant.line, mutant.key)) end
            if fresh % 50 == 0 then
               for key, one in pairs(kept) do outcomes[key] = outcomes[key] or one end
               write_results(path, outcomes)
            end
         end
         ask { path = path, text = text, mutant = mutant, batches = batches, seen = seen,
            finish = finish }
      end
   end
   await_all()
   local now, is_whole = {}, true
   for _, mutant in ipairs(mutants) do
      now[mutant.key] = outcomes[mutant.key]
      is_whole = is_whole and now[mutant.key] ~= nil
   end
   if not options.kept then write_results(path, now) end
   return mutants, now, is_whole
end

-- The entry of the list for a file, and what is wrong in comparison with the old one.
local function entry_of(path, mutants, outcomes, old)
   local entry = { noticed = 0, made = 0, by = {}, survivors = {} }
   local wrong, counts, order = {}, {}, {}
   for _, mutant in ipairs(mutants) do
      local by = outcomes[mutant.key].by
      local listed = old and old.survivors[mutant.key]
      if by == "-" then
         order[#order + 1] = mutant.key
         entry.survivors[mutant.key] = listed or { equivalent = false, reason = "" }
         if not (listed and listed.equivalent) then entry.made = entry.made + 1 end
         if not listed then
            wrong[#wrong + 1] = ("%s:%d: no spec notices: %s"):format(path, mutant.line, mutant.key)
         end
      elseif by ~= "=" then
         entry.made, entry.noticed = entry.made + 1, entry.noticed + 1
         if digests[by] then counts[by] = (counts[by] or 0) + 1 end
         if listed and listed.equivalent then
            wrong[#wrong + 1] = ("%s:%d: %s notices what is listed as equivalent: %s"):format(path,
               mutant.line, by, mutant.key)
         end
      end
   end
   for spec, count in pairs(counts) do table.insert(entry.by, { spec = spec, count = count }) end
   table.sort(entry.by, function(a, b)
      if a.count ~= b.count then return a.count > b.count end
      return a.spec < b.spec
   end)
   if old and entry.noticed * old.made < old.noticed * entry.made then
      wrong[#wrong + 1] = ("%s: %d of %d are noticed, %d of %d were"):format(path, entry.noticed,
         entry.made, old.noticed, old.made)
   end
   return entry, wrong, order
end

local function traces_for(paths)
   local c_specs = {}
   for _, spec in ipairs(SPECS_OF_C) do
      if digests[spec] then
         c_specs[#c_specs + 1] = { spec = spec, clock = 1, cpu = 0.3, passed = true }
      end
   end
   local is_lua = false
   for _, path in ipairs(paths) do is_lua = is_lua or path:find "%.lua$" end
   return is_lua and not options.kept and tracing.all(digests, options.jobs, say, temporary) or {}, c_specs
end

local function run_all()
   os.execute("mkdir -p " .. RESULTS)
   local all, failed, order = ledger.read(LIST), 0, {}
   local traces, c_specs = traces_for(chosen)
   local noticed, made = 0, 0
   for _, path in ipairs(chosen) do
      local mutants, outcomes, is_whole = run_file(path, path:find "%.c$" and c_specs or traces)
      if is_whole then
         local entry, wrong, keys = entry_of(path, mutants, outcomes, all[path])
         for _, line in ipairs(wrong) do say(line) end
         say(("%-40s %4d of %4d noticed, %5.1f %%"):format(path, entry.noticed, entry.made,
            100 * entry.noticed / math.max(1, entry.made)))
         if not options.write then failed = failed + #wrong end
         all[path], order[path] = entry, keys
         noticed, made = noticed + entry.noticed, made + entry.made
         if options.write then ledger.write(LIST, all, order) end
      end
   end
   say(("%d of %d noticed, %.1f %%"):format(noticed, made, 100 * noticed / math.max(1, made)))
   return failed
end

-- A sample --------------------------------------------------------------------------------------

-- Park and Miller's generator: the same everywhere.
local function generator(seed)
   local state = math.floor(seed) % 2147483646 + 1
   return function(n)
      state = state * 16807 % 2147483647
      return state % n + 1
   end
end

local function run_sample()
   local all, pool = ledger.read(LIST), {}
   for _, path in ipairs(chosen) do
      local mutants, text, seen = mutants_of(path)
      local listed, traces = all[path] or { survivors = {}, by = {} }, {}
      for _, one in ipairs(listed.by) do
         if digests[one.spec] then
            traces[#traces + 1] = { spec = one.spec, clock = 1, cpu = 1 / one.count, passed = true }
         end
      end
      for _, mutant in ipairs(mutants) do
         if not listed.survivors[mutant.key] then
            pool[#pool + 1] = {
               path = path, text = text, mutant = mutant, seen = seen and { next(seen) },
               batches = batches_of(path, mutant, traces),
            }
         end
      end
   end
   local random, stop, asked, failed = generator(options.seed), os.time() + options.sample, 0, 0
   while #pool > 0 and os.time() < stop do
      local work = table.remove(pool, random(#pool))
      function work.finish(by)
         if by ~= nil then asked = asked + 1 end
         if by ~= false then return end
         failed = failed + 1
         say(("%s:%d: no spec notices: %s"):format(work.path, work.mutant.line, work.mutant.key))
      end
      ask(work)
   end
   await_all()
   say(("%d mutants, %d survive; --seed=%d"):format(asked, failed, options.seed))
   return failed
end

local failed = options.sample and run_sample() or run_all()
os.execute("rm -rf " .. temporary)
os.exit(failed == 0)
