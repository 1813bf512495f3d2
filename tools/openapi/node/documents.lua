-- twilio-node's generated files as OpenAPI documents, one a product version, with as much as these
-- files say: paths, verbs, parameters, bodies, answers, and where each resource hangs. Walks from
-- the domains' files along what they require. Must not know the OpenAPI files or the API data.

local files = require "files"
local json = require "openapi.json"
local names = require "openapi.names"
local corrections = require "openapi.node.corrections"
local resource = require "openapi.node.resource"

local documents = {}

-- Headers of operations with a JSON body, which twilio-node takes from its caller as a table: their
-- names are in the type of the options only.
local headers = {
   acceptEncoding = "Accept-Encoding", contentEncoding = "Content-Encoding",
   idempotencyKey = "Idempotency-Key", ifMatch = "If-Match",
}

-- The files that a file requires: name in the code -> path without extension, below lib/rest.
local function requires_of(file, text)
   local folder, out = file:match("^(.*/)") or "", {}
   for name, path in text:gmatch('const (%w+_1) = [%w_(]*require%("%./([^"]+)"%)') do
      out[name] = folder .. path
   end
   return out
end

local function new_document(host, version)
   return {
      openapi = "3.0.1", info = { title = host, version = version },
      servers = { { url = "https://" .. host } },
      paths = {}, security = { { accountSid_authToken = json.empty_array } },
      components = {
         schemas = {},
         securitySchemes = { accountSid_authToken = { type = "http", scheme = "basic" } },
      },
   }
end

-- Puts a declared type, and those that it refers to, into the document.
local function add_schema(doc, types, name)
   local key = types.prefix:match("([^/]*)$") .. name
   if doc.components.schemas[key] then return end
   local schema, used = types:schema(name)
   doc.components.schemas[key] = schema
   for other in pairs(used) do add_schema(doc, types, other) end
end

-- The types that a schema refers to, at any depth.
local function add_schemas(doc, types, schema)
   for key, value in pairs(schema) do
      if key == "$ref" then
         add_schema(doc, types, value:sub(#types.prefix + 1))
      elseif type(value) == "table" then
         add_schemas(doc, types, value)
      end
   end
end

local text, number, text_or_null = { type = "string" }, { type = "integer" }, {
   type = "string", nullable = true,
}

-- The fields beside the array of a page.
local function page_fields(kind, path)
   if kind == "TokenPage" then
      return { meta = { type = "object", properties = {
         key = text, pageSize = number, nextToken = text_or_null, previousToken = text_or_null,
      } } }
   end
   assert(kind == "Page", "a page of an unknown kind")
   if path:match("^/2010%-04%-01/") then
      return { next_page_uri = text_or_null, page = number, page_size = number, uri = text }
   end
   return { meta = { type = "object", properties = {
      key = text, page = number, page_size = number, url = text, first_page_url = text,
      next_page_url = text_or_null,
      previous_page_url = text_or_null,
   } } }
end

local function page_schema(schema, kind, path)
   local properties = page_fields(kind, path)
   for name, value in pairs(schema.properties) do properties[name] = value end
   return { type = "object", properties = properties, required = schema.required }
end

local function parameter_of(place, name, schema, required)
   return { ["in"] = place, name = name, schema = schema, required = required or nil }
end

local function request_body(op, form, required)
   if op.body then return { content = { [op.content] = { schema = op.body } } } end
   if not next(form) then return nil end
   local schema = {
      type = "object", properties = form, required = #required > 0 and required or nil,
   }
   return { content = { [op.content] = { schema = schema } } }
end

local statuses = { create = "201", delete = "204" }

local function answers_of(op, schema)
   local media = op.accept or "application/json"
   -- A deletion that gives a record has only been accepted.
   local status = op.method == "delete" and schema and "202" or statuses[op.method] or "200"
   return {
      [status] = schema and { content = { [media] = { schema = schema } } } or { description = "" },
   }
end

local titles = {
   create = "Create", fetch = "Fetch", update = "Update", patch = "Patch", delete = "Delete",
   list = "List",
}

local function operation_of(read_resource, op, path, mount)
   local parameters, form, required = {}, {}, {}
   for _, p in ipairs(op.parameters) do
      if p.place == "form" then
         form[p.name] = p.schema
         if p.required then required[#required + 1] = p.name end
      else
         parameters[#parameters + 1] = parameter_of(p.place, p.name, p.schema, p.required)
      end
   end
   for _, p in ipairs(op.unplaced) do
      local name = assert(
         headers[p.property],
         ("%s: no place for %s of %s"):format(read_resource.file, p.property, op.method))
      parameters[#parameters + 1] = parameter_of("header", name, p.schema)
   end
   local answer = op.answer
   if op.method == "list" and answer then answer = page_schema(answer, read_resource.page, path) end
   return {
      ["x-twilio"] = { mountName = mount },
      operationId = titles[op.method] .. read_resource.class,
      parameters = #parameters > 0 and parameters or nil,
      requestBody = request_body(op, form, required), responses = answers_of(op, answer),
   }
end

-- The path item, made on first use.
local function item_of(doc, path, place)
   local item = doc.paths[path]
   if not item then
      item = { ["x-twilio"] = place }
      for name in path:gmatch("{(%w+)}") do
         item.parameters = item.parameters or {}
         table.insert(item.parameters, parameter_of("path", name, text, true))
      end
      doc.paths[path] = item
   end
   return item
end

local Walk = {}
Walk.__index = Walk

-- A resource and all below it. parent: its parent's path without the version, or nil. The client's
-- own account is mounted a second time: the same file.
function Walk:resource(file, mount, parent)
   if self.seen[file] then return end
   self.seen[file] = true
   local prefix = "#/components/schemas/" .. file:match("([^/]*)$") .. "."
   local code = files.read(self.root .. file .. ".js")
   local one = resource.read(file, code, files.read(self.root .. file .. ".d.ts"), prefix)
   local requires = requires_of(file, code)
   for _, name in ipairs { "list", "context" } do
      local side = one[name]
      local path = side and self.base .. side.uri
      local place = {
         mountName = mount, pathType = name == "list" and "list" or "instance", parent = parent,
      }
      local function item() return item_of(self.doc, path, place) end
      for _, op in pairs(side and side.operations or {}) do
         assert(not item()[op.verb], path .. ": a second " .. op.verb)
         item()[op.verb] = operation_of(one, op, path, mount)
         add_schemas(self.doc, one.types, item()[op.verb])
      end
      for _, child in ipairs(side and side.children or {}) do
         -- The children of a resource that is called with nothing are on its list, which has no
         -- path.
         if side.uri ~= "" then item() end
         local above = side.uri ~= "" and side.uri or one.context.uri
         self:resource(
            assert(requires[child.module], file .. ": " .. child.module), child.getter, above)
      end
   end
end

-- Resources of a version: getters, and functions of those that need path arguments first.
local function mounts_of(source)
   local out = {}
   for getter, _, body in source:gsub("%s+", " "):gmatch(" (%w+)(%([%w, ]*%)) (%b{})") do
      local module = body:match("%(0, (%w+_1)%.%w+ListInstance%)")
      if module then out[#out + 1] = { mount = getter, module = module } end
   end
   return out
end

local function read_version(root, file, host, seen)
   local source = files.read(root .. file .. ".js")
   local version = assert(source:match('super%(domain, "([^"]+)"%);'), file .. ": no version")
   local walk = setmetatable(
      { root = root, base = "/" .. version, doc = new_document(host, version), seen = seen }, Walk)
   local requires = requires_of(file, source)
   for _, mount in ipairs(mounts_of(source)) do
      walk:resource(requires[mount.module], mount.mount)
   end
   return walk.doc
end

-- Leaves the schemas that operations refer to, at any depth.
local function drop_unused(doc)
   local used = {}
   local function visit(node)
      for key, value in pairs(node) do
         local name = key == "$ref" and value:match("([^/]*)$")
         if name and not used[name] then
            used[name] = doc.components.schemas[name]
            visit(used[name])
         elseif type(value) == "table" then
            visit(value)
         end
      end
   end
   visit(doc.paths)
   doc.components.schemas = used
end

local function make_optional(doc, schema, members)
   local target, required = assert(doc.components.schemas[schema], schema), {}
   for _, member in ipairs(target.required) do
      if not (" " .. members .. " "):find(" " .. member .. " ", 1, true) then
         required[#required + 1] = member
      end
   end
   assert(
      #target.required - #required == select(2, members:gsub("%S+", "")),
      schema .. ": some of these are optional anyway: " .. members)
   target.required = #required > 0 and required or nil
end

-- The one array of a page's schema.
local function items_of(page)
   for _, property in pairs(page.properties) do
      if property.type == "array" then return property end
   end
end

local function correct(doc, wrong)
   for schema, list in pairs(wrong.optional) do make_optional(doc, schema, list) end
   local operations = {}
   for _, item in pairs(doc.paths) do
      for _, op in pairs(item) do
         if op.operationId then operations[op.operationId] = op end
      end
   end
   for id, answer in pairs(wrong.answers) do
      operations[id].responses = {
         [answer[1]] = { content = { ["application/json"] = { schema = answer[2] } } },
      }
   end
   for id, items in pairs(wrong.items) do
      items_of(operations[id].responses["200"].content["application/json"].schema).items = items
   end
   drop_unused(doc)
end

local function lines_of(command)
   local out = {}
   local listing = assert(io.popen(command))
   for line in listing:lines() do out[#out + 1] = line end
   listing:close()
   return out
end

-- A resource that nothing mounts would be missed silently.
local function check_all_seen(root, seen)
   for _, line in ipairs(
      lines_of(
         ('cd "%s" && grep -rl "^function [A-Za-z0-9]*ListInstance(" --include=*.js . | sort'):format(root))) do
      local file = line:match("^%./(.*)%.js$")
      assert(seen[file] or corrections.unmounted[file], file .. ": a resource that isn't mounted")
   end
end

-- The versions that a domain's files make: their files.
local function versions_of(root, name)
   local out = {}
   for _, file in ipairs { name .. "Base", name } do
      local source = files.read(root .. file .. ".js")
      for module, path in pairs(requires_of(file, source)) do
         if source:find("new " .. module .. ".default(this)", 1, true) then out[#out + 1] = path end
      end
   end
   return out
end

-- Reads the package in a folder. Returns { [name] = document }, the names like those of the OpenAPI
-- files ("webhooks_v1"), and the package's version.
function documents.read(folder)
   local root, out, seen = folder .. "/lib/rest/", {}, {}
   for _, line in ipairs(lines_of(('ls "%s"'):format(root))) do
      local name = line:match("^(%w+)Base%.js$")
      if name then
         local host = assert(files.read(root .. line):match('super%(twilio, "https://([^"]+)"%);'), line)
         for _, path in ipairs(versions_of(root, name)) do
            local key = ("%s_%s"):format(
               names.snake(host:match("^[^.]+")), names.underscore(path:match("([^/]*)$")))
            out[key] = read_version(root, path, host, seen)
            if corrections[key] then correct(out[key], corrections[key]) end
         end
      end
   end
   assert(next(out), folder .. ": no twilio-node")
   check_all_seen(root, seen)
   return out, assert(files.read(folder .. "/package.json"):match('"version": "([^"]+)"'))
end

return documents
