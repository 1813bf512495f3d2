-- The list of the mutants that survive, with the figures of each file: tools/mutate/survivors.txt.
--
--   lua/twilio/x.lua 57/60                57 of 60 were noticed; equivalent ones are not counted
--      by spec/x_spec.lua 50              the specs that noticed them, and how many each
--      ! < becomes <= | if a < b then     a survivor: a thing that no spec notices
--      = 1 becomes 2 | local x = 1        an equivalent one: it does what the program does
--         The reason, in lines that are indented further.
--
-- A mutant is known by what it changes and by the text of its line, so that lines may move.

local files = require "files"

local ledger = {}

--- Gives each mutant its `key`. @param text (string) the program
function ledger.name(text, mutants)
   local lines, count = {}, {}
   for line in (text .. "\n"):gmatch "([^\n]*)\n" do
      lines[#lines + 1] = line:match "^%s*(.-)%s*$"
   end
   for _, mutant in ipairs(mutants) do
      local key = mutant.what .. " | " .. lines[mutant.line]
      count[key] = (count[key] or 0) + 1
      mutant.key = count[key] == 1 and key or ("%s #%d"):format(key, count[key])
   end
end

--- Reads the list.
-- @return (table) path -> { noticed, made, by = { { spec, count } ... }, survivors = { key ->
--    { equivalent = boolean, reason = string } } }; empty if there is no such file
function ledger.read(path)
   local all, file, last = {}, nil, nil
   local there = io.open(path)
   if not there then return all end
   for line in there:lines() do
      local name, noticed, made = line:match "^(%S+) (%d+)/(%d+)$"
      local spec, count = line:match "^   by (%S+) (%d+)$"
      local mark, key = line:match "^   ([!=]) (.*)$"
      local reason = line:match "^      %s*(.*)$"
      if name then
         file = { noticed = tonumber(noticed), made = tonumber(made), by = {}, survivors = {} }
         all[name] = file
      elseif spec then
         file.by[#file.by + 1] = { spec = spec, count = tonumber(count) }
      elseif mark then
         file.survivors[key] = { equivalent = mark == "=", reason = "" }
         last = key
      elseif reason then
         local entry = file.survivors[last]
         entry.reason = entry.reason == "" and reason or entry.reason .. "\n" .. reason
      end
   end
   there:close()
   return all
end

--- Writes the list. @param order (table) path -> array of keys, in the order of the program
function ledger.write(path, all, order)
   local names, out = {}, {}
   for name in pairs(all) do names[#names + 1] = name end
   table.sort(names)
   for _, name in ipairs(names) do
      local file = all[name]
      out[#out + 1] = ("%s %d/%d"):format(name, file.noticed, file.made)
      for _, one in ipairs(file.by) do
         out[#out + 1] = ("   by %s %d"):format(one.spec, one.count)
      end
      local keys = {}
      for _, key in ipairs(order[name] or {}) do
         if file.survivors[key] then keys[#keys + 1] = key end
      end
      if not order[name] then
         for key in pairs(file.survivors) do keys[#keys + 1] = key end
         table.sort(keys)
      end
      for _, key in ipairs(keys) do
         local entry = file.survivors[key]
         out[#out + 1] = ("   %s %s"):format(entry.equivalent and "=" or "!", key)
         for line in entry.reason:gmatch "[^\n]+" do out[#out + 1] = "      " .. line end
      end
   end
   files.write(path, table.concat(out, "\n") .. "\n")
end

return ledger
