-- A table for a parameter that is JSON in a text (the attributes of a conversation, a workflow's
-- configuration, the variables of a template) was refused as "a table, expected text": the files
-- call such parameters text, and tell in words only that it is JSON.

local fake = require "support.fake"
local twilio = require "twilio"

local function sent(call)
   local client, transport = fake.client()
   call(client)
   return table.concat(fake.pairs_of(transport.last.body), "&")
end

describe("JSON in a text", function()
   it("is made of a table", function()
      assert.equal('Attributes={"a":[1]}', sent(function(client)
         client.conversations.v1.conversations:create { attributes = { a = { 1 } } }
      end))
      assert.equal('To=+1&ContentVariables={"1":"x"}', sent(function(client)
         client.messages:create { to = "+1", content_variables = { ["1"] = "x" } }
      end))
      assert.equal('Configuration={"task_routing":{"filters":[]}}&FriendlyName=w', sent(function(client)
         client.taskrouter.v1.workspaces("WS1").workflows:create {
            friendly_name = "w", configuration = { task_routing = { filters = twilio.array {} } },
         }
      end))
      assert.equal('Channel=sms&To=+1&TemplateCustomSubstitutions={"n":"Ada"}', sent(function(client)
         client.verify.v2.services("VA1").verifications:create {
            to = "+1", channel = "sms", template_custom_substitutions = { n = "Ada" },
         }
      end))
      assert.equal('Attributes={"x":1}', sent(function(client)
         client.ip_messaging.v2.services("IS1").channels:create { attributes = { x = 1 } }
      end))
   end)

   it("is taken as text, too", function()
      assert.equal("Attributes={ }", sent(function(client)
         client.conversations.v1.conversations:create { attributes = "{ }" }
      end))
      assert.equal("Attributes=", sent(function(client)
         client.conversations.v1.conversations:create { attributes = "" }
      end))
   end)

   it("is a list of such texts where the file has a list", function()
      assert.equal('Participant={"identity":"a"}&Participant={"identity":"b"}', sent(function(client)
         client.conversations.v1.conversation_with_participants:create {
            participant = { { identity = "a" }, { identity = "b" } },
         }
      end))
   end)
end)
