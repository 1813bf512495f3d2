-- lua/twilio/resource/list.lua: list, each, page and page_at: what they send and return, and when.

local json = require "twilio.json"
local fake = require "support.fake"
local raised = require "support.raised"

local function answers(...)
   local list = {}
   for i, body in ipairs { ... } do
      list[i] = {
         status = 200, headers = {}, body = type(body) == "string" and body or json.encode(body),
      }
   end
   return (table.unpack or unpack)(list)
end

local function sids(items)
   local list = {}
   for i, item in ipairs(items) do list[i] = item.sid or item end
   return table.concat(list, " ")
end

local function query_of(request) return request.url:match("%?(.*)$") or "" end

describe("list", function()
   local first = {
      messages = { { sid = "SM1" }, { sid = "SM2" } },
      next_page_uri = "/2010-04-01/Accounts/AC1/Messages.json?Page=1",
   }
   local second = {
      messages = { { sid = "SM3" } },
      next_page_uri = "/2010-04-01/Accounts/AC1/Messages.json?Page=2",
   }
   local third = { messages = { { sid = "SM4" }, { sid = "SM5" } } }

   it("gathers all pages, and gives the last response", function()
      local client, transport = fake.client(nil, answers(first, second, third))
      local items, err, response = client.messages:list()
      assert.is_nil(err)
      assert.equal("SM1 SM2 SM3 SM4 SM5", sids(items))
      assert.equal(200, response.status)
      assert.equal(3, #transport.requests)
      assert.equal(
         "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json?Page=1",
         transport.requests[2].url)
   end)

   it("returns the error of a later page, not half a list", function()
      local client = fake.client(
         { max_retries = 0 }, answers(first), fake.answer(
            500, { code = 20500, message = "broken" }))
      local items, err, response = client.messages:list()
      assert.is_nil(items)
      assert.equal(20500, err.code)
      assert.equal(500, response.status)
   end)

   it("is empty where the array is", function()
      local client = fake.client(nil, answers '{"messages":[]}')
      assert.same({}, client.messages:list())
   end)

   it("sends filters and page size with the first request", function()
      local client, transport = fake.client(nil, answers(third))
      client.messages:list {
         to = "+1 5", date_sent_before = { year = 2024, month = 1, day = 2 }, limit = 3,
      }
      local pairs_sent = fake.pairs_of(query_of(transport.last))
      table.sort(pairs_sent)
      assert.same({ "DateSent<=2024-01-02T00:00:00Z", "PageSize=3", "To=+1 5" }, pairs_sent)
   end)
end)

describe("each", function()
   it("walks lazily, fetching a page when it is needed", function()
      local client, transport = fake.client(nil,
         answers(
            { messages = { { sid = "SM1" } }, next_page_uri = "/n?Page=1" },
            { messages = { { sid = "SM2" } } }))
      local seen = {}
      for message in client.messages:each() do
         seen[#seen + 1] = message.sid
         assert.equal(#seen, #transport.requests)
      end
      assert.same({ "SM1", "SM2" }, seen)
   end)

   it("sends nothing before the first item is asked for", function()
      local client, transport = fake.client()
      client.messages:each { page_size = 100 }
      assert.equal(0, #transport.requests)
   end)

   it("raises the error object", function()
      local client = fake.client(nil, fake.answer(401, { code = 20003, message = "Authenticate" }))
      local ok, err = pcall(function()
         for _ in client.messages:each() do error "never here" end
      end)
      assert.is_false(ok)
      assert.equal(20003, err.code)
   end)

   it("raises misuse at once, at the caller's line", function()
      local client = fake.client()
      assert.matches("limit must be", raised(function() client.messages:each { limit = 0 } end))
   end)
end)

describe("a page", function()
   it("has items and leads to the next", function()
      local client = fake.client(nil,
         answers(
            { messages = { { sid = "SM1" } }, next_page_uri = "/n?Page=1" },
            { messages = { { sid = "SM2" } } }))
      local first, err, response = client.messages:page { page_size = 1 }
      assert.is_nil(err)
      assert.equal(200, response.status)
      assert.equal("SM1", sids(first.items))
      assert.equal("https://api.twilio.com/n?Page=1", first.next_url)
      assert.equal("twilio.page: 1 items, more", tostring(first))
      local second = assert(first:next())
      assert.equal("SM2", sids(second.items))
      assert.is_nil(second.next_url)
      assert.is_nil((second:next()))
   end)

   it("leads back to the one before", function()
      local client, transport = fake.client(nil,
         answers(
            { messages = { { sid = "SM2" } }, previous_page_uri = "/p?Page=0" },
            { messages = { { sid = "SM1" } } }))
      local second = assert(client.messages:page { page_size = 1 })
      local first = assert(second:previous())
      assert.equal("https://api.twilio.com/p?Page=0", transport.requests[2].url)
      assert.equal("SM1", sids(first.items))
      assert.is_nil((first:previous()))
   end)

   it("can be opened again at a URL that was kept", function()
      local client, transport = fake.client(nil, answers { messages = { { sid = "SM2" } } })
      local again = assert(
         client.messages:page_at "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json?Page=7&PageToken=PT")
      assert.equal("SM2", sids(again.items))
      assert.equal(
         "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json?Page=7&PageToken=PT",
         transport.last.url)
   end)

   it("isn't opened at a stranger's", function()
      local client, transport = fake.client()
      local opened, err = client.messages:page_at "https://evil.com/?token=1"
      assert.is_nil(opened)
      assert.equal("config", err.kind)
      assert.equal("https://evil.com/", err.url)
      assert.equal(0, #transport.requests)
      assert.has_error(function() client.messages:page_at(5) end)
      assert.has_error(function() client.messages:page_at() end)
   end)
end)
