-- call/place.lua: a place in the API data: a product, a version, a resource or one of its sides,
-- found by the text that a program would write ("verify.v2.services(sid).verifications") or by the
-- object that stands for it.
--
-- A place is { domain, version, file, data }, and for a resource { names, node, side = "list" |
-- "item" | nil (both), parent = place, below = side of the parent, list_label, item_label,
-- is_open }: the labels are what a program writes to get there. Loaded for help and for mistakes only. Must
-- not know operations.

local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local options = require "twilio.util.options"

local place = {}

--- The words that Lua reserves: word -> true.
place.reserved = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat
   return then true until while]]):gmatch("%a+") do place.reserved[word] = true end

local function written(name) return place.reserved[name] and name .. "_" or name end

-- "service_sid, sid"
local function arguments_of(...)
   local names = {}
   for _, list in ipairs { ... } do
      for _, wire in ipairs(list) do names[#names + 1] = operation.snake(wire) end
   end
   return table.concat(names, ", ")
end

--- The place of a version. @return (place | nil)
function place.version(domain, version)
   local data = model.version(domain, version)
   if not data then return nil end
   return {
      domain = domain, version = version, data = data, file = model.domain(domain)[version],
      label = ("client.%s.%s"):format(domain, version),
   }
end

-- The side below which a child is: written with parentheses or without, the one that has it.
local function side_with(node, name)
   for _, side in ipairs { "list", "item" } do
      if node[side] and model.node(node[side], name) then return side end
   end
   return nil
end

-- The text before a resource's name.
local function prefix_of(above, side, name)
   if not above.node then return above.label end
   local is_own = above.domain == "api" and #above.names == 1 and above.names[1] == "accounts"
   if is_own and side == "item" and model.is_shortcut(name) then return "client" end
   return side == "item" and above.item_label or above.list_label
end

--- The place of a resource below another one, or below a version.
-- @param above (place), name (string)
-- @param side (string | nil) "list" or "item": of the resource above
-- @return (place | nil)
function place.child(above, name, side)
   local parent, template = above.data, above.data.path
   if above.node then
      name = side_with(above.node, name) and name or name:match("^(.*)_$") or name
      side = side or side_with(above.node, name)
      parent = side and above.node[side]
      if not parent then return nil end
      template = place.template(above, side)
   end
   local node = model.node(parent, name)
   if not node then return nil end
   if not parent.nodes[name] then name = name:match("^(.*)_$") end
   local names = { (table.unpack or unpack)(above.names or {}) }
   names[#names + 1] = name
   local own = model.arguments(node)
   local base = ("%s.%s"):format(prefix_of(above, side, name), written(name))
   local is_open = #own.list > 0
   return {
      domain = above.domain, version = above.version, file = above.file, data = above.data,
      names = names, node = node, parent = above, below = side, above = template, is_open = is_open,
      list_label = is_open and ("%s(%s)"):format(base, arguments_of(own.list)) or base,
      item_label = ("%s(%s)"):format(base, arguments_of(own.list, own.item)),
   }
end

--- A resource's path with its placeholders: "/v2/Services/{Sid}".
-- @param side (string) "list" or "item"
function place.template(of, side)
   local path = of.node[side] and of.node[side][1]
   if not path then return of.above end
   return path:match("^=(.*)$") or of.above .. path
end

--- The same with the version's extension, as requests have it: "/2010-04-01/Accounts.json".
function place.path(of, side)
   local path = place.template(of, side)
   local is_absolute = of.node[side] and of.node[side][1]:find("^=")
   return is_absolute and path or path .. (of.data.ext or "")
end

--- The label of a side, or of the resource. @return (string) "client.messages(sid)"
function place.label(of)
   if not of.node then return of.label end
   if of.side == "item" or not of.node.list and of.node.item then return of.item_label end
   return of.list_label
end

--- The name by which `twilio.describe` finds a place again: its label without "client.".
-- @param side (string), method (string | nil)
-- @return (string) "messages:create", "verify.v2.services(sid).verifications"
function place.name(of, side, method)
   local label = side == "item" and of.item_label or of.list_label
   local name = label:gsub("^client%.", "")
   return method and name .. ":" .. method or name
end

-- By object --------------------------------------------------------------------------------------

-- Searches what was read of the data so far: whoever holds a resource has asked for it.
local function trail_to(above, nodes, wanted)
   for name, node in pairs(nodes or {}) do
      if type(node) == "table" then
         if node == wanted then return { above, name } end
         for _, side in ipairs { "list", "item" } do
            local found = node[side] and trail_to({ above, name, side }, node[side].nodes, wanted)
            if found then return found end
         end
      end
   end
   return nil
end

-- @param link (table) { link above | nil, name, side of the resource below which the next one is }
local function follow(version, link)
   local links = {}
   while link do
      table.insert(links, 1, link)
      link = link[1]
   end
   local at = version
   for i, one in ipairs(links) do at = place.child(at, one[2], i > 1 and links[i - 1][3] or nil) end
   return at
end

--- The place of a resource of the data. @param data (table) of model.version; node (table)
-- @return (place | nil)
function place.of_node(data, node)
   for _, domain in ipairs(model.domains()) do
      for version, file in pairs(model.domain(domain)) do
         if version ~= 1 and package.loaded["twilio.api." .. file] == data then
            local link = trail_to(nil, data.nodes, node)
            return link and follow(place.version(domain, version), link)
         end
      end
   end
   return nil
end

-- Searches the sides of the resources below, of what was read.
local function search(above, is_wanted)
   for _, node in pairs(above.nodes or {}) do
      for _, name in ipairs(type(node) == "table" and { "list", "item" } or {}) do
         local side = node[name]
         local found = side and is_wanted(side)
         if found then return node, name, found end
         local below, below_name, below_found = search(side or {}, is_wanted)
         if below then return below, below_name, below_found end
      end
   end
   return nil
end

--- The first place of which one side is wanted, in the versions that were loaded.
-- @param is_wanted (function) side of the data -> true, or anything that isn't false
-- @return (place), what is_wanted returned; or nil
function place.find_side(is_wanted)
   for _, domain in ipairs(model.domains()) do
      for version, file in pairs(model.domain(domain)) do
         local data = version ~= 1 and package.loaded["twilio.api." .. file]
         local node, side, found = search(data or {}, is_wanted)
         if node then
            local at = place.of_node(data, node)
            at.side = side
            return at, found
         end
      end
   end
   return nil
end

-- By text ----------------------------------------------------------------------------------------

-- "services(sid).rate_limits:create" -> { { "services", true }, { "rate_limits" }, { "create" } }
-- @return (array); or nil
local function words_of(text)
   local words, at = {}, 1
   text = text:gsub("%s*%b{}%s*$", "")
   while at <= #text do
      local name, after = text:match("^%s*[.:]?%s*([%a_][%w_]*)%s*()", at)
      if not name then name, after = text:match("^%[%s*[\"']([%w_]+)[\"']%s*%]%s*()", at) end
      if not name then return nil end
      local past = text:match("^%b()%s*()", after)
      words[#words + 1] = { name, past ~= nil }
      at = past or after
   end
   if words[1] and words[1][1] == "client" then table.remove(words, 1) end
   return words
end

local function version_names(domain)
   local names = {}
   for version in pairs(model.domain(domain)) do
      if version ~= 1 then names[#names + 1] = version end
   end
   table.sort(names)
   return names
end

--- The versions of a product, sorted. @return (array of strings)
place.version_names = version_names

-- A resource without its version: that of the version which a bare name means, else of any.
local function in_some_version(domain, name)
   local order = { model.domain(domain)[1], (table.unpack or unpack)(version_names(domain)) }
   for _, version in ipairs(order) do
      local at = place.version(domain, version)
      if model.node(at.data, name) then return at end
   end
   return nil
end

local function own_account()
   local at = place.child(place.version("api", "v2010"), "accounts")
   at.side = "item"
   return at
end

-- The first words of a text: the place below which the others are, how many words it took.
-- @return (place), (integer); or nil, (string) the caller's mistake
local function begin(words)
   local first = words[1][1]
   local plain = first:match("^(.*)_$") or first
   if not model.domain(first) then
      if model.is_shortcut(plain) then return own_account(), 0 end
      local names = model.domains()
      for _, name in ipairs(model.shortcuts()) do names[#names + 1] = name end
      return nil, options.unknown("resource", first, names)
   end
   local second = words[2] and words[2][1]
   if not second then return { domain = first, label = "client." .. first }, 1 end
   local at = place.version(first, second)
   if at then return at, 2 end
   at = in_some_version(first, second)
   if at then return at, 1 end
   local is_own = first == "api" and (second == "account" or model.is_shortcut(second))
   if is_own then return own_account(), second == "account" and 2 or 1 end
   return nil, options.unknown("version or resource", second, version_names(first))
end

local function child_names(at)
   local names = {}
   for _, side in ipairs(at.node and { at.node.list or {}, at.node.item or {} } or { at.data }) do
      for name in pairs(side.nodes or {}) do names[#names + 1] = name end
   end
   return names
end

--- Finds the place that a text means.
-- @param text (string) "messages", "client.messages(sid).media", "verify.v2.services:create", ...
-- @param methods (table) name -> what is known of it: names that may stand at the end
-- @return (place), (string | nil) the method; nil: "client" alone
-- @return[2] nil, (string) the caller's mistake
function place.of_text(text, methods)
   local words = words_of(text)
   if not words then
      return nil, "it takes what one writes, as in \"messages:create\", got " .. ("%q"):format(text)
   end
   if #words == 0 then return nil end
   local at, taken = begin(words)
   if not at then return nil, taken end
   for i = taken + 1, #words do
      local name, is_called = words[i][1], words[i][2]
      local below
      if at.version == "v2010" and not at.node and name == "account" then
         below, is_called = own_account(), true
      else
         below = at.data and (place.child(at, name, at.side) or place.child(at, name))
      end
      if below then
         below.side = is_called and not below.is_open and "item" or nil
         at = below
      elseif i == #words and at.node and methods[name] then
         return at, name
      else
         local names = child_names(at)
         for method in pairs(at.node and i == #words and methods or {}) do
            names[#names + 1] = method
         end
         local what = at.node and "method or resource" or "resource"
         return nil, options.unknown(what, name, names)
      end
   end
   return at
end

return place
