-- cli/api/walk.lua: the words of a command line -> a place in the API: a product, a version, a
-- resource, one of its operations.
--
--    messages create                     the own account's messages
--    api v2010 accounts AC... messages   by version and path arguments
--    verify services VA... fetch         the version that has it
--
-- Names may have dashes for underscores. A word that is no name there is a path argument; `=list`
-- is one whatever it says. A place is { domain, versions, version, data, node, side, names (words
-- so far, path arguments in capitals), trail (how a client gets there: a text is a field, an array
-- is a call), method, op, waiting (path arguments yet to come), guess (a name that an argument is
-- near to) }. Must not know options, nor send anything.

local core = require "twilio.core"
local mistakes = require "twilio.util.lazy" "twilio.util.mistakes" -- with the first mistake
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local place = require "twilio.util.lazy" "twilio.call.place" -- beyond the usual version

local walk = {}

--- Methods, in the order of the help.
walk.methods = { "create", "fetch", "update", "patch", "delete", "list", "download" }

local is_method = {}
for _, name in ipairs(walk.methods) do is_method[name] = true end

local uses = { download = "fetch" }

--- The operation of a side. @return (table | nil) of operation.parse
function walk.operation(side, method)
   if not side or not is_method[method] then return nil end
   if method == "download" and not side.file then return nil end
   return model.operation(side, uses[method] or method)
end

--- A word as the help shows it: "status_callback" -> "status-callback".
function walk.shown(name) return (name:gsub("_", "-")) end

local function dashed(words)
   for i, word in ipairs(words) do words[i] = walk.shown(word) end
   return words
end

local function add_children(names, above)
   for name in pairs(above and above.nodes or {}) do names[#names + 1] = name end
end

local function add_side(names, side)
   if not side then return end
   for _, method in ipairs(walk.methods) do
      if walk.operation(side, method) then names[#names + 1] = method end
   end
   add_children(names, side)
end

--- The names that may come next at a place, as they are written, sorted; not the path arguments.
-- @param at (place)
-- @return (array of strings)
function walk.names(at)
   local names = {}
   if not at.domain then
      names = model.domains()
      for _, name in ipairs(model.shortcuts()) do names[#names + 1] = name end
   elseif not at.data then
      names = place.version_names(at.domain)
      add_children(names, model.version(at.domain, model.domain(at.domain)[1]))
   elseif not at.node then
      add_children(names, at.data)
   elseif #at.waiting == 0 and not at.method then
      add_side(names, at.node[at.side])
      -- An instance without path arguments needs no word of its own.
      if at.side == "list" and at.node.item and #model.arguments(at.node).item == 0 then
         add_side(names, at.node.item)
      end
   end
   table.sort(names)
   return dashed(names)
end

--- The path argument that may come next at a place: its wire name, or nil.
function walk.argument(at)
   if at.waiting and at.waiting[1] then return at.waiting[1] end
   if at.node and at.side == "list" and not at.method and at.node.item then
      return model.arguments(at.node).item[1]
   end
   return nil
end

local function enter(at, node, name)
   local own = model.arguments(node)
   at.node, at.names[#at.names + 1] = node, walk.shown(name)
   at.trail[#at.trail + 1] = name
   at.side, at.waiting = "list", { (table.unpack or unpack)(own.list) }
   at.call = nil
   if not node.list then
      at.side, at.waiting = "item", { (table.unpack or unpack)(own.item) }
      if #own.item == 0 then at.trail[#at.trail + 1] = {} end
   end
end

local function go_to_version(at, version, is_named)
   at.version, at.data = version, model.version(at.domain, version)
   at.trail[#at.trail + 1] = version
   if is_named then at.names[#at.names + 1] = version end
end

-- The own account's resources are at hand without `api v2010 accounts AC...`.
local function begin(at, name)
   if model.domain(name) then
      at.domain, at.names[1], at.trail[1] = name, walk.shown(name), name
      return true
   end
   if not model.is_shortcut(name) then return false end
   at.domain, at.version, at.data = "api", "v2010", model.version("api", "v2010")
   local accounts = model.node(at.data, "accounts")
   enter(at, model.node(accounts.item, name), name)
   return true
end

local function in_version(at, version, name)
   local node = model.node(model.version(at.domain, version), name)
   if not node then return false end
   go_to_version(at, version)
   enter(at, node, name)
   return true
end

local function in_product(at, name)
   local versions = model.domain(at.domain)
   if name ~= 1 and versions[name] then
      go_to_version(at, name, true)
      return true
   end
   if in_version(at, versions[1], name) then return true end
   for _, version in ipairs(place.version_names(at.domain)) do
      if in_version(at, version, name) then return true end
   end
   return false
end

-- Takes a word as a path argument. @return false if none can stand here
local function take_argument(at, word)
   if #at.waiting == 0 then
      if at.side == "item" or not at.node.item then return false end
      at.waiting = { (table.unpack or unpack)(model.arguments(at.node).item) }
      if #at.waiting == 0 then return false end
      at.side, at.call = "item", at.call
   end
   local wire = table.remove(at.waiting, 1)
   at.names[#at.names + 1] = core.upper(operation.snake(wire))
   if not at.call then
      at.call = {}
      at.trail[#at.trail + 1] = at.call
   end
   at.call[#at.call + 1] = word
   return true
end

local function take_name(at, side, name)
   local of = at.node[side]
   if not of then return false end
   local op, child = walk.operation(of, name), model.node(of, name)
   if not op and not child then return false end
   if side ~= at.side then at.side, at.trail[#at.trail + 1] = side, {} end
   if not op then
      enter(at, child, name)
      return true
   end
   at.method, at.op = name, op
   at.names[#at.names + 1] = name
   return true
end

local function unknown(at, word)
   local what = not at.domain and "command, product or resource" or not at.data
      and "version or resource" or not at.node and "resource" or "operation or resource"
   local names = walk.names(at)
   local message = mistakes.unknown(what, word, names)
   if at.guess then
      message = ("%s; '%s' was taken for a path argument: did you mean '%s'?"):format(
         message, at.guess[1], at.guess[2])
   elseif not message:find("did you mean", 1, true) and #names > 0 and #names <= 12 then
      message = ("%s (there are: %s)"):format(message, table.concat(names, ", "))
   end
   return message
end

-- Takes one word. @return true; or nil, (string) the caller's mistake
local function step(at, word)
   local name = word:gsub("%-", "_")
   if not at.data then
      local enter_by_name = at.domain and in_product or begin
      if enter_by_name(at, name) then return true end
      return nil, unknown(at, word)
   end
   if not at.node then
      local node = model.node(at.data, name)
      if not node then return nil, unknown(at, word) end
      enter(at, node, name)
      return true
   end
   local given = word:match "^=(.+)$"
   if #at.waiting == 0 and not given then
      if take_name(at, at.side, name) then return true end
      local has_no_argument = at.side == "list" and at.node.item
         and #model.arguments(at.node).item == 0
      if has_no_argument and take_name(at, "item", name) then return true end
      local meant = at.side == "list" and at.node.item and mistakes.meant(word, walk.names(at))
      if meant then at.guess = { word, meant } end
   end
   if take_argument(at, given or word) then return true end
   return nil, unknown(at, word)
end

--- The place before the first word.
function walk.root() return { names = {}, trail = {}, waiting = {} } end

--- Takes words, up to an operation's name.
-- @param at (place) changed
-- @param words (array), first (integer) the place of the first word
-- @return (integer) the place after the last word that was taken
-- @return[2] nil, (string) the caller's mistake, (integer) the word's place
function walk.take(at, words, first)
   local i = first
   while words[i] and not at.method and not words[i]:find "^%-%-?[A-Za-z]" do
      local ok, message = step(at, words[i])
      if not ok then return nil, message, i end
      i = i + 1
   end
   return i
end

--- Says what is missing after the last word, where that is no operation.
-- @param at (place)
-- @return (string)
function walk.missing(at)
   if at.guess then
      return ("'%s' was taken for a path argument: did you mean '%s'?"):format(
         at.guess[1], at.guess[2])
   end
   local names = walk.names(at)
   local argument = walk.argument(at)
   local hint = argument and core.upper(operation.snake(argument))
   if #names > 12 then names = { "see --help" } end
   if hint then table.insert(names, 1, hint) end
   return ("%s: an operation is missing (%s)"):format(
      table.concat(at.names, " "), table.concat(names, ", "))
end

--- The object of a client at a place: a list or an instance.
-- @param client (client), at (place)
-- @return the object; the library's mistakes are raised
function walk.object(client, at)
   local object = client
   for _, one in ipairs(at.trail) do
      if type(one) == "table" then
         object = object((table.unpack or unpack)(one))
      else
         object = object[one]
      end
   end
   return object
end

--- The text by which twilio.describe knows a place: "verify.v2.services(sid).verifications:create".
function walk.text(at)
   local text = ""
   for _, one in ipairs(at.trail) do
      if type(one) == "table" then
         text = text .. "(sid)"
      else
         text = (text == "" and "" or text .. ".") .. one
      end
   end
   return at.method and text .. ":" .. at.method or text
end

return walk
