-- A program's own coroutine inside twilio.run or twilio.map (a generator around `each`, a map
-- within, a download) stepped the session too and took the events that the scheduler waited for:
-- its tasks hung for ever. Each must end, with its own results.

local fake = require "support.fake"
local server = require "support.server"
local twilio = require "twilio"

local nginx, client

setup(function()
   nginx = server.start { locations = {
      ["~ /Messages.json"] = [[
         ngx.sleep(0.002)
         local page = tonumber(ngx.var.arg_Page) or 0
         local next_page = page < 2 and ('"%s?Page=%d"'):format(ngx.var.uri, page + 1) or "null"
         ngx.header["Content-Type"] = "application/json"
         ngx.print(('{"messages":[{"sid":"SM%d"}],"next_page_uri":%s}'):format(page, next_page))
      ]],
      ["/slow"] = [[ ngx.sleep(0.02) ngx.header["Content-Type"] = "application/json" ngx.print '{"n":1}' ]],
      ["/file"] = [[ for _ = 1, 5 do ngx.print(("x"):rep(1000)) ngx.flush(true) ngx.sleep(0.002) end ]],
      ["= /v1/token"] = [[
         ngx.sleep(0.05)
         ngx.header["Content-Type"] = "application/json"
         ngx.print '{"access_token":"t","expires_in":3600}'
      ]],
   } }
end)

teardown(function() nginx:stop() end)

local function new_client(options)
   local all = {
      account_sid = fake.account_sid, auth_token = "x", base_url = nginx.url,
      ca_file = nginx.ca_file,
      proxy = "", timeout = 10,
   }
   for name, value in pairs(options or {}) do all[name] = value end
   return twilio.client(all)
end

before_each(function() client = new_client() end)
after_each(function() client:close() end)

local function items(n)
   local list = {}
   for i = 1, n do list[i] = i end
   return list
end

-- A generator of the program's own around a lazy list.
local function sids()
   return coroutine.wrap(function()
      for _, message in ipairs(client.messages:list { page_size = 1 }) do
         coroutine.yield(message.sid)
      end
   end)
end

local function all_sids()
   local seen = {}
   for sid in sids() do seen[#seen + 1] = sid end
   return table.concat(seen, " ")
end

local function slow()
   return client:request("POST", nginx.url .. "/slow", { form = { a = "1" } })
end

describe("a coroutine of the program's own", function()
   it("may list inside a map, beside calls of other tasks", function()
      local results = twilio.map(items(30), function(i)
         if i % 3 == 0 then return all_sids() end
         local answer, err = slow()
         return answer and answer.n, err
      end, { concurrency = 10 })
      for i, result in ipairs(results) do
         assert.is_nil(result.err)
         assert.equal(i % 3 == 0 and "SM0 SM1 SM2" or 1, result.value)
      end
   end)

   it("may be a generator around each, and be left before its end", function()
      local function lazily()
         return coroutine.wrap(function()
            for message in client.messages:each { page_size = 1 } do
               coroutine.yield(message.sid)
            end
         end)
      end
      local results = twilio.map(items(9), function(i)
         if i % 3 == 0 then return lazily()() end
         local seen = {}
         for sid in lazily() do seen[#seen + 1] = sid end
         return table.concat(seen, " ")
      end)
      for i, result in ipairs(results) do
         assert.same(
            { i % 3 == 0 and "SM0" or "SM0 SM1 SM2" }, { result.value, result.err })
      end
   end)

   it("may map inside a map", function()
      local results = twilio.map(items(6), function()
         return coroutine.wrap(function()
            local inner, total = twilio.map(items(4), slow, { concurrency = 4 }), 0
            for _, result in ipairs(inner) do total = total + result.value.n end
            return total
         end)()
      end, { concurrency = 6 })
      for _, result in ipairs(results) do assert.same({ 4 }, { result.value, result.err }) end
   end)

   it("may download inside a run", function()
      local bytes, others
      twilio.run(function()
         local task = twilio.spawn(slow)
         bytes = coroutine.wrap(function()
            return client:download(nginx.url .. "/file", function() return true end)
         end)()
         others = task:wait()
      end)
      assert.equal(5000, bytes)
      assert.equal(1, others.n)
   end)

   it("may close the client that a task waits for", function()
      local _, err
      twilio.run(function()
         local task = twilio.spawn(function() return slow() end)
         twilio.sleep(0.005)
         coroutine.wrap(function() client:close() end)()
         _, err = task:wait()
      end)
      assert.equal("cancelled", err.kind)
   end)

   it("needn't wait for a token that a task is fetching", function()
      client:close()
      client = new_client {
         auth_token = false or nil, oauth = { client_id = "OQ1", client_secret = "hush-1" },
      }
      local began, answer = os.time(), nil
      twilio.run(function()
         local task = twilio.spawn(slow)
         twilio.sleep(0.01)
         answer = coroutine.wrap(slow)()
         task:wait()
      end)
      assert.is_truthy(answer)
      assert.is_true(os.time() - began < 8)
   end)

   it("may start a task, but not wait for one", function()
      local ok, message, value
      twilio.run(function()
         local task = coroutine.wrap(function() return twilio.spawn(slow) end)()
         ok, message = coroutine.wrap(function() return pcall(task.wait, task) end)()
         value = task:wait()
      end)
      assert.is_false(ok)
      assert.matches("can't be called in a coroutine of your own", message)
      assert.equal(1, value.n)
   end)
end)
