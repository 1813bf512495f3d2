-- Numbers of requests and documents led the clock beyond the year 9999, and shapes that nobody expects
-- (a number in the place of a text) reached the records or raised: a dump couldn't be made, or not be
-- loaded again. Times are bounded where they come in, and what can't be reached isn't planned.

local contact_centre = require "support.contact_centre"
local json = require "twilio.json"

local BIG = 1000000000000000

describe("a dump of the sandbox can be loaded, whatever", function()
   local centre

   before_each(function() centre = contact_centre.simple() end)

   after_each(function()
      local ok, message = centre.box:load(centre.box:dump())
      assert.is_true(ok, message)
   end)

   it("times TaskRouter is given", function()
      for parameter, call in pairs {
         Timeout = function() return centre.space.tasks:create { timeout = BIG } end,
         TaskReservationTimeout = function()
            return centre.flow:update { task_reservation_timeout = BIG }
         end,
         Attributes = function() return centre.space.tasks:create { Attributes = '{"a":1e999}' } end,
         Configuration = function()
            return centre.flow:update { Configuration = json.encode { task_routing = {
               default_filter = { queue = centre.everybody.sid, priority = "1e999" },
            } } }
         end,
      } do
         local _, err = call()
         assert.matches("Parameter " .. parameter, err.message)
      end
   end)

   it("times Sync and Conversations are given", function()
      local sync = assert(centre.client.sync.v1.services:create {})
      assert.matches("Parameter Ttl", select(2, sync.documents:create { ttl = BIG }).message)
      local list = assert(sync.sync_lists:create {})
      local _, err = list.sync_list_items:create { data = {}, collection_ttl = BIG }
      assert.matches("Parameter CollectionTtl", err.message)
      _, err = centre.client.conversations.v1.conversations:create {
         timers_closed = "PT999999999999999S",
      }
      assert.matches("Parameter Timers.Closed", err.message)
   end)

   it("an assignment callback answers", function()
      local ann = centre:worker("Ann", { contact_uri = "+15558675310" })
      for _, answer in ipairs {
         '{"instruction":"dequeue","to":5}', '{"instruction":"dequeue","from":{}}',
         '{"instruction":"call","url":5}', '{"instruction":"call","url":"nonsense","accept":5}',
         '{"instruction":"redirect","call_sid":{}}', '{"instruction":"reject","activity_sid":5}',
         '{"instruction":["accept"]}', '{"instruction":"conference","from":[]}',
      } do
         centre.answers = { answer }
         local task = centre:task()
         centre.box:advance(10)
         assert.is_true(task:delete())
         assert(ann:update { activity_sid = centre.unavailable })
         assert(ann:update { activity_sid = centre.available })
      end
      centre.box:advance(300)
   end)

   it("a flow is made of", function()
      local function trigger(to)
         return {
            name = "Trigger", type = "trigger",
            transitions = { { event = "incomingRequest", next = to } },
         }
      end
      local function widget(kind, more)
         more.name, more.type = "a", kind
         return { states = { trigger "a", more } }
      end
      for _, definition in ipairs {
         { states = 5 }, { states = { 5, { name = 5, transitions = { 5 } } }, initial_state = {} },
         { states = { trigger {} } },
         widget({}, { transitions = { { event = {}, next = {} } } }),
         widget("set-variables", { properties = { variables = { 5 } } }),
         widget("split-based-on", { transitions = { { conditions = { 5, { type = {} } } } } }),
         widget("make-http-request",
            { properties = { url = {}, method = {}, parameters = { 5 } } }),
         widget("send-and-wait-for-reply", { properties = { body = {}, timeout = "1e15" } }),
      } do
         local flow = assert(centre.client.studio.v2.flows:create {
            friendly_name = "x", status = "published", definition = definition,
         })
         assert(flow.executions:create { to = "+15558675310", from = "+14155552344" })
      end
   end)
end)
