-- call/model.lua: the API data, read when first needed: domains, versions, resources and their path
-- arguments.
--
-- All clients share the tables it returns; nobody changes them. Must not know clients, hosts or
-- requests.

local lazy = require "twilio.util.lazy"
local operation = require "twilio.call.operation"

local model = {}

local index = "\n" .. require "twilio.api.index" -- a line a product

local function words(text)
   local list = {}
   for word in text:gmatch("%S+") do list[#list + 1] = word end
   return list
end

-- The index's line after a name. @return (string | nil)
local function line_of(name)
   return type(name) == "string" and name:find("^[%w_]+$")
      and index:match("\n" .. name .. " ([^\n]+)") or nil
end

local function new_domain(name, line)
   local versions = words(line)
   local domain = { versions[1] }
   for _, version in ipairs(versions) do domain[version] = name .. "_" .. version end
   return domain
end

local domains = {}

--- The versions of a product: { "v2", v2 = file name, ... }; [1] is the one that a bare resource
-- name means.
-- @return (table | nil)
function model.domain(name)
   local domain = domains[name]
   if domain then return domain end
   local line = name ~= "shortcuts" and line_of(name)
   if not line then return nil end
   domain = new_domain(name, line)
   domains[name] = domain
   return domain
end

--- Names of all products, sorted.
function model.domains()
   local names = {}
   for name in index:gmatch("([%w_]+) [^\n]+") do
      if name ~= "shortcuts" then names[#names + 1] = name end
   end
   return names
end

--- Names of the resources of api v2010 that the client itself offers (client.messages), sorted.
function model.shortcuts() return words(line_of("shortcuts")) end

--- Returns true for such a name.
function model.is_shortcut(name)
   return not name:find(" ", 1, true)
      and (" " .. line_of("shortcuts") .. " "):find(" " .. name .. " ", 1, true) ~= nil
end

--- A version's data: { host, path, ext, nodes }.
-- @return (table | nil)
function model.version(domain, version)
   local versions = model.domain(domain)
   local file = versions and type(version) == "string" and versions[version]
   return file and lazy.require("twilio.api." .. file) or nil
end

-- A resource: its text, or "=" and the name of its file.
local function read(text)
   local file = text:match("^=(.*)$")
   if file then return lazy.require("twilio.api." .. file) end
   local source = "return " .. text
   if _VERSION == "Lua 5.1" then return setfenv(assert(loadstring(source, "=twilio.api")), {})() end
   return assert(load(source, "=twilio.api", "t", {}))()
end

--- A resource of a version, or below a side of another one. The data has many as texts: most are
-- never asked for.
-- @param above (table) of the data: with `nodes`, or without any
-- @param name (string) its own, or with an underscore after it where Lua reserves the word: local_
-- @return (table | nil) { sid, list, item }
function model.node(above, name)
   local nodes = above.nodes
   if not nodes then return nil end
   if not nodes[name] then name = name:match("^(.*)_$") end
   local node = nodes[name]
   if type(node) == "string" then
      node = read(node)
      nodes[name] = node
   end
   return node
end

--- All resources there. @return (table) name -> resource
function model.nodes(above)
   for name in pairs(above.nodes or {}) do model.node(above, name) end
   return above.nodes or {}
end

--- The names of a path's placeholders, in their order. @param path (string) "/Services/{Sid}"
function model.placeholders(path)
   local names = {}
   for name in path:gmatch("{([^}]+)}") do names[#names + 1] = name end
   return names
end

local function without(names, others)
   local drop, left = {}, {}
   for _, name in ipairs(others) do drop[name] = true end
   for _, name in ipairs(names) do
      if not drop[name] then left[#left + 1] = name end
   end
   return left
end

local function item_arguments(item, list_arguments)
   if not item.args then return without(model.placeholders(item[1]), list_arguments) end
   return words(item.args)
end

local described = setmetatable({}, { __mode = "k" })

--- Path arguments of a resource, as wire names in call order.
-- @param node (table) of the data
-- @return (table) { list = array, item = array }: those of the list, and those that an instance
--    takes beyond them
function model.arguments(node)
   local known = described[node]
   if not known then
      local list = node.list and model.placeholders(node.list[1]) or {}
      known = { list = list, item = node.item and item_arguments(node.item, list) or {} }
      described[node] = known
   end
   return known
end

--- The operation behind a method of one side of a resource.
-- @param side (table) node.list or node.item
-- @param method (string) "create", "fetch", "update", "patch", "delete" or "list"
-- @return (table | nil) of operation.parse
function model.operation(side, method)
   local text = side[method]
   -- Other texts of a side are facts: args, file.
   return type(text) == "string" and (text .. " "):find("^%u+ ") and operation.parse(text) or nil
end

return model
