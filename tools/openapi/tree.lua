-- The paths of one OpenAPI document as versions of a product, each a tree of resources: who hangs
-- on whom, and under which name. A resource: { mount, list = side, item = side, sid }; a side: {
-- path, operations = { method = text }, children = { resource ... }, args, file }. Must not know
-- files or how the data is written.

local document = require "openapi.document"
local names = require "openapi.names"
local operation = require "openapi.operation"
local sorted_keys = require("openapi.source").sorted_keys

local tree = {}

local function blank(path)
   return (path:gsub("{[^}]*}", "{}"))
end

local function without_extension(path)
   return path:match("^(.*)%.json$") or path
end

local function is_prefix(prefix, path)
   return path == prefix or path:sub(1, #prefix + 1) == prefix .. "/"
end

-- "/v2/Services/{Sid}" -> "v2", "/v2", "/Services/{Sid}"
local function split_version(path, overlay)
   if overlay.unversioned[path] then return overlay.unversioned[path], nil, path end
   local segment, rest = path:match("^/([^/]+)(.*)$")
   local version = overlay.versions[segment] or segment:match("^v%d+$") or names.underscore(segment)
   return version, "/" .. segment, rest
end

local function side_name(item, path)
   local given = (item["x-twilio"] or {}).pathType
   if given then return given == "instance" and "item" or "list" end
   return path:sub(-1) == "}" and "item" or "list"
end

local function last_static_segment(path)
   return path:gsub("/{[^}]*}$", ""):match("([^/]+)$")
end

-- One path item, read: everything that placing it needs. name: the document's; file: where the
-- content is of an instance that stands for a file, or nil.
local function read_place(doc, name, path, item, overlay, fix, file)
   local version, base, rest = split_version(path, overlay)
   if fix and version == fix.version then
      rest = rest:gsub("{(%w+)}", function(placeholder)
         return fix.rename[placeholder] and "{" .. fix.rename[placeholder] .. "}"
      end)
   end
   local bare = without_extension(rest)
   local x = item["x-twilio"] or {}
   return {
      doc = doc, name = name, path = path, item = item, file = file, version = version, base = base,
      rest = rest, bare = bare,
      side = side_name(item, bare), mount = names.mount(x.mountName or last_static_segment(bare)),
      parent = x.parent or (fix and version == fix.version and rest ~= fix.parent and fix.parent)
         or nil,
   }
end

-- All places of a document, sorted by path, and by version and blanked path.
local function read_places(doc, name, overlay)
   local fix, files = overlay.paths[name], overlay.files[name] or {}
   local paths = doc.paths
   for path in pairs(files) do
      assert(paths[path] and paths[path].get, "overlay.files: no instance " .. path)
   end
   if fix then paths[fix.add.path] = { ["x-twilio"] = { mountName = fix.add.mount } } end
   local places, by_path = {}, {}
   for _, path in ipairs(sorted_keys(paths)) do
      local place = read_place(doc, name, path, paths[path], overlay, fix, files[path])
      places[#places + 1] = place
      by_path[place.version .. blank(place.bare)] = place
   end
   return places, by_path
end

-- The place that a place hangs on, or nil. Some files name a sibling of the true parent: a parent
-- that isn't a prefix of the path loses its last parameter.
local function parent_of(place, by_path)
   if not place.parent then return nil end
   local path = blank(without_extension(place.parent))
   if not is_prefix(path, blank(place.bare)) then path = path:gsub("/{}$", "") end
   return by_path[place.version .. path]
end

-- The path below the parent's; "=..." where it isn't below it, or outside every version. ext: what
-- all paths of the version end in, or nil.
local function relative(place, parent, ext)
   if not place.base then return "=" .. place.path end
   local path = ext and place.bare or place.rest
   if not parent then return path end
   local above = blank(parent.bare)
   if not is_prefix(above, blank(place.bare)) then return "=" .. place.path end
   local depth = select(2, above:gsub("/", ""))
   return (path:gsub("/[^/]*", "", depth))
end

-- The order in which an item's own parameters are given, where it isn't the path's: "Field
-- PhoneNumber", or nil.
local function argument_order(place, verb, path)
   local own, in_path, in_call = {}, {}, {}
   for name in path:gmatch("{([^}]*)}") do
      own[name] = true
      in_path[#in_path + 1] = name
   end
   for _, p in ipairs(document.parameters(place.doc, place.item, place.item[verb])) do
      if p["in"] == "path" and own[p.name] then in_call[#in_call + 1] = p.name end
   end
   local order = table.concat(in_call, " ")
   if #in_call == #in_path and order ~= table.concat(in_path, " ") then return order end
end

-- The resource of this name below this parent, made on first use.
local function resource_of(resources, place, parent, mount)
   local key = table.concat({ place.version, parent and parent.path or "", mount }, " ")
   if not resources[key] then
      resources[key] = { mount = mount, version = place.version, parent = parent }
   end
   return resources[key]
end

-- A resource's "list" or "item", made on first use. place: who asks, for the message.
local function side_of(resource, name, path, place)
   local side = resource[name] or { path = path, operations = {}, children = {} }
   assert(side.path == path, place.path .. ": a second path for " .. resource.mount)
   resource[name] = side
   return side
end

-- The prefix of a new resource's SID, from the pattern of the answer's `sid`: ^VA[0-9a-fA-F]{32}$,
-- ^(SM|MM)[0-9a-f]...
local function sid_prefix(doc, op)
   local _, schema = document.success(doc, op)
   local sid = document.resolve(doc, (document.resolve(doc, schema).properties or {}).sid)
   return tostring(sid.pattern):match("^%^?%(?(%u%u)[|%[]")
end

local function add_operation(resources, place, parent, path, verb, overlay)
   local op = place.item[verb]
   local moved = (op["x-twilio"] or {}).mountName
   local resource = resource_of(
      resources, place, parent, moved and names.mount(moved) or place.mount)
   local side = side_of(resource, place.side, path, place)
   local method = operation.method(op)
   assert(not side.operations[method], op.operationId .. ": a second " .. method)
   side.operations[method] = operation.text(place.doc, place.item, verb, overlay, place.name)
   side.file = place.file
   side.args = side.args or (place.side == "item" and argument_order(place, verb, path)) or nil
   if method ~= "list" and method ~= "delete" then
      resource.sid = resource.sid or sid_prefix(place.doc, op)
   end
end

-- The side of the parent's resource that a child hangs on. A resource that is called with nothing
-- has its children beside its call, on the list object. All operations are in place by now.
local function holder(resources, parent)
   local resource = resource_of(resources, parent, parent.up, parent.mount)
   local name = parent.side
   local has_list = resource.list and next(resource.list.operations)
   if not has_list and not parent.relative:find("{", 1, true) then name = "list" end
   return side_of(resource, name, parent.relative, parent)
end

local function hang(resources, tops)
   for _, key in ipairs(sorted_keys(resources)) do
      local resource = resources[key]
      local children
      if resource.parent then
         children = holder(resources, resource.parent).children
      else
         children = tops[resource.version].children
      end
      children[#children + 1] = resource
   end
end

-- A parent without operations is a resource too.
local function add_silent_parents(resources, places)
   for _, place in ipairs(places) do
      local parent = place.up
      while parent do
         resource_of(resources, parent, parent.up, parent.mount)
         parent = parent.up
      end
   end
end

-- The versions that the places belong to. Their extension is what all their paths have.
local function versions_of(places, host)
   local tops = {}
   for _, place in ipairs(places) do
      local top = tops[place.version] or { host = host, ext = ".json", children = {}, items = {} }
      top.base = top.base or place.base
      if place.bare == place.rest then top.ext = nil end
      top.items[blank(place.path)] = place.item
      tops[place.version] = top
   end
   return tops
end

-- name: the document's (overlay.lua's spelling). Results: { [version] = { host, base, ext, children
-- = { resource ... }, items = { [blanked path] = path item } } }, and the domain's name.
function tree.build(name, doc, overlay)
   local places, by_path = read_places(doc, name, overlay)
   local host = doc.servers[1].url:match("^https://([^.]+)%.twilio%.com")
   local tops, resources = versions_of(places, host), {}
   for _, place in ipairs(places) do
      place.up = parent_of(place, by_path)
      place.relative = relative(place, place.up, tops[place.version].ext)
   end
   for _, place in ipairs(places) do
      for _, verb in ipairs(document.verbs) do
         if place.item[verb] then
            add_operation(resources, place, place.up, place.relative, verb, overlay)
         end
      end
   end
   add_silent_parents(resources, places)
   hang(resources, tops)
   return tops, names.snake(host)
end

return tree
