-- Finds out which specs execute which lines of the library: each spec runs once with a hook
-- (trace.lua). The traces are kept in build/mutate/trace, a file a spec, until the spec or a
-- file that it executes changes.

local files = require "files"
local trial = require "mutate.trial"

local tracing = {}

local FOLDER = "build/mutate/trace/"
local LIMIT = 30 -- seconds on the processor, with the hook; slower specs aren't asked

-- Folders of specs that may concern the files in question. Specs of other programs (nginx, races)
-- are slow, and don't execute here what they are about.
local FOLDERS = "spec/*_spec.lua spec/auth spec/call spec/client spec/file spec/resource spec/runtime "
   .. "spec/transport spec/util spec/webhook spec/regress"
local ELSEWHERE = { "nginx", "openresty_spec", "workers", "race", "install_spec", "growth" }

local function is_elsewhere(path)
   for _, word in ipairs(ELSEWHERE) do
      if path:find(word, 1, true) then return not path:find "^spec/webhook/" end
   end
   return false
end

--- The digest of each file of the library and of the specs. @return (table) path -> text
function tracing.digests()
   local out = {}
   local text = trial.output "find lua csrc spec -type f \\( -name '*.lua' -o -name '*.[ch]' \\) | xargs sha1sum"
   for digest, path in text:gmatch "(%x+)  (%S+)\n" do out[path] = digest end
   return out
end

local function place_of(spec) return FOLDER .. spec:gsub("/", "+") .. ".txt" end

-- The kept trace: the first line is "spec digest clock cpu passed", then "path digest line line ...".
local function read(spec, digests)
   local file = io.open(place_of(spec))
   if not file then return nil end
   local digest, clock, cpu, passed = file:read("*l"):match "^(%S+) (%S+) (%S+) (%S+)$"
   local trace = {
      spec = spec, clock = tonumber(clock), cpu = tonumber(cpu), passed = passed == "true", lines = {},
   }
   local is_good = digest == digests[spec]
   for line in file:lines() do
      local path, own, numbers = line:match "^(%S+) (%S+) (.*)$"
      is_good = is_good and own == digests[path]
      local set = {}
      for number in numbers:gmatch "%d+" do set[tonumber(number)] = true end
      trace.lines[path] = set
   end
   file:close()
   return is_good and trace or nil
end

local function keep(spec, digests, result, traced)
   local lines = {}
   local file = io.open(traced)
   if file then
      for line in file:lines() do
         local path, number = line:match "^(.*):(%d+)$"
         lines[path] = lines[path] or {}
         table.insert(lines[path], number)
      end
      file:close()
      os.remove(traced)
   end
   local out = {
      ("%s %.3f %.3f %s"):format(digests[spec], result.clock, result.cpu, tostring(result.passed)),
   }
   for path, numbers in pairs(lines) do
      if digests[path] then
         out[#out + 1] = ("%s %s %s"):format(path, digests[path], table.concat(numbers, " "))
      end
   end
   files.write(place_of(spec), table.concat(out, "\n") .. "\n")
end

--- Traces all specs that may concern the files in question.
-- @param jobs (integer) at a time
-- @param temporary (string) a folder
-- @return (array of traces) spec, clock, cpu (seconds), passed, lines: path -> set of numbers
function tracing.all(digests, jobs, report, temporary)
   os.execute("mkdir -p " .. FOLDER)
   local list, running = {}, {}
   local function finish()
      local one = table.remove(running, 1)
      local result = trial.result(one.started)
      keep(one.spec, digests, result, one.traced)
      report(("traced %s: %s"):format(one.spec, result.passed and "passes" or "isn't asked"))
      list[#list + 1] = read(one.spec, digests)
   end
   local found = trial.output("find " .. FOLDERS .. " -name '*_spec.lua' | sort")
   for spec in found:gmatch "%S+" do
      if not is_elsewhere(spec) then
         local trace = read(spec, digests)
         if trace then
            list[#list + 1] = trace
         else
            local traced = ("%s/%s"):format(temporary, spec:gsub("/", "+"))
            running[#running + 1] = {
               spec = spec, traced = traced,
               started = trial.start {
                  specs = { spec }, cpu = LIMIT, clock = 4 * LIMIT,
                  helper = "--helper=tools/mutate/trace.lua", trace = traced,
                  output = traced .. ".output",
               },
            }
            if #running >= jobs then finish() end
         end
      end
   end
   while #running > 0 do finish() end
   return list
end

return tracing
