-- cli/api/arguments.lua: the words after an operation's name -> the arguments of a call.
--
-- An option is a parameter of the operation, by this library's name or the wire's
-- (--status-callback, --StatusCallback), a member of a nested JSON body (--types.twilio-text.body,
-- cli/api/members.lua), or else one of the program (cli/globals.lua). Given several times it is a
-- list. Loads the schemas only for JSON bodies, whose members have types.
-- Must not know clients.

local globals = require "twilio.cli.globals"
local lazy = require "twilio.util.lazy"

local members = lazy "twilio.cli.api.members" -- with the first member of a member
local mistakes = lazy "twilio.util.mistakes" -- with the first mistake
local value = require "twilio.cli.api.value"

local arguments = {}

-- Finds what the operation knows under a name. @return (table | nil) { name, place, type, array, ... }
local function parameter_of(op, described, name)
   local plain = name:gsub("%-", "_")
   local found = op.by_name[plain] or op.by_wire[name]
   if found then return found end
   if described and described.parameters[plain] then return described.parameters[plain] end
   for _, one in ipairs(described and described.parameters or {}) do
      if one.wire == name then return one end
   end
   -- New parameters work before the data knows them, by their wire names.
   if not name:find "^[A-Z]" then return nil end
   if op.body then return { name = name, wire = name, place = "body", type = "any" } end
   return { name = name, wire = name, place = op.place }
end

-- A download has options of its own, and none of the fetch that it is.
local download_options = {
   file = { "file", "PATH", "where the content goes; standard output unless given" },
   format = { "format", "FORMAT", "of a recording: mp3 or wav" },
}

--- The options of downloads, as those of globals.list.
arguments.download_options = { download_options.file, download_options.format }

local NO_PARAMETERS = { by_name = {}, by_wire = {}, parameters = {}, required = {}, any = {} }

--- The options that an operation takes, as they are written: "--status-callback", ...
-- @param op (table), described (table | nil) of twilio.describe, for JSON bodies
-- @return (array of strings)
function arguments.names(op, described)
   local names, seen = {}, {}
   for _, list in ipairs { op.parameters, described and described.parameters or {} } do
      for _, one in ipairs(list) do
         local name = "--" .. one.name:gsub("_", "-")
         if not seen[name] then names[#names + 1] = name end
         seen[name] = true
      end
   end
   return names
end

local function is_boolean(one) return one.type == "b" or one.type == "boolean" end

-- The value of an option, of the word after it where it isn't in the same word.
-- @return (string), (integer) the place of its last word; or nil, (string) message
local function value_at(words, i, name, written, one)
   if written then return written, i end
   local next_word = words[i + 1]
   if one and is_boolean(one) and next_word ~= "true" and next_word ~= "false" then
      return "true", i
   end
   if not next_word then return nil, ("--%s needs a value"):format(name) end
   if next_word:find "^%-%-[A-Za-z]" then
      return nil, ("--%s needs a value (write --%s=VALUE for one that begins with --)"):format(
         name, name)
   end
   return next_word, i + 1
end

-- Puts a value among the arguments. @return true; or nil, (string) message
local function put(taken, one, text, name)
   local is_member = one.place == "body"
   local item, message = text, nil
   if is_member then
      item, message = value.member(text, one)
      -- A list as one JSON text.
      if one.array and text:find "^%s*%[" then
         taken[one.name], message = value.json(text)
         item = taken[one.name]
         return item ~= nil or nil, message and ("--%s %s"):format(name, message)
      end
   elseif one.type == "m" then
      item, message = value.json(text)
   elseif is_boolean(one) and text ~= "true" and text ~= "false" and text ~= "" then
      item, message = nil, "must be true or false"
   end
   if item == nil then return nil, ("--%s %s"):format(name, message) end
   local is_list = one.array or one.type == "c" or one.type == "s" or one.name == one.wire
   if taken[one.name] == nil then
      taken[one.name] = one.array and { item } or item
      return true
   end
   if not is_list then return nil, ("--%s is given twice"):format(name) end
   if type(taken[one.name]) ~= "table" then taken[one.name] = { taken[one.name] } end
   table.insert(taken[one.name], item)
   return true
end

-- Puts the value of a member below a parameter. @return true; or nil, (string) message
local function put_member(taken, one, keys, text, name)
   local item, message = value.member(text, one)
   local is_list = one.array
   if is_list and text:find "^%s*%[" then item, is_list, message = value.json(text), false, nil end
   local ok = item ~= nil
   if ok then ok, message = members.put(taken, keys, item, is_list) end
   if not ok then return nil, ("--%s %s"):format(name, message or "is no JSON") end
   return true
end

-- Puts members on top of those of --data, at any depth.
local function merge(below, above)
   for name, item in pairs(above) do
      if type(item) == "table" and type(below[name]) == "table" and item[1] == nil then
         merge(below[name], item)
      else
         below[name] = item
      end
   end
end

-- The arguments of --data, by the names that options have.
-- @return (table); or nil, (string) message
local function read_data(op, described, text, settings)
   local content, message = value.read(text, settings)
   if not content then return nil, "--data " .. message end
   local data
   data, message = value.json(content)
   if type(data) ~= "table" or data[1] ~= nil then
      return nil, "--data " .. (message or "must be a JSON object")
   end
   return data, function(name)
      local one = parameter_of(op, described, name)
      return one and one.name or name
   end
end

local function check_required(op, described, taken, path)
   local missing = {}
   for _, one in ipairs(described and described.parameters or op.required) do
      if one.required and taken[one.name] == nil and taken[one.wire] == nil then
         missing[#missing + 1] = "--" .. one.name:gsub("_", "-")
      end
   end
   if #missing > 0 then return nil, "missing " .. table.concat(missing, ", ") end
   for _, group in ipairs(op.any) do
      local names, is_there = {}, false
      for i, wire in ipairs(group) do
         local name = op.by_wire[wire].name
         names[i] = "--" .. name:gsub("_", "-")
         is_there = is_there or taken[name] ~= nil or taken[wire] ~= nil
      end
      if not is_there then return nil, "missing one of " .. table.concat(names, ", ") end
   end
   return true, path
end

-- Reads the options. @return (table) name -> value; or nil, (string) message
local function read_options(op, described, words, first, settings, more, is_list)
   local taken, i = {}, first
   while words[i] do
      local name, written = words[i]:match "^%-%-([^=]+)=(.*)$"
      if not name then name = words[i]:match "^%-%-(.+)$" end
      if words[i] == "-h" then name = "help" end
      if not name then
         local sentence = "unexpected word '%s': values stand after their options (--name value)"
         return nil, sentence:format(words[i])
      end
      local one = parameter_of(op, described, name)
      -- The size of a page is the program's, which checks it.
      if one and one.name == "page_size" and is_list then one, name = nil, "page-size" end
      local keys
      if not one and described and name:find(".", 1, true) then
         one, keys = members.find(described, name)
         if keys and not one then return nil, keys end
      end
      local option = not one and (more[name] or globals.find(name))
      if not one and not option then
         local names = arguments.names(op, described)
         for _, global in ipairs(globals.list) do names[#names + 1] = "--" .. global[1] end
         return nil, mistakes.unknown("option", "--" .. name, names)
      end
      local text, ok, message
      if option and not option[2] then
         text = true
      else
         text, message = value_at(words, i, name, written, one)
         if not text then return nil, message end
         i = message
      end
      if option then
         ok, message = globals.set(settings, option, text)
      else
         text, message = value.read(text, settings)
         if text and keys then
            ok, message = put_member(taken, one, keys, text, name)
         elseif text then
            ok, message = put(taken, one, text, name)
         else
            ok, message = nil, ("--%s %s"):format(name, message)
         end
      end
      if not ok then return nil, message end
      i = i + 1
   end
   return taken
end

--- Reads the words after an operation's name.
-- @param method (string) the operation's name
-- @param op (table) of operation.parse
-- @param describe (function) -> the operation's description; asked for JSON bodies only
-- @param words (array), first (integer) the place after the operation's name
-- @param settings (table) of the context: gets the program's options
-- @return (table) the arguments of the call
-- @return[2] nil, (string) the caller's mistake
function arguments.read(method, op, describe, words, first, settings)
   local more = method == "download" and download_options or {}
   if method == "download" then op = NO_PARAMETERS end
   local described = op.body and describe() or nil
   local taken, message = read_options(op, described, words, first, settings, more,
      method == "list")
   if not taken or settings.help then return taken, message end
   if settings.data then
      local data, name_of = read_data(op, described, settings.data, settings)
      if not data then return nil, name_of end
      for name in pairs(data) do
         -- An option replaces the member, however that is spelt.
         if name_of(name) ~= name and taken[name_of(name)] ~= nil then data[name] = nil end
      end
      merge(data, taken)
      taken = data
   end
   local ok
   ok, message = check_required(op, described, taken)
   if not ok then return nil, message end
   return taken
end

return arguments
