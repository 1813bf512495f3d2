-- Replays every example answer of Twilio's OpenAPI files against a sandbox in this process, and
-- says how much of each it answers, by product and in all: make fidelity.
--
--   lua tools/fidelity/run.lua <folder with twilio_*.json> <figures> <missed> [write]
--
-- A figure that is lower than in the file `figures` is an error; `write` writes the file anew. To
-- the file `missed` goes each field that differs, with the reason (reasons.lua) and the operations.

package.path = "tools/?.lua;" .. package.path

local compare = require "fidelity.compare"
local examples = require "openapi.examples"
local files = require "files"
local overlay = require "overlay"
local reasons = require "fidelity.reasons"
local replay = require "fidelity.replay"
local sandbox = require "twilio.sandbox"
local sorted_keys = require("openapi.source").sorted_keys

local folder, figures_file, missed_file, mode = arg[1], arg[2], arg[3], arg[4]

local NOW = 1767225600.5 -- 2026-01-01

local function percent(c)
   return c.of == 0 and "-" or ("%.1f"):format(math.floor(1000 * c.right / c.of) / 10)
end

local function line_of(title, n, counts)
   local out = { ("%-18s%6s"):format(title, n) }
   for _, name in ipairs(compare.measures) do
      out[#out + 1] = ("%7s"):format(counts and percent(counts[name]) or name)
   end
   return table.concat(out)
end

local function measure(name, doc)
   local counts, list = compare.new_counts(), examples.of_document(name, doc)
   for n, example in ipairs(list) do
      example.all = list
      local box = sandbox.new { seed = n, now = NOW }
      compare.add(counts, example, replay.run(box, example))
   end
   return counts, #list
end

-- "file field: got instead of wanted (reason):" -> operations -> true
local function add_missed(missed, name, counts, by_reason)
   for _, miss in ipairs(counts.missed) do
      local reason = reasons.of(miss, overlay.alive[name] or {})
      local text = ("%s %s: %s instead of %s (%s):"):format(name, miss.what, miss.got, miss.wanted,
         reason)
      missed[text] = missed[text] or {}
      missed[text][miss.example.op.operationId] = true
      by_reason[reason] = (by_reason[reason] or 0) + 1
   end
end

local function figures_of(line)
   local title, rest = line:match("^(%S+)%s+%d+(.*)$")
   local figures = {}
   for word in (rest or ""):gmatch("%S+") do figures[#figures + 1] = tonumber(word) or 0 end
   return title, figures
end

-- The figures that are lower now than they were, as texts.
local function lowered(lines)
   local before, out = {}, {}
   for line in io.lines(figures_file) do
      local title, figures = figures_of(line)
      if title then before[title] = figures end
   end
   for _, line in ipairs(lines) do
      local title, figures = figures_of(line)
      for i, figure in ipairs(before[title or ""] or {}) do
         if (figures[i] or 0) < figure then
            out[#out + 1] = ("%s %s: %.1f, was %.1f"):format(title, compare.measures[i],
               figures[i] or 0, figure)
         end
      end
   end
   return out
end

local docs = examples.documents(folder, overlay)
local total, all, missed, by_reason = compare.new_counts(), 0, {}, {}
local lines = { line_of("product", "cases", nil) }
for _, name in ipairs(sorted_keys(docs)) do
   local counts, n = measure(name, docs[name])
   if n > 0 then lines[#lines + 1] = line_of(name, n, counts) end
   compare.sum(total, counts)
   add_missed(missed, name, counts, by_reason)
   all = all + n
end
lines[#lines + 1] = line_of("all", all, total)
print(table.concat(lines, "\n"))

local list = {}
for _, text in ipairs(sorted_keys(missed)) do
   list[#list + 1] = text .. " " .. table.concat(sorted_keys(missed[text]), " ")
end
files.write(missed_file, table.concat(list, "\n") .. "\n")
local words = {}
for _, reason in ipairs(sorted_keys(by_reason)) do
   words[#words + 1] = ("%s %d"):format(reason, by_reason[reason])
end
print(("%d fields; what differs, by reason: %s (%s)"):format(total.name.of,
   table.concat(words, ", "), missed_file))

if mode == "write" then return files.write(figures_file, table.concat(lines, "\n") .. "\n") end
local worse = lowered(lines)
for _, text in ipairs(worse) do print("lower than in " .. figures_file .. ": " .. text) end
os.exit(#worse == 0 and 0 or 1)
