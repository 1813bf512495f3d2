-- The differences of two states of the API data and of TwiML's grammar, as lines for CHANGELOG.md.
-- Knows the data's format (docs/architecture.md, "The API as data"). Must not know files or
-- OpenAPI.

local names = require "openapi.names"
local sorted_keys = require("openapi.source").sorted_keys

-- "{conversationId content{text} to[]{address}}" -> conversation_id, content, content.text, to,
-- to.address
local function add_members(out, text, prefix)
   local at = 1
   while true do
      local _, last, name = text:find("^%s*([^%s{}]+)", at)
      if not name then return end
      at = last + 1
      local path = prefix .. names.snake((name:gsub("[%[%]*!]", ""):gsub(":%a+$", "")))
      if path ~= prefix then out[path] = true end
      local inner, stop = text:match("^(%b{})()", at)
      if inner then
         add_members(out, inner:sub(2, -2), path .. ".")
         at = stop
      end
   end
end

-- The arguments of an operation's string: a set of names in snake case, members of a JSON body with
-- their path.
local function arguments_of(text)
   local out = {}
   local body = text:match("%b{}")
   if body then add_members(out, body:sub(2, -2), "") end
   for word in text:gsub("%b{}", ""):gmatch("%S+") do
      local name = word:match("^[%^?]?([%a#][%w.#<>-]*)")
      if name and not word:match("^%u+$") and not word:match("^@") then
         out[names.snake(name)] = true
      end
   end
   if text:find(" @page", 1, true) then
      out.page_size, out.page_number, out.page_token = true, true, true
   end
   return out
end

local methods = { "create", "fetch", "list", "update", "patch", "delete" }

local visit

local function visit_side(out, side, place)
   for _, method in ipairs(methods) do
      if side[method] then out[place .. ":" .. method] = arguments_of(side[method]) end
   end
   visit(out, side.nodes, place .. ".")
end

function visit(out, nodes, prefix)
   for mount, node in pairs(nodes or {}) do
      -- luacheck: globals loadstring
      if type(node) == "string" then node = assert((loadstring or load)("return " .. node))() end
      if node.list then visit_side(out, node.list, prefix .. mount) end
      if node.item then
         local own = {}
         local _, before = (node.list and node.list[1] or ""):gsub("{", "")
         for name in node.item[1]:gmatch("{(%w+)}") do own[#own + 1] = names.snake(name) end
         for _ = 1, before do table.remove(own, 1) end
         visit_side(out, node.item, ("%s%s(%s)"):format(prefix, mount, table.concat(own, ", ")))
      end
   end
end

-- versions: "webhooks.v1" -> the data of its file. Returns "webhooks.v1" -> operation -> arguments.
local function operations_of(versions)
   local out = {}
   for name, data in pairs(versions) do
      out[name] = {}
      visit(out[name], data.nodes, "")
   end
   return out
end

local function quoted(list)
   for i, name in ipairs(list) do list[i] = "`" .. name .. "`" end
   return table.concat(list, ", ")
end

-- The keys of the first table that the second lacks, sorted.
local function lacking(a, b)
   local out = {}
   for _, key in ipairs(sorted_keys(a)) do
      if not b[key] then out[#out + 1] = key end
   end
   return out
end

-- { "rules:create", "rules:list" } -> "`rules` create, list": one part a resource.
local function grouped(operations)
   local places, by_place = {}, {}
   for _, operation in ipairs(operations) do
      local place, method = operation:match("^(.*):(%l+)$")
      if not by_place[place] then
         places[#places + 1], by_place[place] = place, {}
      end
      table.insert(by_place[place], method)
   end
   for i, place in ipairs(places) do
      places[i] = ("`%s` %s"):format(place, table.concat(by_place[place], ", "))
   end
   return table.concat(places, "; ")
end

local function add_version(lines, name, old, new)
   local function say(...)
      lines[#lines + 1] = ("- API: `client.%s`"):format(name) .. string.format(...)
   end
   if not old then
      return say(" is new: %s.", grouped(lacking(new, {})))
   end
   if not new then return say(" is gone.") end
   local added, gone = lacking(new, old), lacking(old, new)
   if #added > 0 then say(": new operations %s.", grouped(added)) end
   if #gone > 0 then say(": no longer %s.", grouped(gone)) end
   for _, operation in ipairs(sorted_keys(new)) do
      local more = old[operation] and lacking(new[operation], old[operation]) or {}
      local less = old[operation] and lacking(old[operation], new[operation]) or {}
      if #more > 0 then say(": `%s` takes %s.", operation, quoted(more)) end
      if #less > 0 then say(": `%s` no longer takes %s.", operation, quoted(less)) end
   end
end

-- "TAG attribute hints, > CHILD" -> a set of the attributes, snake case, and of the children, as
-- tags.
local function words_of(line)
   local out = {}
   local before, after = line:match("^%S+([^>]*)>?(.*)$")
   for name in before:gmatch("[^%s,]+") do out[names.snake(name)] = true end
   for name in after:gmatch("%S+") do out["<" .. name .. ">"] = true end
   return out
end

local function add_grammar(lines, language, old, new)
   for _, class in ipairs(sorted_keys(new)) do
      local more = lacking(words_of(new[class]), old[class] and words_of(old[class]) or {})
      local what = old[class] and "takes" or "is new, with"
      if #more > 0 then
         lines[#lines + 1] = (
            "- API: TwiML of %s: `<%s>` %s %s."):format(language, class, what, quoted(more))
      end
   end
   local gone = lacking(old, new)
   if #gone > 0 then
      lines[#lines + 1] = ("- API: TwiML of %s: no longer %s."):format(language, quoted(gone))
   end
end

-- old, new: { versions = { ["webhooks.v1"] = data, ... }, grammar = the table of twiml/grammar.lua
-- }.
-- Returns a list of lines.
return function(old, new)
   local lines = {}
   local before, after = operations_of(old.versions), operations_of(new.versions)
   local all = {}
   for _, versions in ipairs { before, after } do
      for name in pairs(versions) do all[name] = true end
   end
   for _, name in ipairs(sorted_keys(all)) do
      add_version(lines, name, before[name], after[name])
   end
   for _, language in ipairs(sorted_keys(new.grammar)) do
      add_grammar(lines, language, old.grammar[language] or {}, new.grammar[language])
   end
   return lines
end
