-- lua/twilio/schema: what answers look like and what requests may say. The conformance driver
-- checks that the sandbox's answers, which are made from them, satisfy the OpenAPI files, and that
-- what these forbid is refused; this spec checks that they belong to the API's operations and can be
-- read.

local model = require "twilio.call.model"
local schema = require "twilio.call.schema"

local kinds = {}
for kind in ([[string integer number boolean date date-time rfc2822 uri phone-number email duration
   iso-country-code http-method currency sid pattern enum uri-map object any Sid Proc_JobTtid array
   one]]):gmatch "%S+" do kinds[kind] = true end

local function each_file(visit)
   for _, domain in ipairs(model.domains()) do
      for version, file in pairs(model.domain(domain)) do
         if version ~= 1 then visit(require("twilio.api." .. file), file) end
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
               local is_fact = method == 1 or method == "args" or method == "nodes"
               local verb = not is_fact and text:match("^%u+")
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


-- Visits a schema and all below it, once. @return (integer) how many
local function check(of, where, seen)
   if not of or seen[of] then return 0 end
   seen[of] = true
   assert.is_true(kinds[of.kind], where .. ": " .. tostring(of.kind))
   if of.kind == "sid" then assert.matches("^%u%u", of.prefixes, where) end
   if of.kind == "enum" then assert.is_true(#of.list > 0 and of.values[of.first], where) end
   if of.kind == "pattern" then assert.is_true(#of.pattern > 0, where) end
   if of.kind == "array" then assert.is_table(of.items, where) end
   local count = 1 + check(of.items, where .. "[]", seen) + check(of.extra, where .. ".*", seen)
   for i, choice in ipairs(of.choices or {}) do
      count = count + check(choice, ("%s(%d)"):format(where, i), seen)
   end
   for _, property in ipairs(of.properties or {}) do
      count = count + check(property.schema, where .. "." .. property.name, seen)
   end
   return count
end

describe("the schemas of requests", function()
   it("belong to operations and their parameters, a body to those that take JSON", function()
      local bodies, parameters = 0, 0
      each_file(function(data, file)
         local keys = known_keys(data, data, data.path, {})
         for _, key in ipairs(schema.operations(file)) do
            local request = schema.of_request(file, key)
            if request.body then
               assert.is_truthy(keys[key].op.body, file .. " " .. key)
               check(request.body, file .. " " .. key, {})
               bodies = bodies + 1
            end
            for name, of in pairs(request.parameters) do
               local where = ("%s %s %s"):format(file, key, name)
               assert.is_truthy(keys[key].op.by_wire[name], where)
               check(of, where, {})
               parameters = parameters + 1
            end
         end
      end)
      assert.same({ 108, 1153 }, { bodies, parameters })
   end)

   it("know a call's, but not what the data says already", function()
      local key = "POST /2010-04-01/Accounts/{}/Calls/{}.json"
      local update = schema.of_request("api_v2010", key).parameters
      assert.same({ "canceled", "completed" }, update.Status.list)
      assert.equal("uri", update.Url.kind)
      assert.is_nil(update.Twiml)
      assert.is_nil(update.TimeLimit)
      local messages = schema.of_request("api_v2010", "GET /2010-04-01/Accounts/{}/Messages.json")
      assert.same({}, messages.parameters)
   end)

   it("are open where the files close what the API leaves open", function()
      local events = schema.of_request("monitor_v1", "GET /v1/Events").parameters
      assert.matches("A%-Z", events.ActorSid.pattern)
   end)
end)

describe("the schemas of answers", function()
   it("belong to operations, nearly all of which have one, and can be read", function()
      local with, without, schemas = 0, {}, 0
      each_file(function(data, file)
         local keys = known_keys(data, data, data.path, {})
         for _, key in ipairs(schema.operations(file)) do
            assert.is_table(keys[key], file .. " " .. key)
         end
         local seen = {}
         for key, known in pairs(keys) do
            local answer = schema.of_response(file, key)
            if answer then
               with = with + 1
               schemas = schemas + check(answer, file .. " " .. key, seen)
            elseif known.method ~= "delete" then
               without[#without + 1] = key
            end
         end
      end)
      assert.equal(1366, with)
      table.sort(without)
      assert.same({ "POST /v2/Configurations/{}/Default", "POST /v3/RuleExecutions" }, without)
      assert.is_true(schemas > 9000, schemas)
   end)

   it("know a message", function()
      local message = schema.of_response("api_v2010", "POST /2010-04-01/Accounts/{}/Messages.json")
      local sid = schema.property(message, "sid").schema
      assert.same({ "sid", "SM|MM", true }, { sid.kind, sid.prefixes, sid.nullable })
      assert.equal("rfc2822", schema.property(message, "date_created").schema.kind)
      assert.equal("queued", schema.property(message, "status").schema.first)
   end)
end)
