-- cli/output/print.lua: what a call gave, in the format that was asked for.
--
-- table   records in columns that fit the terminal; one record as a list of its fields
-- json    indented; jsonl: a record a line
-- tsv     a heading, then a record a line, with \t, \n, \\ for tabs, line ends and backslashes
-- --query picks a value out of it; a single one is printed as it is, without quotes.

local cell = require "twilio.cli.output.cell"
local columns = require "twilio.cli.output.columns"
local json = require "twilio.json"
local plain = require "twilio.cli.util.plain"
local pretty = require "twilio.cli.output.json"
local query = require "twilio.cli.output.query"

local print = {}

local function format_of(around)
   return around.settings.output or (around.interactive and "table" or "json")
end

local function fields_of(around)
   local text = around.settings.fields
   if not text then return nil end
   local names = {}
   for name in text:gmatch "[^,%s]+" do names[#names + 1] = name end
   return names
end

-- Makes headings bold on a terminal that has colours.
local function bold_of(around)
   local environment = around.environment
   local is_plain = not around.interactive or around.settings.no_color
      or (environment "NO_COLOR" or "") ~= "" or environment "TERM" == "dumb"
   if is_plain then return function(text) return text end end
   return function(text) return "\27[1m" .. text .. "\27[0m" end
end

-- A pipe gets a table as wide as it is, unless COLUMNS says otherwise.
local function room_of(around)
   return (around.interactive or around.environment "COLUMNS") and around.width or math.huge
end

local function is_list(value)
   return type(value) == "table" and (rawget(value, 1) ~= nil or json.is_array(value))
end

local function json_line(value, fields)
   return assert(pretty.line(fields and print.picked(value, fields) or value))
end

--- A record with some of its fields, in the order in which they were asked for.
-- @return a value for pretty.line
function print.picked(record, fields)
   if type(record) ~= "table" then return record end
   local nulls, copy = json.nulls(record) or {}, {}
   for _, name in ipairs(fields) do
      local value = cell.field(record, name)
      if value == nil and nulls[name] then value = json.null end
      copy[name] = value
   end
   return json.object(copy)
end

local function tsv_text(around, text)
   text = text:gsub("\\", "\\\\"):gsub("\t", "\\t"):gsub("\n", "\\n"):gsub("\r", "\\r")
   return around.interactive and plain.text(text) or text
end

local function tsv_line(around, texts)
   for i, text in ipairs(texts) do texts[i] = tsv_text(around, text) end
   return table.concat(texts, "\t")
end

-- Warns of names that no record has: they are mostly misspelt.
local function check_fields(around, records, fields)
   local names = columns.of(records, true)
   local known = {}
   for _, name in ipairs(names) do known[name] = true end
   for _, name in ipairs(#records > 0 and fields or {}) do
      if not known[name] then
         around.warn("twilio: " .. require("twilio.util.mistakes").unknown("field", name, names))
      end
   end
end

local function lines(around, list)
   for _, line in ipairs(list) do around.out:write(line, "\n") end
end

--- Prints records as they come.
-- @param around (table) the context
-- @param each (function) -> record | nil
-- @return (integer) how many there were
function print.stream(around, each)
   local fields, format, count = fields_of(around), format_of(around), 0
   for item in each do
      local record = type(item) == "table" and item or { value = item }
      count = count + 1
      if count == 1 then
         if fields then check_fields(around, { record }, fields) end
         if format == "tsv" then
            fields = fields or columns.of({ record }, true)
            lines(around, { tsv_line(around, { (table.unpack or unpack)(fields) }) })
         end
      end
      if format == "tsv" then
         local texts = {}
         for i, name in ipairs(fields) do texts[i] = cell.text(cell.field(record, name)) end
         lines(around, { tsv_line(around, texts) })
      else
         lines(around, { json_line(record, fields) })
      end
   end
   return count
end

-- One value of an answer, for a shell.
local function print_value(around, value)
   if type(value) == "table" then
      for _, item in ipairs(value) do print_value(around, item) end
      return
   end
   local text = cell.text(value)
   around.out:write(around.interactive and plain.text(text) or text, "\n")
end

local function is_scalar_list(value)
   for _, item in ipairs(value) do
      if type(item) == "table" then return false end
   end
   return true
end

local function iterator(list)
   local i = 0
   return function()
      i = i + 1
      return list[i]
   end
end

local printers = {}

function printers.table(around, value, fields)
   local layout = require "twilio.cli.output.table"
   local room, bold = room_of(around), bold_of(around)
   if not is_list(value) then return lines(around, layout.record(value, fields, room, bold)) end
   if #value == 0 then return around.warn "no records" end
   lines(around, layout.records(value, fields, room, bold))
end

function printers.json(around, value, fields)
   local text
   if fields and is_list(value) then
      local parts = {}
      for i, record in ipairs(value) do parts[i] = json_line(record, fields) end
      text = "[" .. table.concat(parts, ",") .. "]"
   else
      text = is_list(value) and #value == 0 and "[]" or json_line(value, fields)
   end
   around.out:write(pretty.indented(text), "\n")
end

function printers.jsonl(around, value)
   print.stream(around, iterator(is_list(value) and value or { value }))
end

printers.tsv = printers.jsonl

--- Prints an answer.
-- @param around (table) the context: settings.output, fields, query
-- @param value (any) a record, an array of them, or another value of JSON; true is no answer
function print.value(around, value)
   if value == true or value == nil then return end
   local format, path = format_of(around), around.settings.query
   if path then
      value = query.at(value, path)
      if value == nil then return around.warn("twilio: nothing at " .. path) end
      if value == json.null and around.settings.output ~= "json"
         and around.settings.output ~= "jsonl" then
         return print_value(around, "")
      end
      local is_single = type(value) ~= "table" or is_list(value) and is_scalar_list(value)
      if is_single and around.settings.output ~= "json" and around.settings.output ~= "jsonl" then
         return print_value(around, value)
      end
   end
   if type(value) ~= "table" then
      return around.out:write(assert(pretty.line(value)), "\n")
   end
   if is_list(value) and (format == "table" or format == "tsv") and #value > 0
      and is_scalar_list(value) then
      return print_value(around, value)
   end
   local fields = fields_of(around)
   if fields and (format == "table" or format == "json") then
      check_fields(around, is_list(value) and value or { value }, fields)
   end
   printers[format](around, value, fields)
end

return print
