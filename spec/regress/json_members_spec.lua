-- JSON bodies were sent as the program's table, names and all: `display_name`, which reads like
-- every other argument, reached an API that wants `displayName`, and a misspelt member was sent
-- too.
-- The data didn't know the members.

local fake = require "support.fake"
local raised = require "support.raised"
local twilio = require "twilio"

local function sent(call)
   local client, transport = fake.client(nil, fake.answer(202, { id = "x" }))
   call(client)
   return transport.last.body
end

describe("a JSON body", function()
   it("is spelt as the wire wants it, whatever its members are called here", function()
      for _, name in ipairs { "display_name", "displayName" } do
         assert.equal('{"displayName":"n"}', sent(function(client)
            client.memory.v1.stores:create { [name] = "n" }
         end))
      end
      assert.equal('{"displayName":"n","rules":[{"context":{"memory":{"enabled":true}},"operators":[{"id":"o","parameters":{"any_name":1}}]}]}',
         sent(function(client)
            client.intelligence.v3.configurations:create {
               display_name = "n",
               rules = {
                  {
                     operators = { { id = "o", parameters = { any_name = 1 } } },
                     context = { memory = { enabled = true } },
                  },
               },
            }
         end))
      assert.equal('{"traits":{"a_group":{"a_trait":"x"}}}', sent(function(client)
         client.memory.v1.profiles("S1"):create { traits = { a_group = { a_trait = "x" } } }
      end))
      assert.equal('{"friendly_name":"t","language":"en","types":{"twilio/text":{"body":"x"}}}', sent(function(client)
         client.content.v1.contents:create {
            friendly_name = "t", language = "en", types = { twilio_text = { body = "x" } },
         }
      end))
   end)

   it("goes with headers and query parameters out of the same table", function()
      local client, transport = fake.client(nil, fake.answer(202, { id = "x" }))
      client.memory.v1.stores("S1"):patch { display_name = "n", if_match = "*" }
      assert.equal('{"displayName":"n"}', transport.last.body)
      assert.equal("*", transport.last.headers["If-Match"])
      client.insights.v3.query:create { page_size = 5, query = { order_by = { { field = "x" } } } }
      assert.equal('{"query":{"orderBy":[{"field":"x"}]}}', transport.last.body)
      assert.matches("?pageSize=5", transport.last.url, 1, true)
   end)

   it("has no member that the files don't know, at any depth", function()
      local client = fake.client()
      assert.equal("stores:create: unknown parameter 'dispalyNmae' (did you mean 'displayName'?); see twilio.describe(\"memory.v1.stores:create\")",
         raised(function() client.memory.v1.stores:create { dispalyNmae = "n" } end))
      assert.equal("configurations:create: unknown parameter 'rules[1].operators[1].verison' (did you mean 'version'?);"
         .. " see twilio.describe(\"intelligence.v3.configurations:create\")", raised(function()
         client.intelligence.v3.configurations:create {
            display_name = "n", rules = { { operators = { { verison = 1 } } } },
         }
      end))
      assert.equal("stores:patch: unknown parameter 'fi_match' (did you mean 'if_match'?); see twilio.describe(\"memory.v1.stores(store_id):patch\")",
         raised(function() client.memory.v1.stores("S1"):patch { fi_match = "*" } end))
   end)

   it("has any member where the files describe nothing", function()
      assert.equal('{"account_sid":"AC1","anyThing":1,"ui_attributes":{"a_b":[]}}', sent(function(client)
         client.flex_api.v1.configuration():update {
            account_sid = "AC1", ui_attributes = { a_b = twilio.array {} }, anyThing = 1,
         }
      end))
   end)

   it("goes out as it is where the program says so", function()
      assert.equal('{"display_name":"n","new":{"a_b":1}}', sent(function(client)
         client.memory.v1.stores:create(twilio.verbatim { display_name = "n", new = { a_b = 1 } })
      end))
      assert.equal('{"displayName":"n","rules":[{"brand_new":1}]}', sent(function(client)
         client.intelligence.v3.configurations:create {
            display_name = "n", rules = { twilio.verbatim { brand_new = 1 } },
         }
      end))
      assert.equal('{"NewMember":{"a_b":1},"displayName":"n"}', sent(function(client)
         client.memory.v1.stores:create { display_name = "n", NewMember = { a_b = 1 } }
      end))
      assert.equal('Attributes=%7B%22a%22%3A1%7D', sent(function(client)
         client.conversations.v1.conversations:create { attributes = twilio.verbatim { a = 1 } }
      end))
   end)
end)
