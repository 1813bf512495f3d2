-- twilio.map in plain Lua: order, errors, limits and pace. Calls over a real connection:
-- spec/runtime.

local Error = require "twilio.util.error"
local core = require "twilio.core"
local twilio = require "twilio"

local function numbers(n)
   local list = {}
   for i = 1, n do list[i] = i end
   return list
end

describe("map", function()
   it("keeps the order of the items, whatever ends first", function()
      local results = twilio.map(numbers(20), function(n)
         twilio.sleep((20 - n) / 1000)
         return n * n
      end, { concurrency = 20 })
      assert.equal(20, #results)
      for i = 1, 20 do
         assert.equal(i * i, results[i][1])
         assert.equal(i * i, results[i].value)
         assert.is_nil(results[i].err)
      end
   end)

   it("keeps to the concurrency", function()
      local running, most = 0, 0
      twilio.map(numbers(30), function()
         running = running + 1
         most = math.max(most, running)
         twilio.sleep(0.001)
         running = running - 1
      end, { concurrency = 7 })
      assert.equal(7, most)
   end)

   it("keeps errors with their items: returned ones and raised ones", function()
      local results = twilio.map({ "fine", "refused", "broken", "fine", "text" }, function(what)
         twilio.sleep(0)
         if what == "refused" then return nil, Error.new { kind = "api", message = "no" } end
         if what == "broken" then error({ "a table" }, 0) end
         if what == "text" then error("a text", 0) end
         return what
      end)
      assert.equal("fine", results[1].value)
      assert.equal("api", results[2].err.kind)
      assert.same({ "a table" }, results[3].err)
      assert.equal("fine", results[4].value)
      assert.equal("a text", results[5].err)
   end)

   it("raises a mistake of the program, with its line, once what is under way has ended", function()
      local started, ended = 0, 0
      local ok, why = pcall(twilio.map, numbers(20), function(n)
         started = started + 1
         twilio.sleep(n == 2 and 0 or 0.005)
         if n == 2 then return n + nil end
         ended = ended + 1
      end, { concurrency = 4 })
      assert.is_false(ok)
      assert.matches("^spec/runtime/map_spec.lua:%d+: attempt to perform arithmetic", why)
      assert.same({ 4, 3 }, { started, ended })
   end)

   it("raises the mistake of the first item that made one", function()
      local _, why = pcall(twilio.map, numbers(3), function(n)
         twilio.sleep((3 - n) / 1000)
         error("item " .. n)
      end)
      assert.matches("map_spec.lua:%d+: item 1$", why)
   end)

   it("raises what on_progress raises, and starts no more", function()
      local started = 0
      assert.has_error(function()
         twilio.map(numbers(20), function()
            started = started + 1
         end, { concurrency = 1, on_progress = function() error({ "odd" }, 0) end })
      end, { "odd" })
      assert.equal(1, started)
   end)

   it("tells of its progress", function()
      local seen = {}
      twilio.map(numbers(3), function(n)
         return n ~= 2 and n or nil, n == 2 and "failed" or nil
      end, {
         concurrency = 1, on_progress = function(done, total, failed)
            seen[#seen + 1] = { done, total, failed }
         end,
      })
      assert.same({ { 1, 3, 0 }, { 2, 3, 1 }, { 3, 3, 1 } }, seen)
   end)

   it("starts no more after a failure when asked to, and says so of the rest", function()
      local started = 0
      local results = twilio.map(numbers(10), function(n)
         started = started + 1
         if n == 3 then return nil, "failed" end
         return n
      end, { concurrency = 1, stop_on_error = true })
      assert.equal(3, started)
      assert.equal(10, #results)
      assert.equal("failed", results[3].err)
      assert.equal("cancelled", results[4].err.kind)
      assert.is_false(results[10].err.sent)
   end)

   it("works inside run, and on no items at all", function()
      twilio.run(function()
         assert.equal(4, twilio.map({ 2 }, function(n) return n * 2 end)[1].value)
      end)
      assert.same({}, twilio.map({}, function() error "never" end))
   end)

   it("raises misuse at the caller's line", function()
      local ok, why = pcall(function() twilio.map({}, print, { concurency = 5 }) end)
      assert.is_false(ok)
      assert.matches(
         "map_spec.lua:%d+: unknown option 'concurency' %(did you mean 'concurrency'%?%)", why)
      assert.has_error(function() twilio.map({}, print, { concurrency = 0 }) end)
      assert.has_error(function() twilio.map({}, print, { rate = -1 }) end)
      assert.has_error(function() twilio.map({}, "print") end)
   end)

   -- A transport that answers at once, so that only the pace takes time.
   local function client_of(answer)
      local transport = { sent = {} }
      function transport:send(request)
         self.sent[#self.sent + 1] = core.now()
         return answer(request, #self.sent)
      end
      return transport, twilio.client {
         account_sid = "AC" .. ("a"):rep(32), auth_token = "x", transport = transport,
      }
   end

   local created = { status = 201, headers = {}, body = '{"sid":"SM1"}' }

   it("paces calls to a rate", function()
      local transport, client = client_of(function()
         return { status = 201, headers = {}, body = created.body }
      end)
      twilio.map(numbers(6), function(n)
         return client.messages:create { to = "+1" .. n }
      end, { rate = 100, concurrency = 6 })
      assert.equal(6, #transport.sent)
      assert.is_true(transport.sent[6] - transport.sent[1] >= 0.049)
   end)

   it("holds the whole map back when one call meets a 429", function()
      local transport, client = client_of(function(_, n)
         if n == 2 then
            return { status = 429, headers = { ["retry-after"] = "0.1" }, body = "{}" }
         end
         return { status = 201, headers = {}, body = created.body }
      end)
      local results = twilio.map(numbers(10), function(n)
         return client.messages:create { to = "+1" .. n }
      end, { concurrency = 1 })
      for _, r in ipairs(results) do assert.is_nil(r.err) end
      assert.equal(11, #transport.sent)
      assert.is_true(transport.sent[3] - transport.sent[2] >= 0.099)
   end)

   it("holds those back too that did not meet the 429", function()
      local transport, client = client_of(function(request, n)
         if n == 1 then
            return { status = 429, headers = { ["retry-after"] = "0.1" }, body = "{}" }
         end
         return { status = 201, headers = {}, body = created.body, request = request }
      end)
      local results = twilio.map(numbers(5), function(n)
         return client.messages:create({ to = "+1" .. n }, { max_retries = n == 1 and 0 or 2 })
      end, { concurrency = 1 })
      assert.equal(429, results[1].err.status)
      assert.equal("SM1", results[2].value.sid)
      assert.is_true(transport.sent[2] - transport.sent[1] >= 0.099)
   end)
end)
