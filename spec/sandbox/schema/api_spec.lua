-- sandbox/lua/twilio/sandbox/schema/api: what answers look like and what requests may say. That answers made
-- from them satisfy the OpenAPI files, and that what these forbid is refused, is the conformance
-- driver's matter; here: that they belong to the API's operations, hold together and need nothing.

local model = require "twilio.call.model"

local kinds = {}
for kind in ([[string integer number boolean date date-time rfc2822 uri phone-number iso-country-code http-method email
  duration currency sid pattern enum uri-map object any Sid Proc_JobTtid]]):gmatch("%S+") do kinds[kind] = true end

local function each_file(visit)
   for _, domain in ipairs(model.domains()) do
      for version, file in pairs(model.domain(domain)) do
         if version ~= 1 then visit(require("twilio.api." .. file), require("twilio.sandbox.schema.api." .. file), file) end
      end
   end
end

local function known_keys(data, parent, above, out)
   for _, node in pairs(model.nodes(parent)) do
      for _, name in ipairs { "list", "item" } do
         local side = node[name]
         if side then
            local absolute = side[1]:match("^=(.*)$")
            local path = absolute or above .. side[1]
            for method, text in pairs(side) do
               local verb = method ~= 1 and method ~= "args" and method ~= "nodes" and text:match("^%u+")
               if verb then
                  local full = path:gsub("{[^}]*}", "{}") .. (not absolute and data.ext or "")
                  out[verb .. " " .. full] = { method = method, op = model.operation(side, method) }
               end
            end
            known_keys(data, side, path, out)
         end
      end
   end
   return out
end

local check

local function check_value(text, schemas, where)
   local name = text:match("^=(.*)$")
   if name then return assert.is_truthy(schemas[name], where .. ": " .. text) end
   local kind, rest = text:match("^([%a][%w_-]*)%??(.*)$")
   assert.is_true(kinds[kind], where .. ": " .. text)
   if kind == "sid" then assert.matches("^ %u%u", rest) end
   if kind == "enum" or kind == "pattern" then assert.matches("^ .", rest) end
end

function check(schema, schemas, where)
   if type(schema) == "string" then return check_value(schema, schemas, where) end
   local kind, rest = schema[1]:match("^(%l+)%??(.*)$")
   if kind == "object" then
      for name in rest:gmatch("%S+") do assert.is_truthy(schema[name], where .. ": " .. name) end
   end
   if kind == "array" then assert.equal(2, #schema, where) end
   assert.is_true(kind == "object" or kind == "array" or kind == "one", where)
   for field, part in pairs(schema) do
      if field ~= 1 and part ~= false then check(part, schemas, where .. "." .. field) end
   end
end

describe("the schemas of requests", function()
   it("belong to operations and their parameters, a body to those that take JSON", function()
      local bodies, parameters = 0, 0
      each_file(function(data, content, file)
         local keys = known_keys(data, data, data.path, {})
         for key, request in pairs(content.requests) do
            for name, schema in pairs(request) do
               local where = ("%s %s %s"):format(file, key, name)
               local is_body = name == 1
               if is_body then assert.is_truthy(keys[key].op.body, where) else assert.is_truthy(keys[key].op.by_wire[name], where) end
               check(schema, content.schemas, where)
               if is_body then bodies = bodies + 1 else parameters = parameters + 1 end
            end
         end
      end)
      assert.same({ 108, 1056 }, { bodies, parameters })
   end)

   it("know a call's, but not what the data says already", function()
      local requests = require("twilio.sandbox.schema.api.api_v2010").requests
      local update = requests["POST /2010-04-01/Accounts/{}/Calls/{}.json"]
      assert.same({ "enum canceled|completed", "uri" }, { update.Status, update.Url })
      assert.is_nil(update.Twiml)
      assert.is_nil(update.TimeLimit)
      assert.is_nil(requests["GET /2010-04-01/Accounts/{}/Messages.json"])
   end)

   it("are open where the files close what the API leaves open", function()
      assert.is_nil(require("twilio.sandbox.schema.api.content_v1").schemas.twilioText[2])
      assert.equal("any", require("twilio.sandbox.schema.api.preview_iam_versionless").schemas.ScimPatchOperation.value)
      assert.matches("A%-Z", require("twilio.sandbox.schema.api.monitor_v1").requests["GET /v1/Events"].ActorSid)
   end)
end)

describe("the schemas of answers", function()
   it("belong to operations, nearly all of which have one", function()
      local with, without = 0, {}
      each_file(function(data, content, file)
         local keys = known_keys(data, data, data.path, {})
         for key in pairs(content.operations) do
            assert.is_table(keys[key], file .. " " .. key)
            with = with + 1
         end
         for key, known in pairs(keys) do
            if not content.operations[key] and known.method ~= "delete" then without[#without + 1] = key end
         end
      end)
      assert.equal(1366, with)
      table.sort(without)
      assert.same({ "POST /v2/Configurations/{}/Default", "POST /v3/RuleExecutions" }, without)
   end)

   it("speak the language of tools/openapi/schema_source.lua and refer to what is there", function()
      each_file(function(_, content, file)
         for key, schema in pairs(content.operations) do check(schema, content.schemas, file .. " " .. key) end
         for key, schema in pairs(content.schemas) do check(schema, content.schemas, file .. " " .. key) end
      end)
   end)

   it("know a message", function()
      local content = require "twilio.sandbox.schema.api.api_v2010"
      assert.equal("=api.v2010.account.message", content.operations["POST /2010-04-01/Accounts/{}/Messages.json"])
      local message = content.schemas["api.v2010.account.message"]
      assert.equal("sid? SM|MM", message.sid)
      assert.equal("rfc2822?", message.date_created)
      assert.matches("^enum queued|sending|", content.schemas[message.status:sub(2)])
   end)

   it("stay under 720 KB, those of requests and the facts about them included", function()
      local bytes = 0
      each_file(function(_, _, file)
         local handle = assert(io.open("sandbox/lua/twilio/sandbox/schema/api/" .. file .. ".lua", "rb"))
         bytes = bytes + #handle:read("*a")
         handle:close()
      end)
      assert.is_true(bytes < 720 * 1024, bytes)
   end)
end)
