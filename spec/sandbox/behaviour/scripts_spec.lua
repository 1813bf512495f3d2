-- sandbox/lua/twilio/sandbox/behaviour/scripts.lua: what the other side of a call does.

local sandbox = require "twilio.sandbox"
local sandbox_client = require "support.sandbox_client"
local scripts = require "twilio.sandbox.behaviour.scripts"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER

describe("outcomes of numbers", function()
   local menu = "http://app.example/menu"

   local function application(request)
      if request.params.SpeechResult then
         return "<Response><Say>" .. request.params.SpeechResult .. "</Say></Response>"
      end
      if request.params.Digits then
         return "<Response><Gather input='speech' action='/menu'/></Response>"
      end
      return "<Response><Gather numDigits='1'><Say>Press 1</Say></Gather></Response>"
   end

   it("press keys and speak, in time", function()
      local box, client = sandbox_client.new {
         webhook = application, outcomes = { [OTHER] = { digits = { "1" }, speech = { "agent" } } },
      }
      local call = assert(client.calls:create { to = OTHER, from = NUMBER, url = menu })
      box:advance(3)
      assert.equal("Say", sandbox_client.verbs(box:transcript(call.sid)))
      assert.equal(1, #box:webhooks())
      box:advance(1)
      assert.equal("Say Gather Gather Say", sandbox_client.verbs(box:transcript(call.sid)))
      assert.equal("in-progress", assert(call:fetch()).status)
      box:advance(1)
      call = assert(call:fetch())
      assert.same({ "completed", "2" }, { call.status, call.duration })
      -- Each call begins with the whole script.
      local second = assert(client.calls:create { to = OTHER, from = NUMBER, url = menu })
      box:advance(60)
      assert.equal("Say Gather Gather Say", sandbox_client.verbs(box:transcript(second.sid)))
   end)

   it("hang up when the script says so, and don't answer", function()
      local box, client = sandbox_client.new {
         outcomes = { [OTHER] = { duration = 20 }, ["+15558675311"] = { status = "no-answer" } },
      }
      local pause = "<Response><Pause length='60'/><Say>Never heard</Say></Response>"
      local one = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = pause })
      local two = assert(client.calls:create { to = "+15558675311", from = NUMBER, twiml = pause })
      box:advance(100)
      one, two = assert(one:fetch()), assert(two:fetch())
      assert.same({ "completed", "20" }, { one.status, one.duration })
      assert.same({ "no-answer", "0" }, { two.status, two.duration })
      assert.equal("Pause", sandbox_client.verbs(box:transcript(one.sid)))
   end)

   it("may be changed later", function()
      local box, client = sandbox_client.new()
      box:configure { outcomes = { [OTHER] = { status = "busy" } } }
      local call = assert(client.calls:create { to = OTHER, from = NUMBER, twiml = "<Response/>" })
      box:advance(60)
      assert.equal("busy", assert(call:fetch()).status)
      -- Messages know only error codes.
      local message = assert(client.messages:create { to = OTHER, from = NUMBER, body = "x" })
      box:advance(60)
      assert.equal("delivered", assert(message:fetch()).status)
   end)

   it("are checked, wherever they are given", function()
      local function mistake(outcome)
         return select(2, pcall(sandbox.new, { outcomes = { [OTHER] = outcome } }))
      end
      assert.matches("outcomes has a wrong outcome for %+15558675310: "
         .. "unknown member 'statsu' %(did you mean 'status'%?%)", mistake { statsu = "busy" })
      assert.matches("answered_by must be human, ", mistake { answered_by = "dog" })
      assert.matches("unknown member 'dial.durration' %(did you mean 'duration'%?%)",
         mistake { dial = { durration = 5 } })
      assert.matches("digits must be an array of texts", mistake { digits = { a = 1 } })
      assert.matches("duration must be a number of seconds from 0", mistake { duration = -1 })
      assert.matches("must be an object: phone number %-> \"completed\"", mistake "buzy")
      local box = sandbox.new()
      assert.matches("configure.outcomes has a wrong outcome",
         select(2, pcall(box.configure, box, { outcomes = { [OTHER] = { pay = "gold" } } })))
      assert.is_true(pcall(sandbox.new, { outcomes = { [OTHER] = {
         status = "completed", answered_by = "human", digits = { "1" }, speech = { "yes" },
         dial = { status = "busy", duration = 1 }, duration = 9,
         recording = { duration = 3, text = "Hello", digits = "#" }, pay = "success",
         refer = "completed",
      } } }))
   end)

   it("are plain data", function()
      assert.same({ digits = { "1" }, recording = { duration = 5 } },
         scripts.new { digits = { "1" }, recording = 5, from = "+1", url = "x" })
   end)
end)
