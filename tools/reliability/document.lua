-- tools/reliability/document.lua: writes docs/reliability.md from the fault table and the last long
-- soak (make reliability). spec/system/reliability_spec.lua compares.
--
--   lua document.lua >docs/reliability.md     in the checkout, with spec/ in LUA_PATH

local faults = require "support.faults.table"
local rows = require "support.faults.rows"

local document = {}

local HEAD = [[
# Reliability

`make reliability` writes this page: the first part from `spec/support/faults/rows.lua`, to which
`spec/system/reliability_spec.lua` holds the library on each run of the specs; the second from the
last run of `make soak`.

## Faults

A server on loopback does each of these to a call, in three modes: blocking, in `twilio.map`, and in
nginx. A client has `timeout = 20` and `max_retries = 1` unless it is said otherwise. All three
modes have the same result, every call ends within its time, and the client's next call succeeds.

Each column has four words: the outcome (`ok`, `err.kind`, or `api/` and the status), `err.sent`,
the number of attempts, and how often the operation arrived at the server whole. A `|` stands
between two where the moment decides, or libcurl's version. GET stands for DELETE too unless
DELETE has a line of its own.
]]

local SOAK = [[
`make soak` makes 100,000 calls in each mode, and fails unless memory, descriptors and threads stay
what they are after a tenth of them. The short form is a spec, `spec/system/soak_spec.lua`. The last
run that was kept (the second column says how many calls it made):
]]

local WIDTH, FIRST = 50, 22 -- of the first two columns

-- Breaks a text into lines of that width.
local function wrapped(text)
   local lines, line = {}, ""
   for word in text:gmatch "%S+" do
      if #line + #word + 1 > WIDTH - 4 and line ~= "" then
         lines[#lines + 1], line = line, ""
      end
      line = line == "" and word or line .. " " .. word
   end
   lines[#lines + 1] = line
   return lines
end

local function columns(name, get, post)
   local line = ("%-" .. WIDTH .. "s  %-" .. FIRST .. "s  %s"):format(name, get, post)
   return (line:gsub(" +$", ""))
end

local NAMES = { "timeout", "connect_timeout", "max_response_bytes" }

-- Notes below a row.
local function notes(row)
   local list = {}
   for _, name in ipairs(NAMES) do
      local value = (row.options or {})[name]
      if value then list[#list + 1] = name .. " = " .. value end
   end
   if row.methods then list[#list + 1] = "a download, stall_timeout = 1" end
   if row.wait then list[#list + 1] = "waits " .. row.wait .. " s" end
   if row.retry_after then list[#list + 1] = "err.retry_after = " .. row.retry_after end
   if row.reason then list[#list + 1] = row.reason end
   return table.concat(list, "; ")
end

local function add_row(lines, row)
   local method = row.methods and row.methods[1] or "GET"
   local get, post = faults.expected(row, method), faults.expected(row, "POST")
   local is_wide, delete = #get > FIRST, faults.expected(row, "DELETE")
   local beside = is_wide and "" or post
   for _, part in ipairs(wrapped(row[1])) do
      lines[#lines + 1] = columns(part, get, row.methods and "" or beside)
      get, beside = "", ""
   end
   if is_wide then lines[#lines + 1] = columns("    POST", post, "") end
   if delete ~= faults.expected(row, "GET") and not row.methods then
      lines[#lines + 1] = columns("    DELETE", delete, "")
   end
   local text = notes(row)
   if text == "" then return end
   for _, part in ipairs(wrapped(text)) do lines[#lines + 1] = "    " .. part end
end

--- @param soak (string) what tools/soak/results.txt has
-- @return (string) the page
function document.text(soak)
   local lines, count = {}, 0
   for _, row in ipairs(rows) do
      if type(row) == "string" then
         if count > 0 then lines[#lines + 1] = "```" end
         lines[#lines + 1] = "\n### " .. row .. "\n\n```text"
         lines[#lines + 1] = columns("the server", "GET", "POST")
      else
         count = count + 1
         add_row(lines, row)
      end
   end
   lines[#lines + 1] = "```"
   return HEAD .. "\n" .. count .. " faults:\n" .. table.concat(lines, "\n") .. "\n\n## Soak\n\n"
      .. SOAK .. "\n```text\n" .. soak .. "```\n"
end

--- The file's text.
function document.read(path)
   local file = assert(io.open(path))
   local text = file:read "*a"
   file:close()
   return text
end

if arg and (arg[0] or ""):find "document%.lua$" then
   io.write(document.text(document.read "tools/soak/results.txt"))
end

return document
