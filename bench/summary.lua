-- summary.lua: what all benches have recorded (support/results.lua) -> bench/results.json,
-- bench/results.svg and the table in docs/performance.md.
--
--   lua bench/summary.lua RECORDS            reads the lines of RECORDS, writes the three
--   lua bench/summary.lua                    reads bench/results.json, prints the page

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local json = require "twilio.json"
local process = require "support.process"

local PAGE, RESULTS, PICTURE = "docs/performance.md", "bench/results.json", "bench/results.svg"
local BEGIN, END = "<!-- begin: make bench -->", "<!-- end: make bench -->"

local function read_records(path)
   local measures = {}
   for line in io.lines(path) do measures[#measures + 1] = json.decode(line) end
   return {
      date = os.date "!%Y-%m-%d",
      machine = process.output "sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1",
      cores = tonumber(process.output "nproc"),
      system = process.output ". /etc/os-release; echo $PRETTY_NAME; uname -r":gsub("\n", ", "),
      commit = process.output "git rev-parse --short HEAD",
      measures = measures,
   }
end

local function goal_of(measure)
   if measure.at_most then return "at most " .. ("%g"):format(measure.at_most) end
   if measure.at_least then return "at least " .. ("%g"):format(measure.at_least) end
   return ""
end

local function rows(all)
   local out = {}
   for i, m in ipairs(all.measures) do
      local met = m.met == nil and "" or m.met and "met" or "missed"
      out[i] = ("| %s | %s | %.3g %s | %s | %s |"):format(
         m.name, m.lua:gsub("^Lua ", ""), m.value, m.unit, goal_of(m), met)
   end
   return out
end

local function table_of(all)
   return ("%s\n\nMeasured %s at %s: %s, %d cores, %s.\n\n| measure | Lua | value | goal | |\n"
      .. "|---|---|---|---|---|\n%s\n\n%s"):format(BEGIN, all.date, all.commit, all.machine,
      all.cores, all.system, table.concat(rows(all), "\n"), END)
end

local function page_with(all)
   local page = process.read(PAGE)
   local from = assert(page:find(BEGIN, 1, true), "the page has no mark")
   local _, to = assert(page:find(END, 1, true))
   return page:sub(1, from - 1) .. table_of(all) .. page:sub(to + 1)
end

-- A bar for each measure that has a goal: how far it is on the way there, 1 being the goal.
local function picture(all)
   local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }
   local function escape(text) return (text:gsub("[&<>]", entities)) end
   local bars, y = {}, 30
   for _, m in ipairs(all.measures) do
      local part = m.at_most and m.at_most / m.value or m.at_least and m.value / m.at_least
      if part then
         local width = 300 * math.min(part, 1.5)
         bars[#bars + 1] = ('<text x="412" y="%d" text-anchor="end">%s</text>'
            .. '<rect x="420" y="%d" width="%.1f" height="12" fill="%s"/>'
            .. '<text x="%.1f" y="%d">%.3g</text>'):format(y + 10,
            escape(m.name .. " (" .. m.lua:gsub("^Lua ", "") .. ")"), y, width,
            m.met and "#2a8" or "#c83", 426 + width, y + 10, m.value)
         y = y + 18
      end
   end
   return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 940 %d" font-family="sans-serif"'
      .. ' font-size="11"><rect width="940" height="%d" fill="#fff"/>'
      .. '<text x="10" y="18" font-size="13">Measures by their goals (the line)</text>%s'
      .. '<line x1="720" y1="26" x2="720" y2="%d" stroke="#333"/></svg>\n'):format(
      y + 10, y + 10, table.concat(bars), y)
end

if arg[1] then
   local all = read_records(arg[1])
   process.write(RESULTS, json.encode(all) .. "\n")
   process.write(PICTURE, picture(all))
   process.write(PAGE, page_with(all))
else
   io.write(page_with(json.decode(process.read(RESULTS))))
end
