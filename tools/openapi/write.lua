-- Writes a version's tree, and the index, as Lua source: one readable line an operation, sorted.
-- Builds on tree's result. Must not know OpenAPI.

local write = {}

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
  until while]]):gmatch("%a+") do keywords[word] = true end

local function key(name)
  if keywords[name] or not name:match("^[%a_][%w_]*$") then return ("[%q]"):format(name) end
  return name
end

local function sorted(t)
  local keys = {}
  for k in pairs(t) do keys[#keys + 1] = k end
  table.sort(keys)
  return keys
end

local function by_mount(a, b) return a.mount < b.mount end

local put_nodes

local function put_side(out, name, side, indent)
  out(indent, ("%s = { %q,"):format(name, side.path))
  if side.args then out(indent + 1, ("args = %q,"):format(side.args)) end
  for _, method in ipairs(sorted(side.operations)) do
    out(indent + 1, ("%s = %q,"):format(method, side.operations[method]))
  end
  put_nodes(out, side.children, indent + 1)
  out(indent, "},")
end

local function put_resource(out, resource, indent)
  local sid = resource.sid and (" sid = %q,"):format(resource.sid) or ""
  out(indent, ("%s = {%s"):format(key(resource.mount), sid))
  for _, name in ipairs { "list", "item" } do
    if resource[name] then put_side(out, name, resource[name], indent + 1) end
  end
  out(indent, "},")
end

function put_nodes(out, resources, indent)
  if #resources == 0 then return end
  table.sort(resources, by_mount)
  out(indent, "nodes = {")
  for _, resource in ipairs(resources) do put_resource(out, resource, indent + 1) end
  out(indent, "},")
end

local function collector(head)
  local lines = { head }
  local function out(indent, line) lines[#lines + 1] = ("  "):rep(indent) .. line end
  return lines, out
end

-- One version's file. head: its first line; top: see tree.build; ext: the extension of all its paths or nil.
function write.version(head, top)
  local lines, out = collector(head)
  out(0, "return {")
  out(1, ("host = %q,"):format(top.host))
  out(1, ("path = %q,"):format(top.base))
  if top.ext then out(1, ("ext = %q,"):format(top.ext)) end
  put_nodes(out, top.children, 1)
  out(0, "}")
  return table.concat(lines, "\n") .. "\n"
end

-- index.lua. domains: domain -> version -> file; default: domain -> version.
function write.index(head, domains, default, shortcuts)
  local lines, out = collector(head)
  out(0, "return {")
  for _, domain in ipairs(sorted(domains)) do
    local fields = { ("%q"):format(default[domain]) }
    for _, version in ipairs(sorted(domains[domain])) do
      fields[#fields + 1] = ("%s = %q"):format(key(version), domains[domain][version])
    end
    out(1, ("%s = { %s },"):format(key(domain), table.concat(fields, ", ")))
  end
  local quoted = {}
  for _, name in ipairs(shortcuts) do quoted[#quoted + 1] = ("%q"):format(name) end
  out(1, "shortcuts = { " .. table.concat(quoted, ", ") .. " },")
  out(0, "}")
  return table.concat(lines, "\n") .. "\n"
end

return write
