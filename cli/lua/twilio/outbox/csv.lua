-- outbox/csv.lua: comma-separated values by RFC 4180, both ways, in linear time.
--
-- Beyond the RFC: a UTF-8 byte order mark at the beginning is no part of the first name, lines may
-- end in LF alone, and empty lines are left out. Must not know what the values mean.

local csv = {}

local byte, find, gsub, sub = string.byte, string.find, string.gsub, string.sub

local QUOTE, COMMA = 34, 44

local function count_lines(s, first, last)
   local lines, place = 0, find(s, "\n", first, true)
   while place and place <= last do
      lines = lines + 1
      place = find(s, "\n", place + 1, true)
   end
   return lines
end

-- A field in quotes that begins at a place. @return its value, the place after it; or nil
local function quoted(s, first)
   local place = first + 1
   while true do
      local quote = find(s, '"', place, true)
      if not quote then return nil end
      if byte(s, quote + 1) ~= QUOTE then
         return (gsub(sub(s, first + 1, quote - 1), '""', '"')), quote + 1
      end
      place = quote + 2
   end
end

--- Goes through the records of a text.
-- @param s (string)
-- @return (function) next() -> (array of texts), (integer) the line where it begins; nil after the
--    last; nil, (string) at a mistake
function csv.records(s)
   local place, line, size = 1, 1, #s
   if sub(s, 1, 3) == "\239\187\191" then place = 4 end
   return function()
      -- Empty lines.
      while true do
         local _, last = find(s, "^\r?\n", place)
         if not last then break end
         place, line = last + 1, line + 1
      end
      if place > size then return nil end
      local fields, begin = {}, line
      while true do
         local value, after
         if byte(s, place) == QUOTE then
            value, after = quoted(s, place)
            if not value then return nil, ("line %d: a quote isn't closed"):format(line) end
            line = line + count_lines(s, place, after - 1)
         else
            after = find(s, '[,\r\n"]', place) or size + 1
            -- A CR that no LF follows is part of the value.
            while byte(s, after) == 13 and byte(s, after + 1) ~= 10 and after < size do
               after = find(s, '[,\r\n"]', after + 1) or size + 1
            end
            if byte(s, after) == QUOTE then
               return nil, ("line %d: a quote inside a value without quotes"):format(line)
            end
            value = sub(s, place, after - 1)
         end
         fields[#fields + 1] = value
         if byte(s, after) == COMMA then
            place = after + 1
         else
            local _, last = find(s, "^\r?\n", after)
            if last then
               place, line = last + 1, line + 1
            elseif after > size or (after == size and byte(s, after) == 13) then
               place = size + 1
            else
               return nil, ("line %d: text after a closing quote"):format(line)
            end
            return fields, begin
         end
      end
   end
end

--- Goes through the rows of a text whose first record has the names of the columns.
-- @param s (string)
-- @return (function) next() -> (table) name -> value, (integer) its line; nil after the last; nil,
--    (string) at a mistake; and (array) the names
-- @return[2] nil, (string)
function csv.rows(s)
   local nul = find(s, "%z")
   if nul then
      return nil, ("it holds a NUL (byte %d), as UTF-16 does: save it as UTF-8"):format(nul)
   end
   local next_record = csv.records(s)
   local names, message = next_record()
   if not names then return nil, message or "it is empty: the first line has the columns' names" end
   local seen = {}
   for _, name in ipairs(names) do
      if seen[name] then return nil, ("there are two columns '%s'"):format(name) end
      seen[name] = true
   end
   return function()
      local fields, line = next_record()
      if not fields then return nil, line end
      if #fields ~= #names then
         return nil, ("line %d: %d values, and there are %d columns"):format(line, #fields, #names)
      end
      local row = {}
      for i, name in ipairs(names) do row[name] = fields[i] end
      return row, line
   end, names
end

-- A spreadsheet takes such a value for a formula; "+15558675310" is none.
local FORMULA = "^[=@\t\r]"

local function field(value)
   if value == nil then return "" end
   local s = type(value) == "number" and ("%.0f"):format(value) or tostring(value)
   if find(s, FORMULA) then s = "'" .. s end
   if not find(s, '[",\r\n]') then return s end
   return '"' .. gsub(s, '"', '""') .. '"'
end

--- A record as a line, with its end. @param values (array) texts, integers, nil; count (integer)
function csv.line(values, count)
   local parts = {}
   for i = 1, count do parts[i] = field(values[i]) end
   return table.concat(parts, ",") .. "\r\n"
end

return csv
