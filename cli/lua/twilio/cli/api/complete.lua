-- cli/api/complete.lua: what may stand at the end of a command line that is being typed.

local arguments = require "twilio.cli.api.arguments"
local core = require "twilio.core"
local globals = require "twilio.cli.globals"
local members = require "twilio.cli.api.members"
local methods = require "twilio.cli.api.methods"
local names = require "twilio.cli.api.names"
local parser_facts = require "twilio.cli.util.parser_facts"
local walk = require "twilio.cli.api.walk"

local complete = {}

local values_of_globals = { output = { "table", "json", "jsonl", "tsv" }, limit = { "all" } }

-- The program's option that a word is, and whether the next word is its value.
local function global_at(word)
   local name = word and word:match "^%-%-([^=]+)$"
   local option = name and globals.find(name)
   return option, option and option[2] ~= nil
end

local function add_globals(out)
   for _, option in ipairs(globals.list) do out[#out + 1] = { "--" .. option[1], option[3] } end
end

local function add_values(out, values, text)
   for _, value in ipairs(values or {}) do out[#out + 1] = { tostring(value), text } end
end

-- Options of an operation, or the values of the one before the last word.
local function of_operation(out, at, before, typed)
   local described = require("twilio.resource.describe").of(walk.text(at))
   local by_name = described and described.parameters or {}
   local name = before:match "^%-%-([^=]+)$"
   local one = name and (by_name[name:gsub("%-", "_")]
      or described and members.find(described, name))
   if one then
      local values = one.values or (one.type == "boolean" and { "true", "false" })
      add_values(out, values, one.name)
      return
   end
   for _, option in ipairs(described and members.options(described, typed) or {}) do
      out[#out + 1] = { option, "" }
   end
   for _, option in ipairs(arguments.names(at.op, described)) do
      local parameter = by_name[option:sub(3):gsub("%-", "_")]
      out[#out + 1] = { option, parameter and parameter.required and "required" or "" }
   end
   add_globals(out)
end

local function of_command(out, around, name, words, first)
   local facts = parser_facts.of_command(name, around.commands.find(name))
   local i = first
   while words[i + 1] and facts.commands[words[i]] do
      facts, i = facts.commands[words[i]], i + 1
   end
   for _, option in ipairs(facts.options) do
      for _, alias in ipairs(option.names) do
         if alias == words[#words - 1] and option.values then
            return add_values(out, option.values, "")
         end
      end
   end
   for _, command in ipairs(facts.names) do
      out[#out + 1] = { command, facts.commands[command].text or "" }
   end
   for _, option in ipairs(facts.options) do
      out[#out + 1] = { option.names[#option.names], option.text or "" }
   end
end

local function of_place(out, around, at)
   if not at.domain then
      for name, summary in pairs(around.commands.summaries) do out[#out + 1] = { name, summary } end
      table.sort(out, function(a, b) return core.less(a[1], b[1]) end)
   end
   for _, name in ipairs(names.of(at)) do
      local plain = name:gsub("%-", "_")
      local is_operation = at.node and (methods.operation(at.node[at.side], plain) ~= nil)
      out[#out + 1] = { name, is_operation and "operation" or "" }
   end
   add_globals(out)
end

--- The candidates for the last of some words.
-- @param around (table) the context
-- @param words (array) after the program's name; the last is being typed, and may be empty
-- @return (array) of { word, text }; those that begin with the last word
function complete.candidates(around, words)
   local out, at, i, last = {}, walk.root(), 1, #words
   local before = { (table.unpack or unpack)(words, 1, last - 1) }
   while before[i] and at and not at.method do
      local option, has_value = global_at(before[i])
      if option and has_value and i + 1 == last then
         add_values(out, values_of_globals[option[1]], option[3])
         at = nil
      elseif option then
         i = i + (has_value and 2 or 1)
      elseif not at.domain and around.commands.summaries[before[i]] then
         of_command(out, around, before[i], words, i + 1)
         at = nil
      else
         local after = walk.take(at, before, i)
         if not after or after == i then return {} end
         i = after
      end
   end
   if at and at.method then
      local option = global_at(words[last - 1])
      if option and values_of_globals[option[1]] then
         add_values(out, values_of_globals[option[1]], option[3])
      else
         of_operation(out, at, words[last - 1], words[last] or "")
      end
   elseif at then
      of_place(out, around, at)
   end
   local found, typed = {}, words[last] or ""
   for _, one in ipairs(out) do
      -- Options of the program would bury the names that come next.
      local is_asked = typed ~= "" or one[1]:sub(1, 1) ~= "-" or not at or at.method
      if is_asked and one[1]:sub(1, #typed) == typed then found[#found + 1] = one end
   end
   return found
end

return complete
