-- sandbox/lua/twilio/sandbox/behaviour/studio/executions.lua, through the client.

local sandbox_client = require "support.sandbox_client"

local ACCOUNT, NUMBER, OTHER =
   sandbox_client.ACCOUNT, sandbox_client.NUMBER, sandbox_client.OTHER

-- A widget: its transitions are event -> next.
local function widget(name, kind, transitions, properties)
   local list = {}
   for event, to in pairs(transitions) do list[#list + 1] = { event = event, next = to } end
   return { name = name, type = kind, transitions = list, properties = properties or {} }
end

local function definition(...)
   return { description = "Test", states = { ... }, initial_state = "Trigger" }
end

describe("executions of a flow", function()
   local box, client, answer, asked

   before_each(function()
      asked = {}
      box, client = sandbox_client.new { webhook = function(request)
         asked[#asked + 1] = request
         return answer
      end }
   end)

   local function flow(given)
      return assert(client.studio.v2.flows:create {
         friendly_name = "Test", status = "published", definition = given,
      })
   end

   local function run(one, parameters)
      return assert(one.executions:create { to = OTHER, from = NUMBER, parameters = parameters })
   end

   -- The way of an execution: "Trigger>incomingRequest>send ..."
   local function way(execution)
      local parts = {}
      for _, step in ipairs(assert(execution.steps:list())) do
         table.insert(parts, 1,
            ("%s>%s>%s"):format(step.transitioned_from, step.name, step.transitioned_to))
      end
      return table.concat(parts, " ")
   end

   -- A number whose messages and calls the flow answers.
   local function number_of(one)
      local url = "https://webhooks.twilio.com/v1/Accounts/" .. ACCOUNT .. "/Flows/" .. one.sid
      assert(client.incoming_phone_numbers:create {
         phone_number = NUMBER, sms_url = url, voice_url = url,
      })
   end

   it("go from widget to widget, and end", function()
      local one = flow(definition(
         widget("Trigger", "trigger", { incomingRequest = "set" }),
         widget("set", "set-variables", { next = "send" },
            { variables = { { key = "name", value = "{{flow.data.name}}" } } }),
         widget("send", "send-message", { sent = nil },
            { from = "{{flow.channel.address}}", to = "{{contact.channel.address}}",
               body = "Hello {{flow.variables.name}}" })))
      local execution = run(one, { name = "Ann" })
      assert.equal("Trigger>incomingRequest>set set>next>send send>sent>Ended", way(execution))
      local ended = assert(execution:fetch())
      assert.same({ "ended", OTHER }, { ended.status, ended.contact_channel_address })
      local message = assert(client.messages:list { to = OTHER })[1]
      assert.same({ "Hello Ann", NUMBER }, { message.body, message.from })
      local context = assert(execution.execution_context():fetch()).context
      assert.equal("Ann", context.flow.variables.name)
      assert.equal(message.sid, context.widgets.send.outbound.Sid)
      local first = execution.steps:list()[3]
      assert.is_nil(assert(first.step_context():fetch()).context.flow.variables.name)
   end)

   it("split by conditions", function()
      local split = widget("split", "split-based-on", { noMatch = "no" })
      table.insert(split.transitions, { event = "match", next = "yes", conditions = { {
         type = "equal_to", value = "yes", friendly_name = "yes", arguments = { "{{flow.data.a}}" },
      } } })
      local one = flow(definition(
         widget("Trigger", "trigger", { incomingRequest = "split" }), split,
         widget("yes", "unknown", { done = nil }), widget("no", "unknown", {})))
      assert.matches("split>match>yes", way(run(one, { a = "YES" })))
      assert.matches("split>noMatch>no", way(run(one, { a = "x" })))
   end)

   it("ask programs", function()
      local one = flow(definition(widget("Trigger", "trigger", { incomingRequest = "ask" }),
         widget("ask", "make-http-request", { success = "send", failed = nil },
            { method = "POST", url = "http://app.example/price", parameters = {
               { key = "to", value = "{{contact.channel.address}}" },
            } }),
         widget("send", "send-message", {}, { body = "{{widgets.ask.parsed.price}} EUR" })))
      answer = { status = 200, headers = {}, body = '{"price": 5}' }
      run(one)
      assert.equal(OTHER, asked[1].params.to)
      assert.equal("5 EUR", client.messages:list()[1].body)
      answer = { status = 500, headers = {}, body = "" }
      assert.matches("ask>failed>Ended", way(run(one)))
   end)

   it("wait for a reply, and for no longer than they say", function()
      local one = flow(definition(
         widget("Trigger", "trigger", { incomingMessage = "ask", incomingRequest = "ask" }),
         widget("ask", "send-and-wait-for-reply", { incomingMessage = "thanks", timeout = "late" },
            { body = "Your name?", timeout = "60" }),
         widget("thanks", "send-message", {}, { body = "Hello {{widgets.ask.inbound.Body}}" }),
         widget("late", "send-message", {}, { body = "Too late" })))
      number_of(one)
      box:receive_message { from = OTHER, to = NUMBER, body = "Hi" }
      local execution = assert(one.executions:list())[1]
      assert.equal("active", execution.status)
      assert(box:load(box:dump()))
      box:receive_message { from = OTHER, to = NUMBER, body = "Ann" }
      assert.equal("Hello Ann", client.messages:list { to = OTHER }[1].body)
      assert.equal("ended", assert(execution:fetch()).status)
      local second = run(one)
      box:advance(60)
      assert.equal("Too late", client.messages:list { to = OTHER }[1].body)
      assert.equal("ended", assert(second:fetch()).status)
   end)

   it("talk with a caller", function()
      local split = widget("split", "split-based-on", { noMatch = "bye" })
      table.insert(split.transitions, { event = "match", next = "sales", conditions = { {
         type = "equal_to", value = "1", arguments = { "{{widgets.menu.Digits}}" },
      } } })
      local one = flow(definition(widget("Trigger", "trigger", { incomingCall = "menu" }),
         widget("menu", "gather-input-on-call", { keypress = "split", timeout = "bye" },
            { say = "Press 1 & wait", number_of_digits = 1 }), split,
         widget("sales", "say-play", { audioComplete = nil }, { say = "Sales" }),
         widget("bye", "say-play", {}, { say = "Bye" })))
      number_of(one)
      local result = box:receive_call { from = OTHER, to = NUMBER, digits = { "1" } }
      local said = {}
      for _, entry in ipairs(result.transcript) do
         if entry.verb == "Say" then said[#said + 1] = entry.text end
      end
      assert.equal("Sales", said[#said])
      local execution = assert(one.executions:list())[1]
      assert.equal("Trigger>incomingCall>menu menu>keypress>split split>match>sales "
         .. "sales>audioComplete>Ended", way(execution))
      box:receive_call { from = OTHER, to = NUMBER }
      assert.matches("menu>timeout>bye", way(one.executions:list()[1]))
   end)

   it("end when they are told to, and lead in a circle not for ever", function()
      local one = flow(definition(widget("Trigger", "trigger", { incomingRequest = "a" }),
         widget("a", "set-variables", { next = "b" }),
         widget("b", "set-variables", { next = "a" })))
      assert.equal("ended", assert(run(one):fetch()).status)
      local waits = flow(definition(widget("Trigger", "trigger", { incomingRequest = "ask" }),
         widget("ask", "send-and-wait-for-reply", { timeout = "late" }, { body = "?" }),
         widget("late", "send-message", {}, { body = "Too late" })))
      local execution = run(waits)
      assert.equal("ended", assert(execution:update { status = "ended" }).status)
      box:advance(7200)
      assert.equal("Trigger>incomingRequest>ask", way(execution))
   end)
end)
