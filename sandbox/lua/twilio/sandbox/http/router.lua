-- sandbox/http/router.lua: which operation a host, a path and a method mean.
--
-- Knows nothing of what operations do.
--
-- A place is a node of that tree: { segment, parent, depth, children = segment -> place, any =
-- place | nil, dynamic = true below a placeholder, verbs = verb -> endpoint }. An endpoint is one
-- operation at its place: { verb, method, op, node, mount, side, fields = names of the
-- placeholders' values in answers, key = name of the last own one, name =
-- "api/Accounts/{}/Messages", file, version, schema_key = "POST /v2/Services/{}" }.

local core = require "twilio.core"
local field_names = require "twilio.sandbox.schema.field_names"
local model = require "twilio.call.model"

local router = {}

-- Hosts that take only files, and whose resources they are.
local upload_hosts = { ["serverless-upload"] = "serverless", ["numbers-upload"] = "numbers" }

-- Operations that the API's files don't have, by the place of a list: its path, the operation, and
-- the SIDs that it makes.
local uploads = {
   serverless_v1 = {
      { "/v1/Services/{}/Functions/{}/Versions", "POST Content! Path! Visibility!", "ZN" },
      { "/v1/Services/{}/Assets/{}/Versions", "POST Content! Path! Visibility!", "ZN" },
   },
}

local methods = { "create", "fetch", "update", "patch", "delete", "list" }

local function segments_of(path)
   local segments = {}
   for segment in path:gmatch("[^/]+") do segments[#segments + 1] = segment end
   return segments
end

local function new_place(parent, segment)
   return {
      segment = segment, parent = parent, depth = parent and parent.depth + 1 or 0,
      children = {}, dynamic = segment == "{}" or nil, verbs = {},
   }
end

local function child_of(place, segment)
   local child = segment == "{}" and place.any or place.children[segment]
   if child then return child end
   child = new_place(place, segment)
   if segment == "{}" then place.any = child else place.children[segment] = child end
   return child
end

local function place_at(tree, path)
   local place = tree.root
   for _, segment in ipairs(segments_of(path:gsub("{[^}]*}", "{}"))) do
      place = child_of(place, segment)
   end
   return place
end

-- The path of a side, with the fields of all its placeholders.
local function extend(above, path, mount)
   local absolute = path:sub(1, 1) == "="
   local here = {
      path = absolute and path:sub(2) or above.path .. path, fields = {}, absolute = absolute,
   }
   for i, field in ipairs(above.fields) do here.fields[i] = field end
   for wire in path:gmatch("{([^}]*)}") do
      here.fields[#here.fields + 1] = field_names.of_placeholder(wire, mount)
   end
   return here
end

local function key_of(node)
   local last = node.item and node.item[1]:match("{([^{}]*)}$")
   return last and field_names.snake(last) or "sid"
end

-- One name for both sides of a resource: the product, and the path without version and own
-- placeholder.
local function name_of(tree, path)
   local blank = path:gsub("{[^}]*}", "{}"):gsub("/{}$", "")
   return tree.version.host .. (blank:gsub("^/[^/]*", "", 1))
end

local Endpoint = {}

-- The operation is read when it is first asked for: a product has many, a test uses few.
function Endpoint:__index(name)
   if name ~= "op" then return nil end
   local op = model.operation(self.node[self.side], self.method)
   rawset(self, "op", op)
   return op
end

local function endpoint(tree, here, node, mount, side_name, method)
   local version, verb = tree.version, node[side_name][method]:match("^%S+")
   local extension = not here.absolute and version.ext or ""
   return setmetatable({
      verb = verb, method = method, node = node, mount = mount, side = side_name, version = version,
      file = tree.file,
      fields = here.fields, key = key_of(node), name = name_of(tree, here.path),
      schema_key = verb .. " " .. here.path:gsub("{[^}]*}", "{}") .. extension,
   }, Endpoint)
end

local add_nodes

local function add_side(tree, above, node, mount, side_name)
   local side = node[side_name]
   local here = extend(above, side[1], mount)
   local place = place_at(tree, here.path)
   for _, method in ipairs(methods) do
      if type(side[method]) == "string" then
         local one = endpoint(tree, here, node, mount, side_name, method)
         one.place = place
         place.verbs[one.verb] = one
      end
   end
   add_nodes(tree, here, model.nodes(side))
end

function add_nodes(tree, above, nodes)
   for mount, node in pairs(nodes) do
      for _, side_name in ipairs { "list", "item" } do
         if node[side_name] then add_side(tree, above, node, mount, side_name) end
      end
   end
end

local function add_uploads(tree)
   for _, upload in ipairs(uploads[tree.file] or {}) do
      local path, op, sid = upload[1], upload[2], upload[3]
      local place = place_at(tree, path)
      local list = place.verbs.GET
      local one = {}
      for key, value in pairs(list) do one[key] = value end
      one.verb, one.method, one.op = "POST", "create", nil
      one.node = { sid = sid, list = { create = op }, item = list.node.item }
      one.schema_key = "GET " .. path .. "/{}"
      place.verbs.POST = setmetatable(one, Endpoint)
   end
end

local function new_tree(domain, name)
   local version = model.version(domain, name)
   local tree = { root = new_place(), version = version, file = model.domain(domain)[name] }
   add_nodes(tree, { path = version.path, fields = {} }, model.nodes(version))
   add_uploads(tree)
   return tree
end

local function new_trees(domain)
   local trees = {}
   for name in pairs(model.domain(domain)) do
      if type(name) == "string" then trees[#trees + 1] = new_tree(domain, name) end
   end
   return trees
end

-- Data made from data: the same for every sandbox, and made once.
local known = {}

--- The trees of a product: array of { root = place, version, file }.
function router.trees(domain)
   if not known[domain] then known[domain] = new_trees(domain) end
   return known[domain]
end

-- A literal segment comes before a placeholder; where it leads nowhere, the placeholder is tried.
local function descend(place, segments, i, values)
   local segment = segments[i]
   if not segment then return next(place.verbs) and place or nil end
   local child = place.children[segment]
   local found = child and descend(child, segments, i + 1, values)
   if found or not place.any then return found end
   values[#values + 1] = segment
   found = descend(place.any, segments, i + 1, values)
   if not found then values[#values] = nil end
   return found
end

-- Api v2010 without its .json is another representation, which the sandbox hasn't got.
local function without_extension(version, path)
   local extension = version.ext
   if not extension or path:sub(1, #version.path) ~= version.path then return path end
   return path:sub(-#extension) == extension and path:sub(1, -#extension - 1) or nil
end

--- The product's name of a host: "api.dublin.ie1.twilio.com:443" -> "api". @return (string | nil)
function router.product(host)
   local label = core.lower(host):gsub(":%d+$", ""):match("^([A-Za-z0-9-]+)%..*twilio%.com$")
   local domain = label and (upload_hosts[label] or label:gsub("-", "_"))
   return domain and model.domain(domain) and domain or nil
end

--- Finds the place of a path.
-- @param host (string) of the product
-- @param path (string) percent-encoded, without the query
-- @return (table) { place, values = the placeholders' values, encoded, segments }
-- @return[2] nil: no product has this path
function router.find(host, path)
   local domain = router.product(host)
   for _, tree in ipairs(domain and router.trees(domain) or {}) do
      local bare = without_extension(tree.version, path)
      local segments, values = segments_of(bare or ""), {}
      local place = descend(tree.root, segments, 1, values)
      if place then return { place = place, values = values, segments = segments } end
   end
   return nil
end

return router
