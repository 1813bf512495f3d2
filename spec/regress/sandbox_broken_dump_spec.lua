-- A load looked at the outermost members only: a dump with one value of another type further inside
-- was taken, and broke requests or the clock later, in places that have nothing to do with it.

local json = require "twilio.json"
local sandbox_client = require "support.sandbox_client"

describe("a dump with one wrong value inside", function()
   local box, client, text

   before_each(function()
      box, client = sandbox_client.new()
      assert(
         client.calls:create {
            to = "+15558675310", from = "+14155552344", twiml = "<Response/>",
            status_callback = "http://app.example/",
         })
      assert(client.messages:create { to = "+15558675310", from = "+14155552344", body = "x" })
      text = box:dump()
   end)

   local function record_of(data, name)
      for _, record in ipairs(data.store.records) do
         if record.collection:find("/" .. name .. "$") then return record end
      end
   end

   for what, change in pairs {
      ["a call's list of events that is a text"] = function(data)
         record_of(data, "Calls").fields.status_callback_event = "ringing"
      end,
      ["a message's body that is a number"] = function(data)
         record_of(data, "Messages").fields.body = 5
      end,
      ["a record that isn't in its collection"] = function(data)
         record_of(data, "Messages").collection = "api/Other"
      end,
      ["an event without its path"] = function(data) data.clock.events[1].path = nil end,
      ["events out of order"] = function(data)
         data.clock.events[1].at = data.clock.events[#data.clock.events].at + 1
      end,
      ["an account without its token"] = function(data)
         data.accounts.accounts[sandbox_client.ACCOUNT].token = nil
      end,
      ["a transcript whose entries are texts"] = function(data)
         data.transcripts = { CA1 = { "x" } }
      end,
   } do
      it("is refused: " .. what, function()
         local data = json.decode(text)
         change(data)
         local ok, message = box:load(json.encode(data))
         assert.is_nil(ok)
         assert.matches("^not a dump of a sandbox: ", message)
         assert.equal(text, box:dump())
         box:advance(60)
         assert.equal("delivered", client.messages:list()[1].status)
      end)
   end
end)
