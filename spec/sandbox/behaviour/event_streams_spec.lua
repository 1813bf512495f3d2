-- sandbox/lua/twilio/sandbox/behaviour/event_streams.lua: events that are sent to webhooks as JSON.

local sandbox_client = require "support.sandbox_client"
local twilio = require "twilio"

local SHOP, CUSTOMER = sandbox_client.NUMBER, sandbox_client.OTHER
local MESSAGE = "com.twilio.messaging.message."

describe("event streams", function()
   local box, client, pages, events, verifier

   before_each(function()
      box, client, pages = sandbox_client.shop()
      verifier, events = twilio.webhook { auth_token = sandbox_client.TOKEN }, {}
      pages["/events"] = function(request)
         local list = assert(verifier:verify {
            method = request.method, url = request.url, headers = request.headers,
            body = request.body,
         })
         for _, event in ipairs(list) do events[#events + 1] = event end
         return { status = 200, headers = {}, body = "" }
      end
      pages["/sms"], pages["/status"] = "<Response/>", "<Response/>"
   end)

   local function subscribe(types, url)
      local sink = assert(client.events.v1.sinks:create {
         description = "Events", sink_type = "webhook", sink_configuration = {
            destination = url or "http://app.example/events", method = "POST",
            batch_events = false,
         },
      })
      for i, name in ipairs(types) do types[i] = { type = name, schema_version = 1 } end
      local subscription = assert(client.events.v1.subscriptions:create {
         description = "All", sink_sid = sink.sid, types = types,
      })
      return sink, subscription
   end

   local function types()
      local out = {}
      for i, event in ipairs(events) do out[i] = event.type end
      return out
   end

   it("tell of messages, signed by the body's hash", function()
      subscribe { MESSAGE .. "sent", MESSAGE .. "delivered",
         "com.twilio.messaging.inbound-message.received" }
      local message = assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "x" })
      box:advance(5)
      box:receive_message { from = CUSTOMER, to = SHOP, body = "Hi" }
      assert.same({ MESSAGE .. "sent", MESSAGE .. "delivered",
         "com.twilio.messaging.inbound-message.received" }, types())
      local event = events[2]
      assert.same({ "1.0", "application/json" }, { event.specversion, event.datacontenttype })
      assert.same({ message.sid, "DELIVERED", SHOP, CUSTOMER, 1 }, {
         event.data.messageSid, event.data.messageStatus, event.data.from, event.data.to,
         event.data.numberOfSegments,
      })
      assert.equal("Hi", events[3].data.body)
   end)

   it("tell of calls and of errors", function()
      subscribe { "com.twilio.voice.status-callback.call.initiated",
         "com.twilio.voice.status-callback.call.completed",
         "com.twilio.error-logs.error.logged" }
      local call = assert(client.calls:create {
         to = CUSTOMER, from = SHOP, twiml = "<Response/>",
         status_callback = "http://app.example/status",
         status_callback_event = { "initiated", "completed" },
      })
      box:advance(10)
      assert.same({ "com.twilio.voice.status-callback.call.initiated",
         "com.twilio.voice.status-callback.call.completed" }, types())
      assert.equal(call.sid, events[2].data.sid)
      pages["/sms"] = nil
      box:receive_message { from = CUSTOMER, to = SHOP, body = "Hi" }
      assert.same({ "11200", "ERROR" }, { events[3].data.error_code, events[3].data.level })
   end)

   it("tell only what was subscribed to", function()
      local _, subscription = subscribe { MESSAGE .. "sent" }
      local function send()
         assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "x" })
         box:advance(5)
      end
      send()
      assert.same({ MESSAGE .. "sent" }, types())
      assert(subscription.subscribed_events:create { type = MESSAGE .. "delivered" })
      assert.equal(2, #assert(subscription.subscribed_events:list()))
      assert(subscription.subscribed_events(MESSAGE .. "sent"):delete())
      send()
      assert.same({ MESSAGE .. "sent", MESSAGE .. "delivered" }, types())
      assert(subscription:delete())
      send()
      assert.equal(2, #events)
   end)

   it("don't tell of their own failures", function()
      subscribe({ "com.twilio.error-logs.error.logged" }, "http://app.example/nowhere")
      box:receive_message { from = CUSTOMER, to = SHOP, body = "Hi", url = "http://app.example/none" }
      local codes = {}
      for i, alert in ipairs(assert(client.monitor.v1.alerts:list())) do
         codes[i] = alert.error_code
      end
      assert.same({ "11200", "11200" }, codes)
   end)

   it("have sinks that are tested and validated", function()
      local sink = subscribe { MESSAGE .. "sent" }
      assert.equal("submitted", assert(sink.sink_test:create {}).result)
      local id = events[1].data.test_id
      assert.equal("invalid", assert(sink.sink_validate:create { test_id = "other" }).result)
      assert.equal("valid", assert(sink.sink_validate:create { test_id = id }).result)
      assert.equal("active", assert(client.events.v1.sinks(sink.sid):fetch()).status)
   end)

   it("go nowhere without a sink that has a URL", function()
      local subscription = "https://events.twilio.com/v1/Subscriptions/DF"
      for i, fields in ipairs {
         {}, { sink_sid = "DG" .. ("0"):rep(32) }, { sink_sid = "DG" .. ("1"):rep(32) },
      } do
         local url = subscription .. tostring(i):rep(32)
         box:add(url, fields)
         box:add(url .. "/SubscribedEvents/" .. MESSAGE .. "sent", { type = MESSAGE .. "sent" })
      end
      box:add("https://events.twilio.com/v1/Sinks/DG" .. ("1"):rep(32),
         { sink_type = "webhook", sink_configuration = "nonsense" })
      assert(client.messages:create { to = CUSTOMER, from = SHOP, body = "x" })
      box:advance(5)
      assert.same({}, box:webhooks())
   end)
end)
