-- sandbox/lua/twilio/sandbox/http/paging.lua

local json = require "twilio.json"
local operation = require "twilio.call.operation"
local paging = require "twilio.sandbox.http.paging"
local store = require "twilio.sandbox.state.store"

describe("sandbox.http.paging", function()
   local op = operation.parse "GET @uri=things @page"
   local kept

   before_each(function()
      kept = store.new()
      for i = 1, 5 do kept:put("x/" .. i, "x", { n = i }) end
   end)

   local function read(arguments, accept, of)
      local page, err = paging.read(kept, "x", of or op, arguments, accept)
      if not page then return nil, err end
      local numbers = {}
      for i, record in ipairs(page.records) do numbers[i] = record.fields.n end
      return numbers, page
   end

   it("gives the newest first, or the oldest where the list takes an order", function()
      assert.same({ 5, 4, 3, 2, 1 }, (read {}))
      local ordered = operation.parse "GET @meta=things @page Order"
      assert.same({ 1, 2, 3, 4, 5 }, (read({}, nil, ordered)))
      assert.same({ 5, 4, 3, 2, 1 }, (read({ order = "desc" }, nil, ordered)))
   end)

   it("goes on after the last record given, whatever was removed meanwhile", function()
      local _, page = read { page_size = 2 }
      kept:remove "x/4"
      kept:put("x/6", "x", { n = 6 })
      assert.same({ 3, 2 }, (read { page_size = 2, page_token = page.token }))
      assert.is_nil(select(2, read { page_size = 5 }).token)
   end)

   it("goes back, too, to what is before the first record given", function()
      local _, page = read { page_size = 2 }
      assert.is_nil(page.back)
      _, page = read { page_size = 2, page_token = page.token, page = 1 }
      local _, last = read { page_size = 2, page_token = page.token, page = 2 }
      assert.same({ 1 }, (read { page_size = 2, page_token = page.token, page = 2 }))
      local numbers, before = read { page_size = 2, page_token = last.back, page = 1 }
      assert.same({ 3, 2 }, numbers)
      assert.same({ 1 }, (read { page_size = 2, page_token = before.token }))
      numbers, before = read { page_size = 2, page_token = before.back, page = 0 }
      assert.same({ 5, 4 }, numbers)
      assert.is_nil(before.back)
      kept:put("x/6", "x", { n = 6 })
      assert.is_string(select(2, read { page_size = 2, page_token = "PB3", page = 0 }).back)
      assert.is_string(select(2, read { page_size = 2, page = 1 }).back)
      local ordered = operation.parse "GET @meta=things @page Order"
      assert.same({ 1, 2 }, (read({ page_size = 2, page_token = "PB3" }, nil, ordered)))
      assert.same({ 6, 4 }, (read({ page_size = 2, page_token = "PB3" }, function(record)
         return record.fields.n ~= 5
      end)))
   end)

   it("jumps to a page by its number, and counts what a filter lets through", function()
      assert.same({ 3, 2 }, (read { page_size = 2, page = 1 }))
      assert.same({ 4, 2 }, (read({}, function(record) return record.fields.n % 2 == 0 end)))
   end)

   it("refuses sizes beyond the limits and tokens of others", function()
      for _, arguments in ipairs {
         { page_size = 0 }, { page_size = 1001 }, { page_size = "x" }, { page_token = "x" },
         { page_token = "PA" },
      } do
         local numbers, err = read(arguments)
         assert.is_nil(numbers)
         assert.same({ 400, 20001 }, { err.status, err.code })
      end
   end)

   it("frames a page with links that keep the filters", function()
      local _, page = read { page_size = 2 }
      local frame = paging.frame(
         page, { key = "things", uri = "/x.json", url = "https://h/x.json" },
         { query = "A=1&PageSize=2&Page=0" })
      assert.equal("/x.json?A=1&PageSize=2&Page=1&PageToken=" .. page.token, frame.next_page_uri)
      assert.equal("https://h/x.json?A=1&PageSize=2&Page=0", frame.meta.first_page_url)
      assert.same(
         { "/x.json?A=1&PageSize=2&Page=0", frame.first_page_uri, json.null },
         { frame.first_page_uri, frame.uri, frame.previous_page_uri })
      local _, second = read { page_size = 2, page_token = page.token, page = 1 }
      local back = paging.frame(
         second, { key = "things", uri = "/x.json", url = "https://h/x.json" }, { query = "A=1" })
      assert.equal(
         "/x.json?A=1&PageSize=2&Page=0&PageToken=" .. second.back, back.previous_page_uri)
      assert.equal("https://h" .. back.previous_page_uri, back.meta.previous_page_url)
      assert.same(
         { 0, 2, 0, 1, "things" },
         { frame.page, frame.page_size, frame.start, frame["end"], frame.meta.key })
      _, page = read {}
      assert.equal(
         json.null,
         paging.frame(page, { uri = "/x", url = "https://h/x" }, { query = "" }).next_page_uri)
   end)
end)
