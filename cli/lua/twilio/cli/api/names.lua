-- cli/api/names.lua: the words that may come next at a place of cli/api/walk.lua, and the sentences
-- about one that can't.

local core = require "twilio.core"
local mistakes = require "twilio.util.mistakes"
local methods = require "twilio.cli.api.methods"
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local place = require "twilio.call.place"

local names = {}

local function dashed(words)
   for i, word in ipairs(words) do words[i] = methods.shown(word) end
   return words
end

local function add_children(list, above)
   for name in pairs(above and above.nodes or {}) do list[#list + 1] = name end
end

local function add_side(list, side)
   if not side then return end
   for _, method in ipairs(methods.list) do
      if methods.operation(side, method) then list[#list + 1] = method end
   end
   add_children(list, side)
end

--- The names that may come next at a place, as they are written, sorted; not the path arguments.
-- @param at (place)
-- @return (array of strings)
function names.of(at)
   local list = {}
   if not at.domain then
      list = model.domains()
      for _, name in ipairs(model.shortcuts()) do list[#list + 1] = name end
   elseif not at.data then
      list = place.version_names(at.domain)
      add_children(list, model.version(at.domain, model.domain(at.domain)[1]))
   elseif not at.node then
      add_children(list, at.data)
   elseif #at.waiting == 0 and not at.method then
      add_side(list, at.node[at.side])
      -- An instance without path arguments needs no word of its own.
      if at.side == "list" and at.node.item and #model.arguments(at.node).item == 0 then
         add_side(list, at.node.item)
      end
   end
   table.sort(list)
   return dashed(list)
end

--- The path argument that may come next at a place: its wire name, or nil.
function names.argument(at)
   if at.waiting and at.waiting[1] then return at.waiting[1] end
   if at.node and at.side == "list" and not at.method and at.node.item then
      return model.arguments(at.node).item[1]
   end
   return nil
end

--- The sentence for a word that can't stand at a place. @return (string)
function names.unknown(at, word)
   local what = not at.domain and "command, product or resource" or not at.data
      and "version or resource" or not at.node and "resource" or "operation or resource"
   local list = names.of(at)
   local message = mistakes.unknown(what, word, list)
   if at.guess then
      message = ("%s; '%s' was taken for a path argument: did you mean '%s'?"):format(
         message, at.guess[1], at.guess[2])
   elseif not message:find("did you mean", 1, true) and #list > 0 and #list <= 12 then
      message = ("%s (there are: %s)"):format(message, table.concat(list, ", "))
   end
   return message
end

--- Says what is missing after the last word, where that is no operation.
-- @param at (place)
-- @return (string)
function names.missing(at)
   if at.guess then
      return ("'%s' was taken for a path argument: did you mean '%s'?"):format(
         at.guess[1], at.guess[2])
   end
   local list = names.of(at)
   local argument = names.argument(at)
   local hint = argument and core.upper(operation.snake(argument))
   if #list > 12 then list = { "see --help" } end
   if hint then table.insert(list, 1, hint) end
   return ("%s: an operation is missing (%s)"):format(
      table.concat(at.names, " "), table.concat(list, ", "))
end

return names
