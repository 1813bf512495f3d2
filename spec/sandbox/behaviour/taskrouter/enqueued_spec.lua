-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/enqueued.lua: calls that <Enqueue workflowSid>
-- sends to a workflow.

local contact_centre = require "support.contact_centre"
local json = require "twilio.json"
local sandbox = require "twilio.sandbox"
local sandbox_client = require "support.sandbox_client"

local NUMBER, CUSTOMER, AGENT = sandbox_client.NUMBER, sandbox_client.OTHER, "+15558675399"
local DEQUEUE = '{"instruction":"dequeue","from":"' .. NUMBER .. '"}'

describe("a call that is enqueued for a workflow", function()
   local centre, ended

   local function enqueue(workflow_sid)
      centre.pages["/voice"] = ('<Response><Enqueue action="/ended" workflowSid="%s">'
         .. '<Task priority="7" timeout="600">{"language":"es"}</Task></Enqueue></Response>')
         :format(workflow_sid)
   end

   before_each(function()
      centre = contact_centre.simple()
      ended = nil
      enqueue(centre.flow.sid)
      centre.pages["/ended"] = function(request)
         ended = request.params
         return "<Response/>"
      end
      assert(centre.client.incoming_phone_numbers:create {
         phone_number = NUMBER, voice_url = "http://app.example/voice",
      })
   end)

   local function call_in(from)
      return centre.box:receive_call { from = from or CUSTOMER, to = NUMBER }
   end

   local function only_task() return assert(centre.space.tasks:list())[1] end

   it("makes a task of what <Task> says and of the call", function()
      local call = call_in()
      local task = only_task()
      local own = assert(json.decode(task.attributes))
      assert.same({ "es", call.sid, CUSTOMER, NUMBER, "inbound" },
         { own.language, own.call_sid, own.from, own.to, own.direction })
      assert.same({ 7, 600, "voice", centre.flow.sid, "pending" }, {
         task.priority, task.timeout, task.task_channel_unique_name, task.workflow_sid,
         task.assignment_status,
      })
      assert.equal("in-progress", call.status)
   end)

   it("meets the worker who is called for it, and nobody else", function()
      centre.answers = { DEQUEUE, DEQUEUE }
      call_in "+15558675312"
      local second = call_in()
      local first_task = assert(centre.space.tasks:list())
      -- The second caller's task is the worker's: the first one waits on.
      for _, task in ipairs(first_task) do
         if not task.attributes:find(second.sid, 1, true) then
            assert(task:update { assignment_status = "canceled", reason = "test" })
         end
      end
      centre:worker("Ann", { contact_uri = AGENT })
      centre.box:advance(6)
      local task
      for _, one in ipairs(assert(centre.space.tasks:list())) do
         if one.attributes:find(second.sid, 1, true) then task = one end
      end
      assert.equal("assigned: Ann accepted", centre:story(task))
      local queue = assert(centre.client.queues:list())[1]
      local members = assert(centre.client.queues(queue.sid).members:list())
      assert.equal(1, #members)
      assert.is_not.equal(second.sid, members[1].call_sid)
      centre.box:advance(3600)
      assert.equal("completed: Ann completed", centre:story(task))
      assert.equal("bridged", ended.QueueResult)
   end)

   it("ends its task when the caller hangs up before a worker has come", function()
      local call = call_in()
      assert(centre.client.calls(call.sid):update { status = "completed" })
      local task = only_task()
      assert.same({ "canceled", "hangup" }, { task.assignment_status, task.reason })
      assert.equal("hangup", ended.QueueResult)
   end)

   it("goes on after a dump and a load", function()
      call_in()
      local other = sandbox.new { webhook = function() return "<Response/>" end }
      assert.is_true(other:load(centre.box:dump()))
      assert.equal(other:dump(), centre.box:dump())
   end)

   it("waits without a task where there is no such workflow", function()
      enqueue("WW" .. ("0"):rep(32))
      assert.equal("in-progress", call_in().status)
      assert.same({}, assert(centre.space.tasks:list()))
   end)
end)
