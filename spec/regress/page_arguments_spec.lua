-- Lists to which the files give no paging parameters (brand vettings, chunks of knowledge, short
-- code applications) refused page_size, page_number and page_token; and `limit = 500` asked for
-- PageSize=500 also where the file allows at most 100, 50, 25 or 5, which the API refuses.

local fake = require "support.fake"
local json = require "twilio.json"
local model = require "twilio.call.model"

local function query_of(transport)
   local list = fake.pairs_of(transport.last.url:match("%?(.*)$"))
   table.sort(list)
   return list
end

describe("a list", function()
   it("takes page_size, page_number and page_token, whatever its file says", function()
      local client, transport = fake.client(
         nil, fake.answer(200, { data = {}, meta = { key = "data" } }))
      client.messaging.v1.brand_registrations("BN1").brand_vettings:list { page_size = 5 }
      assert.same({ "PageSize=5" }, query_of(transport))
      client.knowledge.v1.knowledge("K1").chunks:page { page_number = 2 }
      assert.same({ "Page=2" }, query_of(transport))
      client.numbers.v2.applications:page { page_token = "x", page_size = 3 }
      assert.same({ "PageSize=3", "PageToken=x" }, query_of(transport))
      client.memory.v1.stores:page { page_token = "x", page_size = 3, page_number = 1 }
      assert.same({ "Page=1", "pageSize=3", "pageToken=x" }, query_of(transport))
   end)

   it("takes them in the sandbox, too", function()
      local client = require("twilio").client {
         account_sid = fake.account_sid, auth_token = "x",
         transport = require("twilio.sandbox").new {},
      }
      assert.same({}, assert(client.memory.v1.stores:page { page_size = 5, page_number = 0 }).items)
   end)

   it("never asks for more records a page than its file allows", function()
      local client, transport = fake.client(
         nil,
         fake.answer(200, {
            webhooks = json.array(), call_summaries = json.array(), meta = { key = "webhooks" },
         }))
      local webhooks = client.conversations.v1.conversations("CH1").webhooks
      webhooks:list { limit = 500 }
      assert.same({ "PageSize=5" }, query_of(transport))
      webhooks:list { limit = 3 }
      assert.same({ "PageSize=3" }, query_of(transport))
      for _ in webhooks:each { page_size = 50, limit = 500 } do end
      assert.same({ "PageSize=5" }, query_of(transport))
      webhooks:list { PageSize = "50", limit = 500 }
      assert.same({ "PageSize=5" }, query_of(transport))
      webhooks:list()
      assert.is_nil(transport.last.url:find("?", 1, true))
      -- Without a limit, the size is the program's wish, and the API says whether it grants it.
      webhooks:list { page_size = 50 }
      assert.same({ "PageSize=50" }, query_of(transport))
      client.insights.v1.call_summaries:list { limit = 500 }
      assert.same({ "PageSize=25" }, query_of(transport))
   end)

   it("asks for as many as all the others allow", function()
      local client, transport = fake.client(nil, fake.answer(200, { messages = json.array() }))
      client.messages:list { limit = 5000 }
      assert.same({ "PageSize=1000" }, query_of(transport))
   end)

   it("finds the most in the data", function()
      local op = model.operation(
         model.node(model.version("video", "v1"), "compositions").list, "list")
      assert.equal(100, op.page_max)
   end)
end)
