-- lua/twilio/resource/describe.lua: help at run time.

local fake = require "support.fake"
local model = require "twilio.call.model"
local place = require "twilio.call.place"
local raised = require "support.raised"
local schema = require "twilio.call.schema"
local twilio = require "twilio"

local function by_name(list)
   local out = {}
   for _, one in ipairs(list) do out[one.name] = one end
   return out
end

describe("twilio.describe", function()
   it("tells what a call takes", function()
      local one = twilio.describe "messages:create"
      assert.same({
         "operation", "messages:create", "client.messages:create", "POST",
         "https://api.twilio.com/2010-04-01/Accounts/{Sid}/Messages.json",
         "/2010-04-01/Accounts/{Sid}/Messages.json", "record",
      }, { one.kind, one.name, one.call, one.verb, one.url, one.path, one.gives })
      local parameters = by_name(one.parameters)
      assert.same({ name = "to", wire = "To", place = "form", type = "text", required = true },
         parameters.to)
      assert.same({
         name = "schedule_type", wire = "ScheduleType", place = "form", type = "enum",
         values = { "fixed" },
      }, parameters.schedule_type)
      assert.same({ "URL", true }, { parameters.media_url.type, parameters.media_url.array })
      assert.same({ "SID", "MG" },
         { parameters.messaging_service_sid.type, parameters.messaging_service_sid.sid })
      assert.equal("date-time", parameters.send_at.type)
      assert.same(
         { { "from", "messaging_service_sid" }, { "body", "media_url", "content_sid" } },
         one.any_of)
      assert.equal("https://www.twilio.com/docs/messaging/api/message-resource", one.documentation)
   end)

   it("tells the values that the files name in words, as some of those that may be", function()
      local event = by_name(twilio.describe("calls:create").parameters).status_callback_event
      assert.same(
         { "initiated", "ringing", "answered", "completed" }, event.values)
      assert.same({ true, true, "text" }, { event.others, event.array, event.type })
   end)

   it("tells what an answer holds", function()
      local fields = by_name(twilio.describe("messages:fetch").fields)
      assert.equal("enum", fields.status.type)
      assert.equal("delivered", fields.status.values[5])
      assert.same({ name = "sid", type = "SID", sid = "SM|MM", nullable = true }, fields.sid)
      assert.equal("SM|MM", twilio.describe("messages:fetch").fields.sid.sid) -- by name, too
      assert.is_true(twilio.describe("messages:create").parameters.to.required)
      assert.equal("text", twilio.describe("memory.v1.profiles(id):list").plain)
      local items = twilio.describe("messages:list")
      assert.equal("enum", by_name(items.fields).status.type)
      assert.same({ style = "uri", key = "messages", largest = 1000 }, items.paging)
   end)

   it("tells the members of JSON bodies, in the spelling that calls take", function()
      local one = twilio.describe "intelligence.v3.configurations:create"
      local parameters = by_name(one.parameters)
      assert.same({ "displayName", "body", true, 1, 128 }, {
         parameters.display_name.wire, parameters.display_name.place,
         parameters.display_name.required, parameters.display_name.minimum,
         parameters.display_name.maximum,
      })
      local rules = parameters.rules
      assert.same({ "object", true }, { rules.type, rules.array })
      local operators = by_name(rules.members).operators
      assert.equal("integer", by_name(operators.members).version.type)
      local headers = by_name(twilio.describe("memory.v1.stores(id):patch").parameters)
      assert.equal("header", headers.if_match.place)
   end)

   it("tells what the library itself takes", function()
      local names = by_name(twilio.describe("messages:list").parameters)
      assert.is_table(names.limit and names.page_size)
      names = by_name(twilio.describe("messages:page").parameters)
      assert.is_nil(names.limit)
      assert.is_table(names.page_token)
      assert.equal("iterator", twilio.describe("messages:each").gives)
      assert.equal("url", twilio.describe("messages:page_at").parameters[1].name)
      assert.equal("done", twilio.describe("messages(sid):wait_until").parameters[1].name)
      -- It fetches without arguments.
      local cost = twilio.describe "messaging.v3.message_cost_estimate"
      assert.is_nil(cost.list.operations.wait_until or (cost.instance or cost.list).operations.wait_until)
      assert.equal("sink", twilio.describe("recordings(sid):download").parameters[1].name)
      assert.equal("true", twilio.describe("messages(sid):delete").gives)
      local parameters = twilio.describe("calls(sid).siprec:create").parameters
      local numbered = by_name(parameters).parameter1_name
      assert.equal(99, numbered.up_to)
      assert.is_nil(by_name(parameters).parameter2_name)
   end)

   it("tells what a resource has", function()
      local one = twilio.describe "messages"
      assert.same({ "resource", "messages", "SM" }, { one.kind, one.name, one.sid })
      assert.same({ "create", "list", "each", "page", "page_at" }, one.list.methods)
      assert.same({ "fetch", "update", "delete", "wait_until" }, one.instance.methods)
      assert.same({ "client.messages(sid).feedback", "client.messages(sid).media" }, one.resources)
      assert.equal("messages(sid):fetch", one.operations.fetch.name)
      assert.is_table(by_name(one.fields).status)
   end)

   it("tells what products and the client have", function()
      local verify = twilio.describe "verify"
      assert.same({ "product", "v2" }, { verify.kind, verify.default })
      assert.equal("version", twilio.describe("verify.v2").kind)
      local client = twilio.describe()
      assert.equal("client", client.kind)
      assert.same(model.domains(), client.products)
      assert.equal("client", twilio.describe("client").kind)
   end)

   it("raises at the caller's line for what there isn't", function()
      local text = raised(function() twilio.describe "mesages" end)
      assert.equal("twilio.describe: unknown resource 'mesages' (did you mean 'messages'?)", text)
      local _, whole = pcall(function() twilio.describe "mesages" end)
      assert.matches("^spec/resource/describe_spec.lua:%d+: twilio%.describe", whole)
      assert.matches("client.balance has no method 'create' %(it has: fetch, wait_until%)",
         raised(function() twilio.describe "balance:create" end))
      assert.matches("plain table", raised(function() twilio.describe {} end))
      assert.matches("got a number", raised(function() twilio.describe(42) end))
      assert.matches("isn't a method", raised(function() twilio.describe(print) end))
      assert.matches("use a dot", raised(function() twilio:describe "messages" end))
   end)
end)

describe("the method describe", function()
   -- Answers with one message and one page.
   local client, transport = fake.client()

   it("is that of lists, instances and methods", function()
      assert.equal("client.messages", client.messages:describe().label)
      assert.equal("client.messages(sid)", client.messages("SM1"):describe().label)
      assert.equal("client.messages:create", client.messages:describe("create").call)
      assert.equal("client.messages(sid):update", client.messages("SM1"):describe("update").call)
      assert.equal("client.messages:create", twilio.describe(client.messages.create).call)
      local update = client.messages("SM1").update
      assert.equal("client.messages(sid):update", twilio.describe(update).call)
      assert.equal("client.numbers.v1.embedded_sessions(bundle_sid)",
         client.numbers.v1.embedded_sessions:describe().label)
      assert.equal("resource", twilio.describe(client.messages).kind)
      assert.matches("unknown method 'crate'",
         raised(function() client.messages:describe "crate" end))
      assert.matches("call it with a colon", raised(function() client.messages.describe() end))
      assert.equal(0, #transport.requests)
   end)

   it("is that of the client, products and versions", function()
      assert.equal("client", client:describe().kind)
      assert.equal("client.calls:create", client:describe("calls:create").call)
      assert.equal("product", client.verify:describe().kind)
      assert.equal("verify.v2", client.verify.v2:describe().name)
      assert.equal("client", twilio.describe(client).kind)
      assert.equal("product", twilio.describe(client.verify).kind)
   end)

   it("is that of records, whatever they have of their own", function()
      local resource = require "twilio.resource"
      local record = resource.wrap(client.messages, { sid = "SM1" })
      assert.equal("client.messages(sid)", record:describe().label)
      assert.equal("client.messages(sid):delete", twilio.describe(record, "delete").call)
      assert.equal("mine", resource.wrap(client.messages, { describe = "mine" }).describe)
      -- one whose resource has no instances
      local feedback = resource.wrap(client.messages("SM1").feedback, { message_sid = "SM1" })
      assert.equal("client.messages(sid).feedback()", feedback:describe().label)
      assert.equal(0, #transport.requests)
   end)

   it("needs no credentials, also of a client that is closed", function()
      local other = fake.client()
      local list = other.messages
      other:close()
      assert.equal("client.messages", list:describe().label)
      assert.equal("client", other:describe().kind)
   end)

   -- A sub-resource of that name would win, and this spec tells that the help is hidden.
   it("is the name of nothing in the API", function()
      local places = 0
      local function visit(above)
         assert.is_nil(model.node(above, "describe"))
         places = places + 1
         for _, node in pairs(model.nodes(above)) do
            for _, side in ipairs { "list", "item" } do
               if node[side] then
                  assert.is_nil(node[side].describe)
                  visit(node[side])
               end
            end
         end
      end
      for _, domain in ipairs(model.domains()) do
         for _, version in ipairs(place.version_names(domain)) do
            local at = place.version(domain, version)
            visit(at.data)
            for _, key in ipairs(schema.operations(at.file)) do
               assert.is_nil(schema.property(schema.of_response(at.file, key), "describe"))
            end
         end
      end
      assert.is_true(places > 900)
   end)
end)

describe("every operation of the API", function()
   it("can be described, with every parameter of its own, and as a page", function()
      local operations, parameters = 0, 0
      local function check(one, at, side)
         local op = model.operation(at.node[side], one.method)
         local known = by_name(one.parameters)
         for _, parameter in ipairs(op.parameters) do
            local numbered = parameter.name:gsub("^(parameter)%d+_", "%11_")
            assert.is_table(known[parameter.name] or known[numbered], one.name)
            parameters = parameters + 1
         end
         assert.is_true(#tostring(one) > 100)
         assert.equal(one.call, twilio.describe(one.name).call)
         assert.matches("^https://www%.twilio%.com/docs/", one.documentation)
         operations = operations + 1
      end
      local function visit(above, from)
         local parent = above.node and above.node[from] or above.data
         for name in pairs(parent.nodes or {}) do
            local at = place.child(above, name, from)
            local whole = twilio.describe(place.name(at, at.node.list and "list" or "item"))
            assert.is_true(#tostring(whole) > 50)
            for _, side in ipairs { "list", "item" } do
               local of = side == "item" and whole.instance or whole[side]
               for method, one in pairs(of and of.operations or {}) do
                  if at.node[side][method] then check(one, at, side) end
               end
               if at.node[side] then visit(at, side) end
            end
         end
      end
      for _, domain in ipairs(model.domains()) do
         assert.is_true(#tostring(twilio.describe(domain)) > 50)
         for _, version in ipairs(place.version_names(domain)) do
            assert.is_true(#tostring(twilio.describe(domain .. "." .. version)) > 50)
            visit(place.version(domain, version))
         end
      end
      assert.equal(1592, operations)
      assert.is_true(parameters > 4900, parameters)
   end)
end)
