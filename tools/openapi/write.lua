-- Writes a version's tree, and the index, as Lua source: one readable line an operation, sorted.
-- The indentation shows the structure (one space a level; closing braces stay on the line they
-- close after), as every byte is shipped. Must not know OpenAPI.

local source = require "openapi.source"

local key, sorted_keys = source.key, source.sorted_keys

local write = {}

-- Lines being written. line: one more; close: a brace after the last one.
local Writer = {}
Writer.__index = Writer

local function writer(head)
   return setmetatable({ head }, Writer)
end

function Writer:line(indent, ...)
   self[#self + 1] = (" "):rep(indent) .. string.format(...)
end

function Writer:close()
   self[#self] = self[#self]:gsub(",$", "") .. " },"
end

function Writer:text()
   return table.concat(self, "\n"):gsub(",$", "") .. "\n"
end

-- A side with nothing but one operation fits on that operation's line.
local function only_operation(side)
   local method, text = next(side.operations)
   if method and not next(side.operations, method) and not (side.args or side.file)
      and #side.children == 0 then
      return ("%s = %q"):format(method, text)
   end
end

local put_nodes

local function put_side(out, name, side, indent)
   local only = only_operation(side)
   if only then return out:line(indent, "%s = { %q, %s },", name, side.path, only) end
   out:line(indent, "%s = { %q,", name, side.path)
   if side.args then out:line(indent + 1, "args = %q,", side.args) end
   if side.file then out:line(indent + 1, "file = %q,", side.file) end
   for _, method in ipairs(sorted_keys(side.operations)) do
      out:line(indent + 1, "%s = %q,", method, side.operations[method])
   end
   put_nodes(out, side.children, indent + 1)
   out:close()
end

local function put_resource(out, resource, indent)
   local sid = resource.sid and (" sid = %q,"):format(resource.sid) or ""
   out:line(indent, "%s = {%s", key(resource.mount), sid)
   for _, name in ipairs { "list", "item" } do
      if resource[name] then put_side(out, name, resource[name], indent + 1) end
   end
   out:close()
end

-- The same as a text, which the catalog reads when the resource is asked for.
local function put_text(out, resource, indent)
   local first = #out + 1
   put_resource(out, resource, indent)
   assert(
      not table.concat(out, "\n", first):find("]]", 1, true),
      "a text would end within " .. resource.mount)
   out[first] = out[first]:gsub("{", "[[{", 1)
   out[#out] = out[#out]:gsub(",$", "]],")
end

-- The same as a module of its own, which is loaded when the resource is asked for.
local function put_part(out, resource, indent)
   local name = out.file .. "_" .. resource.mount
   local part = writer(out[1])
   put_resource(part, resource, 0)
   part[2] = part[2]:gsub("^[^{]*", "return ", 1)
   out.parts[name] = part:text()
   out:line(indent, "%s = %q,", key(resource.mount), "=" .. name)
end

local function by_mount(a, b) return a.mount < b.mount end

function put_nodes(out, resources, indent)
   if #resources == 0 then return end
   table.sort(resources, by_mount)
   out:line(indent, "nodes = {")
   for _, resource in ipairs(resources) do
      local put = resource.as_text and (out.parts and put_part or put_text) or put_resource
      put(out, resource, indent + 1)
   end
   out:close()
end

-- Chooses the resources that are texts: those of the outermost places that have several, so that a
-- program pays for those that it uses.
local function choose_texts(resources)
   for _, resource in ipairs(resources) do
      if #resources > 1 then
         resource.as_text = true
      else
         for _, name in ipairs { "list", "item" } do
            choose_texts(resource[name] and resource[name].children or {})
         end
      end
   end
end

local LARGEST = 16000 -- bytes of a file that is read whole for one resource

local function version_text(out, top)
   out:line(0, "return {")
   out:line(1, "host = %q,", top.host)
   out:line(1, "path = %q,", top.base)
   if top.ext then out:line(1, "ext = %q,", top.ext) end
   put_nodes(out, top.children, 1)
   out:close()
   return out:text()
end

-- One version's file; of a large one, the resources that would be texts stand in files of their
-- own. head: its first line; top: see tree.build; file: its name.
-- @return (string), (table) name -> text of the other files
function write.version(head, top, file)
   choose_texts(top.children)
   local text = version_text(writer(head), top)
   if #text <= LARGEST then return text, {} end
   local out = writer(head)
   out.file, out.parts = file, {}
   return version_text(out, top), out.parts
end

-- The default version first, then the others.
local function versions_of(versions, default)
   local names = { default }
   for _, version in ipairs(sorted_keys(versions)) do
      if version ~= default then names[#names + 1] = version end
   end
   return table.concat(names, " ")
end

-- index.lua, a text: a line a product. domains: domain -> version -> true; default: domain ->
-- version; shortcuts: names.
function write.index(head, domains, default, shortcuts)
   local out = writer(head)
   out:line(0, "return [[")
   for _, domain in ipairs(sorted_keys(domains)) do
      out:line(0, "%s %s", domain, versions_of(domains[domain], default[domain]))
   end
   out:line(0, "shortcuts %s", table.concat(shortcuts, " "))
   out:line(0, "]]")
   return out:text()
end

return write
