-- lua/twilio/resource/page.lua: lists of every paging style, exactly as long as asked for, never
-- round in circles, never to strangers.

local json = require "twilio.json"
local fake = require "support.fake"
local operation = require "twilio.call.operation"
local page = require "twilio.resource.page"

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

describe("page.records", function()
   it("finds the array by meta.key, the data's key, or as the only one", function()
      local here = { "a" }
      for _, payload in ipairs {
         { meta = { key = "services" }, services = here, other = {} },
         { messages = here, page = 0, uri = "x" },
         { things = here, page = 0, end_ = 1, meta = {} },
         { Resources = here, schemas = { "s" }, totalResults = 1 },
      } do
         assert.equal(here, page.records(payload, { style = "meta", key = "messages" }))
      end
      assert.is_nil(page.records({ a = {}, b = {} }, { key = "c" }))
      assert.is_nil(page.records({}, {}))
   end)

   it("takes nothing for it that isn't an array, nor another than meta.key names", function()
      for _, payload in ipairs {
         { meta = { key = "services" }, messages = {} }, { messages = "none" },
         { messages = { a = 1 } }, { { sid = "SM1" } },
         { errors = { "x" } }, { meta = { key = "messages" }, messages = { a = 1 } },
      } do
         assert.is_nil(page.records(payload, { style = "meta", key = "messages" }))
      end
   end)

   it("needs none in an empty SCIM list", function()
      assert.same(
         {},
         page.records(
            { schemas = { "s" }, totalResults = 0 }, { style = "plain", key = "Resources" }))
      assert.is_nil(
         page.records(
            { schemas = { "s" }, totalResults = 1 }, { style = "plain", key = "Resources" }))
   end)
end)

describe("page.next_url", function()
   local function after(style, payload)
      return page.next_url(payload, { style = style }, "https://api.twilio.com/a?x=1&Token=old")
   end

   it("follows each style's way", function()
      assert.equal("https://api.twilio.com/b?Page=1", after("uri", { next_page_uri = "/b?Page=1" }))
      assert.equal(
         "https://x.twilio.com/b",
         after("meta", { meta = { next_page_url = "https://x.twilio.com/b" } }))
      assert.equal(
         "https://api.twilio.com/a?x=1&Token=old&pageToken=t%20%26",
         after("token", { meta = { nextToken = "t &" } }))
      assert.equal(
         "https://api.twilio.com/a?x=1&Token=new",
         after("next_token", { meta = { next_token = "new" } }))
      assert.equal(
         "https://api.twilio.com/a?x=1&Token=old&Page=3",
         after("results", { has_next = true, current_page = 2 }))
   end)

   it("ends where nothing, null or an empty text stands", function()
      assert.is_nil(after("uri", {}))
      assert.is_nil(after("uri", { next_page_uri = "" }))
      assert.is_nil(after("meta", { meta = {} }))
      assert.is_nil(after("meta", { meta = "odd" }))
      assert.is_nil(after("token", { meta = { nextToken = "" } }))
      assert.is_nil(after("results", { has_next = false, current_page = 2 }))
      assert.is_nil(after("results", { has_next = true }))
      assert.is_nil(after("plain", {}))
   end)
end)

describe("page.previous_url", function()
   local function before(style, payload)
      return page.previous_url(payload, { style = style }, "https://api.twilio.com/a?x=1&Token=old")
   end

   it("follows each style's way", function()
      assert.equal(
         "https://api.twilio.com/b?Page=0", before("uri", { previous_page_uri = "/b?Page=0" }))
      assert.equal(
         "https://x.twilio.com/b",
         before("meta", { meta = { previous_page_url = "https://x.twilio.com/b" } }))
      assert.equal(
         "https://api.twilio.com/a?x=1&Token=old&pageToken=t",
         before("token", { meta = { previousToken = "t" } }))
      assert.equal(
         "https://api.twilio.com/a?x=1&Token=first",
         before("next_token", { meta = { previous_token = "first" } }))
      assert.equal(
         "https://api.twilio.com/a?x=1&Token=old&Page=1",
         before("results", { has_prev = true, current_page = 2 }))
   end)

   it("isn't there on the first page", function()
      assert.is_nil(before("uri", { next_page_uri = "/b?Page=1" }))
      assert.is_nil(before("uri", { previous_page_uri = "" }))
      assert.is_nil(before("results", { has_prev = false, current_page = 1 }))
      assert.is_nil(before("plain", {}))
   end)
end)

describe("page.arguments", function()
   local op = operation.parse "GET To @page @uri=messages"

   it("asks for no larger pages than the limit needs", function()
      local asked, limit = page.arguments(op, { to = "1", limit = 20 })
      assert.same({ to = "1", page_size = 20 }, asked)
      assert.equal(20, limit)
      assert.equal(1000, page.arguments(op, { limit = 5000 }).page_size)
      assert.equal(7, page.arguments(op, { limit = 5000, page_size = 7 }).page_size)
      assert.same({}, (page.arguments(op, {})))
   end)

   it("knows page_number and page_token under the operation's own names", function()
      assert.same(
         { page = 2, page_token = "t" }, (
            page.arguments(op, { page_number = 2, page_token = "t" })))
      local odd = operation.parse "GET Size:i Token @next_token=items"
      assert.same(
         { size = 5, token = "t" }, (page.arguments(odd, { page_size = 5, page_token = "t" })))
   end)

   it("gives the API's names to what the operation lacks", function()
      assert.same({ PageSize = 5, Page = 1, PageToken = "t" },
         (page.arguments(operation.parse "GET @meta=items", { page_size = 5, page_number = 1, page_token = "t", limit = 9 })))
   end)

   it("keeps to the most records of a page where there is a limit", function()
      local small = operation.parse "GET @meta=items @max=50 @page"
      assert.equal(50, page.arguments(small, { limit = 500 }).page_size)
      assert.equal(50, page.arguments(small, { page_size = 100, limit = 500 }).page_size)
      assert.equal(50, page.arguments(small, { PageSize = "100", limit = 500 }).PageSize)
      assert.equal(100, page.arguments(small, { page_size = 100 }).page_size)
      local odd = operation.parse "GET @next_token=items @max=100 Size:i Token"
      assert.same({ size = 100 }, (page.arguments(odd, { limit = 500 })))
      assert.same({ size = 5 }, (page.arguments(odd, { limit = 500, size = 5 })))
   end)

   it("refuses limits that aren't whole numbers from 1", function()
      for _, limit in ipairs { 0, -1, 1.5, "10", true, {} } do
         local asked, why = page.arguments(op, { limit = limit })
         assert.is_nil(asked)
         assert.matches("limit must be a whole number", why)
      end
   end)

   it("leaves the caller's table as it was", function()
      local arguments = { limit = 5, page_number = 1 }
      page.arguments(op, arguments)
      assert.same({ limit = 5, page_number = 1 }, arguments)
   end)
end)

describe("a list", function()
   local first = {
      messages = { { sid = "SM1" }, { sid = "SM2" } },
      next_page_uri = "/2010-04-01/Accounts/AC1/Messages.json?Page=1",
   }
   local second = {
      messages = { { sid = "SM3" } },
      next_page_uri = "/2010-04-01/Accounts/AC1/Messages.json?Page=2",
   }
   local third = { messages = { { sid = "SM4" }, { sid = "SM5" } } }

   it("stops at the limit to the item, and fetches no page for nothing", function()
      for limit, pages in pairs { [1] = 1, [2] = 1, [3] = 2, [4] = 3, [5] = 3, [9] = 3 } do
         local client, transport = fake.client(nil, answers(first, second, third))
         assert.equal(math.min(limit, 5), #client.messages:list { limit = limit })
         assert.equal(pages, #transport.requests)
      end
   end)

   it("goes on past an empty page in the middle", function()
      local empty = { messages = json.array {}, next_page_uri = "/x?Page=2" }
      local client = fake.client(nil, answers(first, empty, third))
      assert.equal("SM1 SM2 SM4 SM5", sids(client.messages:list()))
   end)

   it("ends when a page leads to itself or back", function()
      local client, transport = fake.client(nil, answers(first, first))
      assert.equal(4, #client.messages:list())
      assert.equal(2, #transport.requests)
      local back = {
         messages = { { sid = "SM9" } },
         next_page_uri = "/2010-04-01/Accounts/" .. fake.account_sid .. "/Messages.json",
      }
      client, transport = fake.client(nil, answers(back))
      assert.equal(1, #client.messages:list())
      assert.equal(1, #transport.requests)
   end)

   it("ends when a token repeats", function()
      local body = { profiles = { "a" }, meta = { key = "profiles", nextToken = "same" } }
      local client, transport = fake.client(nil, answers(body))
      local items = client.memory.v1.profiles("S1"):list()
      assert.equal("a a", sids(items))
      assert.equal(2, #transport.requests)
      assert.equal("pageToken=same", query_of(transport.requests[2]))
   end)

   it("never takes its credentials to strangers", function()
      for _, link in ipairs {
         "https://evil.com/x", "http://api.twilio.com/x", "https://twilio.com.evil.com/",
         "https://evil.com\\@api.twilio.com/",
      } do
         local client, transport = fake.client(
            nil,
            answers {
               services = { { sid = "VA1" } }, meta = { key = "services", next_page_url = link },
            })
         local items, err = client.verify.v2.services:list()
         assert.is_nil(items)
         assert.equal("config", err.kind)
         assert.equal(false, err.sent)
         assert.equal(1, #transport.requests)
      end
   end)

   it("moves next pages to the client's region, as it does first ones", function()
      local body = {
         services = { { sid = "VA1" } },
         meta = {
            key = "services", next_page_url = "https://verify.twilio.com/v2/Services?Page=1",
         },
      }
      local client, transport = fake.client(
         { region = "ie1", edge = "dublin" },
         answers(body, { services = json.array(), meta = { key = "services" } }))
      assert.equal(1, #client.verify.v2.services:list())
      for _, request in ipairs(transport.requests) do
         assert.matches("^https://verify%.dublin%.ie1%.twilio%.com/v2/Services", request.url)
      end
   end)

   it("moves next pages to the base URL", function()
      local body = {
         services = { { sid = "VA1" } },
         meta = {
            key = "services", next_page_url = "https://verify.twilio.com/v2/Services?Page=1",
         },
      }
      local client, transport = fake.client(
         { base_url = "http://127.0.0.1:1/" },
         answers(body, { services = json.array(), meta = { key = "services" } }))
      assert.equal(1, #client.verify.v2.services:list())
      assert.equal("http://127.0.0.1:1/v2/Services?Page=1", transport.requests[2].url)
      assert.equal("verify.twilio.com", transport.requests[2].headers["X-Original-Host"])
   end)
end)
