-- tools/fresh.lua: our data against a release of twilio-node. If `make generate` has left the real
-- files in build/, ours lack nothing of the release that they are made of, what is kept is what the
-- tool writes, and each kind of thing that a release could add is named.

local OPENAPI = "build/openapi/package/src/services/twilio-api"

local function output(command)
   local pipe = io.popen("{ " .. command .. "\n} 2>&1; echo \"exit $?\"")
   local all = pipe:read("*a")
   pipe:close()
   return all
end

-- The folder of the release, or nil.
local function release()
   local file = assert(io.open("tools/mock_server/package.json"))
   local version = file:read("*a"):match('"twilio%-node": "([^"]+)"')
   file:close()
   local folder = ("build/twilio-node/%s/package"):format(version)
   for _, path in ipairs { folder .. "/package.json", OPENAPI .. "/twilio_api_v2010.json" } do
      local there = io.open(path)
      if not there then return nil end
      there:close()
   end
   return folder
end

local function compare(folder)
   return output(("lua5.4 tools/fresh.lua compare %s %s"):format(OPENAPI, folder))
end

describe("make fresh", function()
   local folder = release()

   it("says how it is called", function()
      assert.matches("usage: .*exit 2", output "lua5.4 tools/fresh.lua compare")
   end)

   it("finds nothing missing of the release that the data is made of", function()
      if not folder then return pending("`make generate` hasn't fetched twilio-node") end
      local said = compare(folder)
      assert.matches("^twilio%-node [%d.]+: missing 0 [^\n]* 0 operations, [^\n]*\nexit 0\n$", said)
      assert.is_nil(said:match("missing [^\n]*[1-9]%d* "))
   end)

   it("writes what is kept, byte for byte", function()
      if not folder then return pending("`make generate` hasn't fetched twilio-node") end
      assert.equal(
         "exit 0\n",
         output(
            ("lua5.4 tools/fresh.lua write %s %s | diff - tools/openapi/twilio_node.json"):format(OPENAPI, folder)))
      assert.equal(
         "exit 0\n",
         output(
            ("lua5.4 tools/twiml/generate.lua %s | diff - lua/twilio/twiml/grammar.lua"):format(folder)))
   end)

   it("names what a release adds, and fails", function()
      if not folder then return pending("`make generate` hasn't fetched twilio-node") end
      local copy = os.tmpname()
      os.remove(copy)
      output(
         ("mkdir -p %s/lib && cp -r %s/lib/rest %s/lib/twiml %s/lib && cp %s/package.json %s"):format(copy, folder, folder, copy, folder, copy))
      local function change(path, from, to)
         local file = assert(io.open(copy .. "/lib/" .. path, "rb"))
         local text, count = file:read("*a"):gsub(from, to)
         file:close()
         assert.is_true(count > 0, path)
         file = assert(io.open(copy .. "/lib/" .. path, "wb"))
         file:write(text)
         file:close()
      end
      change("rest/wireless/v1/sim.js", "this%._uri = `/Sims/", "this._uri = `/Cards/")
      change("rest/api/v2010/account/message.js", 'data%["Body"%]', 'data["Text"]')
      change(
         "rest/insights/v3/customFieldMapping.js", 'payload%["operatorId"%]',
         'payload["operatorKey"]')
      change("rest/video/v1/room.d.ts", '= "in%-progress"', '= "waiting" | "in-progress"')
      change(
         "twiml/VoiceResponse.d.ts", "interface SayAttributes {\n",
         "interface SayAttributes {\n        mood?: string;\n")
      change("twiml/VoiceResponse.js", "new VoiceResponse%.Say%(", "new VoiceResponse.Tell(")
      local said = compare(copy)
      output("rm -r " .. copy)
      for _, line in ipairs {
         "missing operation: GET wireless.twilio.com/v1/Cards/{}\n",
         "missing parameter: POST api.twilio.com/2010-04-01/Accounts/{}/Messages.json: Text (form)\n",
         "missing member: POST insights.twilio.com/v3/ControlPlane/ConversationInsights/CustomFieldMappings: "
            .. "entityMetadata.intelligenceOperator.operatorKey\n",
         "missing value: GET video.twilio.com/v1/Rooms: Status=waiting\n",
         "missing attribute: voice.Say: mood\n", "missing class: voice.Tell\n",
         "missing child: voice.Response: Tell\n",
      } do
         assert.matches(line, said, 1, true)
      end
      assert.matches("exit 1\n$", said)
   end)
end)
