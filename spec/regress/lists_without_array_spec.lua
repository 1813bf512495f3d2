-- A list that was answered with `{}`, `[]`, nothing (204), a redirect or a 304 was an empty list,
-- and a fetch answered 304 an empty record: a broken answer looked like "there are none". An empty
-- page has its array; everything else is an error. `{"services":{}}` was one, too, while an empty
-- object and an empty array were the same table.

local fake = require "support.fake"

describe("an answer that is no list", function()
   local cases = {
      { 200, "{}", "decode" }, { 200, "[]", "decode" }, { 200, "", "decode" },
      { 204, "", "decode" }, { 202, "{}", "decode" },
      { 200, '{"meta":{"key":"services"}}', "decode" },
      { 200, '{"meta":{"key":"nothing"},"services":[]}', "decode" },
      { 200, '{"services":null}', "decode" }, { 200, '{"services":"none"}', "decode" },
      { 200, '{"code":20404,"errors":[]}', "decode" },
      { 200, '[{"sid":"VA1"}]', "decode" }, { 200, "<html>", "decode" },
      { 307, '{"redirect_to":"https://x"}', "api" }, { 302, "", "api" }, { 304, "", "api" },
      { 301, '{"services":[]}', "api" },
      { 200, '{"services":{}}', "decode" }, { 200, '{"meta":{},"services":{}}', "decode" },
      { 200, '{"meta":{"key":"services"},"services":{}}', "decode" },
      { 200, '{"meta":{"key":"services"},"services":{"next":null}}', "decode" },
   }

   local ways = {
      list = function(services) return services:list() end,
      page = function(services) return services:page() end,
      page_at = function(services)
         return services:page_at "https://verify.twilio.com/v2/Services?Page=3"
      end,
      each = function(services)
         local ok, err = pcall(function()
            for _ in services:each() do error "no item is there" end
         end)
         return ok or nil, err
      end,
   }

   for name, way in pairs(ways) do
      it("is an error of " .. name, function()
         for _, case in ipairs(cases) do
            local client = fake.client(
               { max_retries = 0 },
               { status = case[1], body = case[2], headers = { location = "https://x" } })
            local value, err = way(client.verify.v2.services)
            assert.is_nil(value, case[2])
            assert.same({ case[3], case[1], "GET" }, { err.kind, err.status, err.method })
         end
      end)
   end

   it("is an error of a later page", function()
      local first = fake.answer(200, {
         services = { { sid = "VA1" } },
         meta = {
            key = "services", next_page_url = "https://verify.twilio.com/v2/Services?Page=1",
         },
      })
      local client = fake.client(nil, first, fake.answer(204))
      local services, err = client.verify.v2.services:list()
      assert.is_nil(services)
      assert.equal("decode", err.kind)
   end)

   it("isn't one with an empty array", function()
      for _, body in ipairs {
         '{"services":[],"meta":{"key":"services"}}', '{"services":[]}', '{"meta":{},"things":[]}',
         '{"other":{},"things":[],"meta":{"key":null}}', '{"services":[],"errors":{}}',
      } do
         local client = fake.client(nil, { status = 200, body = body, headers = {} })
         assert.same({}, (client.verify.v2.services:list()))
      end
   end)
end)

describe("a fetch", function()
   local function fetch(status, body, headers)
      local client = fake.client(
         { max_retries = 0 }, { status = status, body = body, headers = headers or {} })
      return client.verify.v2.services("VA1"):fetch()
   end

   it("answered 304 is an error", function()
      local value, err = fetch(304, "")
      assert.is_nil(value)
      assert.same({ "api", 304, false }, { err.kind, err.status, err.retryable })
   end)

   it("may have nothing to say, or lead elsewhere", function()
      assert.same({}, (fetch(204, "")))
      assert.same({ redirect_to = "https://x" }, (fetch(307, '{"redirect_to":"https://x"}')))
      assert.same({}, (fetch(302, "", { location = "https://x" })))
   end)
end)

describe("a deletion", function()
   it("needs no body", function()
      for _, status in ipairs { 200, 202, 204 } do
         local client = fake.client(nil, { status = status, body = "", headers = {} })
         assert.is_true((client.verify.v2.services("VA1"):delete()))
      end
   end)
end)
