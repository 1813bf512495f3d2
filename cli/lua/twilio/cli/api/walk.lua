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
local lazy = require "twilio.util.lazy"
local methods = require "twilio.cli.api.methods"
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"

local mistakes = lazy "twilio.util.mistakes" -- with the first mistake
local names = lazy "twilio.cli.api.names" -- with the first mistake
local place = lazy "twilio.call.place" -- beyond the usual version

local walk = {}

local function enter(at, node, name)
   local own = model.arguments(node)
   at.node, at.names[#at.names + 1] = node, methods.shown(name)
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
      at.domain, at.names[1], at.trail[1] = name, methods.shown(name), name
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
   local op, child = methods.operation(of, name), model.node(of, name)
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

-- Takes one word. @return true; or nil, (string) the caller's mistake
local function step(at, word)
   local name = word:gsub("%-", "_")
   if not at.data then
      local enter_by_name = at.domain and in_product or begin
      if enter_by_name(at, name) then return true end
      return nil, names.unknown(at, word)
   end
   if not at.node then
      local node = model.node(at.data, name)
      if not node then return nil, names.unknown(at, word) end
      enter(at, node, name)
      return true
   end
   local given = word:match "^=(.+)$"
   if #at.waiting == 0 and not given then
      if take_name(at, at.side, name) then return true end
      local has_no_argument = at.side == "list" and at.node.item
         and #model.arguments(at.node).item == 0
      if has_no_argument and take_name(at, "item", name) then return true end
      local meant = at.side == "list" and at.node.item and mistakes.meant(word, names.of(at))
      if meant then at.guess = { word, meant } end
   end
   if take_argument(at, given or word) then return true end
   return nil, names.unknown(at, word)
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
