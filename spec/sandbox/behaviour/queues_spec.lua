-- sandbox/lua/twilio/sandbox/behaviour/queues.lua: calls that wait in queues.

local sandbox_client = require "support.sandbox_client"

local SHOP, CUSTOMER, AGENT = sandbox_client.NUMBER, sandbox_client.OTHER, "+15558675399"

describe("queues", function()
   local box, client, pages, asked, after, dialled

   before_each(function()
      box, client, pages, asked = sandbox_client.shop()
      after = nil
      pages["/voice"] = "<Response><Enqueue action='/after' waitUrl='/wait'>support</Enqueue>"
         .. "<Say>Next</Say></Response>"
      pages["/wait"] = "<Response><Say>Please wait</Say><Play>music.mp3</Play></Response>"
      pages["/after"] = function(request)
         after = request.params
         return "<Response><Say>Goodbye</Say></Response>"
      end
      pages["/agent"] = function(request)
         dialled = request.params
         return "<Response/>"
      end
   end)

   local function caller(from, given)
      local all = { from = from or CUSTOMER, to = SHOP }
      for name, value in pairs(given or {}) do all[name] = value end
      return box:receive_call(all)
   end

   local function agent()
      return assert(client.calls:create { to = AGENT, from = SHOP, twiml = "<Response>"
         .. "<Dial action='http://app.example/agent'><Queue>support</Queue></Dial></Response>" })
   end

   local function transcript(sid) return sandbox_client.verbs(box:transcript(sid)) end

   it("hold calls, in their order, who hear a document meanwhile", function()
      local one, two = caller(), caller("+15558675312")
      assert.equal("in-progress", one.status)
      box:advance(20)
      local queue = assert(client.queues:list())[1]
      assert.same({ "support", 2, 100, 20 }, {
         queue.friendly_name, queue.current_size, queue.max_size, queue.average_wait_time,
      })
      local members = assert(client.queues(queue.sid).members:list())
      assert.equal(2, #members)
      local second = assert(client.queues(queue.sid).members(two.sid):fetch())
      assert.same({ two.sid, 2, 20 }, { second.call_sid, second.position, second.wait_time })
      assert.equal(one.sid, assert(client.queues(queue.sid).members("Front"):fetch()).call_sid)
      assert.equal("Enqueue Say Play", transcript(one.sid))
      local wait = asked[2]
      assert.same({ "http://app.example/wait", queue.sid, 1, 1 }, {
         wait.url, wait.params.QueueSid, wait.params.QueuePosition, wait.params.CurrentQueueSize,
      })
   end)

   it("give the first to who dials them, and go on when they have talked", function()
      local one = caller()
      box:advance(30)
      local made = agent()
      box:advance(3)
      assert.equal(0, #assert(client.queues(client.queues:list()[1].sid).members:list()))
      assert.equal("in-progress", assert(client.calls(one.sid):fetch()).status)
      assert.is_nil(after)
      box:advance(10)
      assert.same({ "bridged", 33 }, { after.QueueResult, after.QueueTime })
      assert.same({ "completed", one.sid, 10 },
         { dialled.DialCallStatus, dialled.DialCallSid, dialled.DialCallDuration })
      assert.equal("Enqueue Say Play Say", transcript(one.sid))
      box:advance(60)
      assert.equal("completed", assert(made:fetch()).status)
   end)

   it("let who dials an empty one wait", function()
      assert(client.queues:create { friendly_name = "support" })
      local made = agent()
      box:advance(10)
      assert.equal("", transcript(made.sid))
      local one = caller()
      assert.equal("Dial", transcript(made.sid))
      box:advance(10)
      assert.equal("bridged", after.QueueResult)
      assert.equal("Enqueue Say", transcript(one.sid):sub(1, 11))
      agent()
      box:advance(3 + 30)
      assert.equal("no-answer", dialled.DialCallStatus)
   end)

   it("lose a member whom the API sends elsewhere, or who leaves or hangs up", function()
      pages["/other"] = "<Response><Say>Elsewhere</Say></Response>"
      local one = caller()
      local queue = assert(client.queues:list())[1]
      assert.equal(one.sid, assert(client.queues(queue.sid).members(one.sid):update {
         url = "http://app.example/other",
      }).call_sid)
      assert.equal("redirected", after.QueueResult)
      assert.equal("Elsewhere", box:transcript(one.sid)[3].text)
      assert.equal(404, select(2, client.queues(queue.sid).members(one.sid):fetch()).status)

      pages["/wait"] = "<Response><Say>Please wait</Say><Leave/></Response>"
      caller()
      box:advance(10)
      assert.same({ "leave", 1 }, { after.QueueResult, after.QueueTime })

      pages["/wait"] = "<Response/>"
      local three = caller(nil, { duration = 25 })
      assert.same({ "hangup", 25, "completed" },
         { after.QueueResult, after.QueueTime, three.status })
      assert.equal(0, assert(client.queues(queue.sid):fetch()).current_size)
   end)

   it("take no more than they may", function()
      local queue = assert(client.queues:create { friendly_name = "support", max_size = 1 })
      caller()
      caller("+15558675312")
      assert.equal("queue-full", after.QueueResult)
      assert.equal(1, assert(queue:fetch()).current_size)
      assert.equal(22003, select(2, client.queues:create { friendly_name = "support" }).code)
   end)

   it("lose a call that gets new TwiML, and the agent goes on without it", function()
      local one, two = caller(), caller("+15558675312")
      assert(client.calls(one.sid):update { twiml = "<Response><Say>New</Say></Response>" })
      assert.equal("redirected", after.QueueResult)
      assert.equal("Enqueue Say Say", transcript(one.sid))
      agent()
      box:advance(5)
      assert(client.calls(two.sid):update { twiml = "<Response><Say>New</Say></Response>" })
      assert.equal("redirected-from-bridged", after.QueueResult)
      assert.same({ "completed", two.sid, 2 },
         { dialled.DialCallStatus, dialled.DialCallSid, dialled.DialCallDuration })
   end)

   it("end the agent's call with the member's", function()
      local one, made = caller(), agent()
      box:advance(5)
      assert(client.calls(one.sid):update { status = "completed" })
      assert.equal("bridged", after.QueueResult)
      box:advance(5)
      assert.equal("completed", assert(made:fetch()).status)
   end)
end)
