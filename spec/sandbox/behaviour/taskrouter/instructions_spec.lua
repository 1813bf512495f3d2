-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/instructions.lua, through the client: the
-- assignment callback and what its answer does.

local contact_centre = require "support.contact_centre"
local json = require "twilio.json"
local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("an assignment callback", function()
   local centre, ann

   before_each(function()
      centre = contact_centre.simple()
      ann = centre:worker("Ann", { contact_uri = OTHER })
   end)

   local function ask(answer, attributes)
      centre.answers = { type(answer) == "table" and json.encode(answer) or answer }
      return centre:task(attributes)
   end

   it("tells all about the task, the worker and the reservation", function()
      local task = ask({}, { kind = "sale" })
      local request = centre.asked[#centre.asked]
      assert.equal("http://app.example/assign", request.url)
      local given = request.params
      assert.same({
         sandbox_client.ACCOUNT, centre.space.sid, centre.flow.sid, centre.everybody.sid, task.sid,
         '{"kind":"sale"}', ann.sid, "Ann", task.reservations:list()[1].sid, "default",
      }, {
         given.AccountSid, given.WorkspaceSid, given.WorkflowSid, given.TaskQueueSid, given.TaskSid,
         given.TaskAttributes, given.WorkerSid, given.WorkerName, given.ReservationSid,
         given.TaskChannelUniqueName,
      })
      assert.equal('{"contact_uri":"+15558675310"}', given.WorkerAttributes)
      assert.equal("reserved: Ann pending", centre:story(task))
   end)

   it("accepts and rejects", function()
      assert.equal("assigned: Ann accepted", centre:story(ask { instruction = "accept" }))
      centre:worker "Bob"
      local task = ask { instruction = "reject", activity_sid = centre.offline }
      assert.equal("pending: Bob rejected", centre:story(task))
   end)

   it("changes nothing by an answer that is no instruction", function()
      for _, answer in ipairs {
         "nonsense", "[]", '{"instruction": "dance"}', '{"instruction": 7}',
      } do
         local task = ask(answer)
         assert.equal("reserved: Ann pending", centre:story(task))
         assert(task:delete())
      end
   end)

   it("is asked at its fallback when the first one fails", function()
      assert(centre.flow:update {
         fallback_assignment_callback_url = "http://app.example/assign/spare",
      })
      centre.answers = {
         function() return { status = 500, headers = {}, body = "" } end,
         '{"instruction":"accept"}',
      }
      local task = centre:task()
      assert.equal("assigned: Ann accepted", centre:story(task))
      assert.equal("http://app.example/assign/spare", centre.asked[#centre.asked].url)
   end)

   it("may use the API by itself", function()
      local task = ask(function(request)
         local given = request.params
         assert(centre.space.tasks(given.TaskSid).reservations(given.ReservationSid):update {
            reservation_status = "accepted",
         })
         return "{}"
      end)
      assert.equal("assigned: Ann accepted", centre:story(task))
   end)

   it("has the worker called, and accepts when he answers", function()
      local task = ask({
         instruction = "dequeue", from = NUMBER, post_work_activity_sid = centre.unavailable,
      }, { call_sid = "CA" .. ("1"):rep(32) })
      local call = assert(centre.client.calls:list())[1]
      assert.same({ OTHER, NUMBER }, { call.to, call.from })
      assert.equal("reserved: Ann pending", centre:story(task))
      centre.box:advance(5)
      assert.equal("assigned: Ann accepted", centre:story(task))
      assert(call:update { status = "completed" })
      centre.box:advance(2)
      assert.equal("completed: Ann completed", centre:story(task))
      assert.equal("Unavailable", assert(ann:fetch()).activity_name)
   end)

   it("rejects when the worker's phone is busy, or he has none", function()
      centre.box:configure { outcomes = { [OTHER] = "busy" } }
      local task = ask { instruction = "dequeue", from = NUMBER }
      centre.box:advance(5)
      assert.equal("pending: Ann rejected", centre:story(task))
      assert(task:delete())
      assert(ann:update { attributes = {} })
      assert.equal("pending: Ann rejected", centre:story(ask { instruction = "dequeue" }))
   end)

   it("has the worker called with a document of the program", function()
      local task = ask {
         instruction = "call", url = "http://app.example/agent", from = NUMBER, accept = true,
      }
      centre.box:advance(5)
      assert.equal("http://app.example/agent", centre.asked[#centre.asked].url)
      assert.matches("Ann accepted", centre:story(task))
   end)

   it("makes a conference of worker and caller", function()
      local caller = "CA" .. ("1"):rep(32)
      local task = ask({ instruction = "conference", from = NUMBER }, { call_sid = caller })
      local conference = assert(centre.client.conferences(task.sid):fetch())
      local own = json.decode(assert(task:fetch()).attributes).conference
      assert.same({ conference.sid, caller }, { own.sid, own.participants.customer })
      assert.equal(2, #assert(conference.participants:list()))
      centre.box:advance(5)
      assert.equal("assigned: Ann accepted", centre:story(task))
      assert.equal("in-progress", assert(conference:fetch()).status)
   end)

   it("leads the caller's call to another document", function()
      local call = assert(centre.client.calls:create {
         to = "+15558675311", from = NUMBER, twiml = "<Response><Pause length='600'/></Response>",
      })
      centre.box:advance(5)
      local task = ask({ instruction = "redirect", url = "http://app.example/next", accept = true },
         { call_sid = call.sid })
      assert.equal("http://app.example/next", centre.asked[#centre.asked].url)
      assert.equal("assigned: Ann accepted", centre:story(task))
   end)
end)
