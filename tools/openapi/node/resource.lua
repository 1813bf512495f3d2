-- One resource of twilio-node: a generated .js file and the .d.ts beside it, read into plain
-- tables.
-- Takes names, paths, verbs, types and values. Must not know other files or OpenAPI documents,
-- though types are OpenAPI schemas.
--
-- A resource: { file, class = "Rule", types, list = side, context = side or nil, page = "TokenPage"
-- | "Page" or nil }
-- A side: { uri = "/Webhooks/Rules/{ruleId}", operations = { [method] = operation }, children = { {
-- getter, module } } }
-- An operation: { method = "create", verb = "post", content = "application/json" or nil, accept,
--   body = schema or nil, parameters = { { name, place = "query" | "header" | "form", schema,
--   required } },
--   unplaced = { { property, schema } } of which the file has no wire name, answer = schema or nil
--   }

local declarations = require "openapi.node.declarations"

local resource = {}

local function squeeze(text) return (text:gsub("%s+", " ")) end

-- "`/Rules/${ruleId}`" -> "/Rules/{ruleId}"
local function read_uri(text, owner, file)
   local uri = text:match(owner .. "%._uri =%s*`([^`]*)`;")
   assert(uri, file .. ": no path of " .. owner)
   return (uri:gsub("%$(%b{})", function(name)
      return assert(name:match("^{%w+}$"), file .. ": a path argument that isn't a name: " .. name)
   end))
end

-- The children of a side: getters that make the list of another file.
local function read_children(text)
   local children = {}
   local squeezed = squeeze(text)
   local function add(getter, body)
      local module = body:match("%(0, (%w+_1)%.%w+ListInstance%)")
      if module then children[#children + 1] = { getter = getter, module = module } end
   end
   for getter, body in squeezed:gmatch(" get (%w+)%(%) (%b{})") do add(getter, body) end
   for getter, body in squeezed:gmatch('Object%.defineProperty%(instance, "(%w+)", (%b{})%)') do
      add(getter, body)
   end
   return children
end

-- The serializer of a value says more than its type.
local function typed(schema, value)
   if value:find("serialize.iso8601Date(", 1, true) then
      return { type = "string", format = "date" }
   end
   if value:find("=> serialize.object(", 1, true) then return { type = "array", items = {} } end
   if value:find("serialize.object(", 1, true) then return {} end
   return schema
end

local counted = { pageSize = true, pageNumber = true }

-- The parameters that the body of a method puts where they belong. options: the schema of its
-- options; verb: decides between query and form.
local function read_parameters(body, options, verb, where)
   local out, placed = {}, {}
   local places = {
      data = (verb == "get" or verb == "delete") and "query" or "form", headers = "header",
   }
   local required = {}
   for _, name in ipairs(options.required or {}) do required[name] = true end
   local function add(target, name, value)
      local property = value:match('params%["([^"]+)"%]') or value:match("params%.(%w+)")
      if not property then return end
      local schema = (options.properties or {})[property]
      -- The page's number and token aren't declared where only the library's own loop sets them.
      if not schema then
         assert(
            property == "pageNumber" or property == "pageToken",
            where .. ": no type of " .. property)
         schema = { type = "string" }
      end
      placed[property] = true
      out[#out + 1] = {
         name = name, place = places[target], required = required[property] == true,
         schema = counted[property] and { type = "integer" } or typed(schema, value),
      }
   end
   for target, name, value in body:gmatch('(%w+)%["([^"]+)"%] = ([^;]*);') do
      if places[target] then add(target, name, value) end
   end
   -- The one map that is flattened into keys with a prefix.
   for property, prefix in body:gmatch(
      'serialize%.prefixedCollapsibleMap%(params%["(%w+)"%], "(%w+)"%)') do
      placed[property] = true
      local schema = { type = "object", format = "prefixed-collapsible-map-" .. prefix }
      out[#out + 1] = {
         name = prefix .. "Data", place = "query", required = false, schema = schema,
      }
   end
   return out, placed
end

local methods = {
   create = "create", fetch = "fetch", update = "update", patch = "patch", remove = "delete",
   page = "list", list = "list",
}

-- The name of the interface of a method's options.
local function options_name(class, side, name)
   local interface = side == "list" and class .. "ListInstance" or class .. "Context"
   return interface .. name:sub(1, 1):upper() .. name:sub(2) .. "Options"
end

-- The answer of a method: a reference to the type of the answer, the page of a list, or nil.
local function answer_of(types, class, name, interface, is_list)
   if is_list then return types:schema(class .. "Payload") end
   local promised = interface:match("\n    " .. name .. "%([^\n]*%): Promise<([%w_]+)>;")
   if promised ~= class .. "Instance" or not types:schema(class .. "Resource") then return nil end
   return { ["$ref"] = types.prefix .. class .. "Resource" }
end

-- One method. text: its source; interface: its side's in the declarations.
local function read_operation(text, class, side, name, types, interface, where)
   local body = squeeze(text)
   local verb = body:match('method: "(%l+)"')
   assert(verb, where .. ": no verb")
   local options = types:schema(options_name(class, side, name)) or {}
   local parameters, placed = read_parameters(body, options, verb, where)
   local op = {
      method = methods[name], verb = verb, parameters = parameters, unplaced = {},
      content = body:match('headers%["Content%-Type"%] = "([^"]+)"'),
      accept = body:match('headers%["Accept"%] = "([^"]+)"'),
   }
   local model
   if body:find(" data = params;", 1, true) then
      model = interface:match("\n    " .. name .. "%(params: ([%w_]+), headers%?: any")
      op.body = types:schema(model) and { ["$ref"] = types.prefix .. model }
         or declarations.basic(model)
      assert(op.body, where .. ": no type of its JSON body")
   end
   for property, schema in pairs(options.properties or {}) do
      local is_body = op.body
         and (property == "body" or schema["$ref"] == op.body["$ref"] and schema["$ref"])
      if not placed[property] and not is_body then
         table.insert(op.unplaced, { property = property, schema = schema })
      end
   end
   table.sort(op.unplaced, function(a, b) return a.property < b.property end)
   return op
end

local function read_side(file, class, side, text, types)
   local declared = types:functions_of(
      side == "list" and class .. "ListInstance" or class .. "Context")
   local out = {
      uri = read_uri(text, side == "list" and "instance" or "this", file), operations = {},
      children = read_children(text),
   }
   local pattern = side == "list" and "\n    instance%.(%w+) = function %w+%([^\n]*%) (%b{});"
      or "\n    (%w+)%([^\n]*%) (%b{})"
   for name, body in text:gmatch(pattern) do
      local method = methods[name]
      if method and body:find("operationVersion%.%l+%(") then
         local where = ("%s: %s.%s"):format(file, side, name)
         local op = read_operation(body, class, side, name, types, declared, where)
         op.answer = answer_of(types, class, name, declared, method == "list")
         assert(not out.operations[method], where .. " is there twice")
         out.operations[method] = op
      end
   end
   return out
end

-- Reads one resource. file: its path below the package's lib/rest, without extension; script and
-- declared: the texts of its .js and .d.ts; prefix: see declarations.read.
function resource.read(file, script, declared, prefix)
   local types = declarations.read(file .. ".d.ts", declared, script, prefix)
   local class, list = script:match("\nfunction (%w+)ListInstance%((.-\n})")
   assert(class, file .. ".js: no list")
   local out = {
      file = file, class = class, types = types,
      list = read_side(file .. ".js", class, "list", list, types),
   }
   local context = script:match("\nclass " .. class .. "ContextImpl (%b{})")
   if context then out.context = read_side(file .. ".js", class, "context", context, types) end
   out.page = script:match("\nclass " .. class .. "Page extends (%w+)_1%.default")
   return out
end

return resource
