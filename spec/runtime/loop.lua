-- loop.lua: what every runtime of plain Lua must do, against a real server: for plain_spec,
-- cqueues_spec and luv_spec.
--
--   local shared = require("runtime.loop").new("cqueues", require "twilio.runtime.cqueues")
--   -- setup, teardown, before_each, after_each; cases: array of { name, function }

local assert = require "luassert"
local twilio = require "twilio"
local twilio_upstream = require "runtime.nginx.upstream"

local loop = {}

local function numbers(n)
   local list = {}
   for i = 1, n do list[i] = i end
   return list
end

function loop.new(name, runtime)
   local shared, upstream, client = { cases = {} }, nil, nil

   local function it(what, f) table.insert(shared.cases, { what, f }) end

   local function new_client()
      return twilio.client {
         account_sid = "AC" .. ("0"):rep(32), auth_token = "x", base_url = upstream.url,
         ca_file = upstream.ca_file, runtime = runtime, proxy = "", connect_timeout = 60,
      }
   end

   local function send(body, how, options)
      return (
         options and options.client
            or client).messages:create({ to = "+1", from = how or "0", body = body },
         { timeout = options and options.timeout })
   end

   function shared.setup() upstream = twilio_upstream.start() end
   function shared.teardown() upstream:stop() end
   function shared.before_each() client = new_client() end
   function shared.after_each() client:close() end

   it("gives each of 256 in flight its own reply", function()
      local results = twilio.map(numbers(600), function(i)
         return send(name .. i, "0.01")
      end, { concurrency = 256, runtime = runtime })
      for i = 1, 600 do
         assert.equal(
            name .. i, results[i].value and results[i].value.body or tostring(results[i].err))
      end
      assert.equal(600, client:stats().done)
      assert.equal(0, client:stats().in_flight)
   end)

   it("waits for several sessions at once", function()
      local clients = { client, new_client(), new_client() }
      local results = twilio.map(numbers(60), function(i)
         return send("several" .. i, "0.01", { client = clients[i % 3 + 1] })
      end,
         { concurrency = 20, runtime = runtime })
      for i = 1, 60 do
         assert.equal(
            "several" .. i, results[i].value and results[i].value.body or tostring(results[i].err))
      end
      for _, each in ipairs(clients) do assert.equal(20, each:stats().done) end
      clients[2]:close()
      clients[3]:close()
   end)

   it("keeps errors with their items: of the network, of time, and raised", function()
      local results = twilio.map({ "0", "cut", "silent", "raise", "0" }, function(how, i)
         if how == "raise" then error("raised", 0) end
         return send("errors" .. i, how, { timeout = how == "silent" and 0.3 or nil })
      end, { concurrency = 5, runtime = runtime })
      assert.equal("errors1", results[1].value.body)
      assert.equal("network", results[2].err.kind)
      assert.equal("timeout", results[3].err.kind)
      assert.equal("raised", results[4].err)
      assert.equal("errors5", results[5].value.body)
   end)

   it("lets a coroutine of the program's own call, list and sleep", function()
      local results = twilio.map(numbers(20), function(i)
         if i % 2 == 0 then return send("plain" .. i).body end
         local seen = {}
         for body in coroutine.wrap(function()
            for k = 1, 3 do
               runtime.sleep(0.001)
               coroutine.yield(send("own" .. k, "0.005").body)
            end
         end) do
            seen[#seen + 1] = body
         end
         return table.concat(seen, " ")
      end, { concurrency = 10, runtime = runtime })
      for i, result in ipairs(results) do
         assert.equal(
            i % 2 == 0 and "plain" .. i or "own1 own2 own3", result.value or tostring(result.err))
      end
   end)

   if _VERSION ~= "Lua 5.1" or type(jit) == "table" then
      it("refuses a call in a callback of a C function, before anything is sent", function()
         local err
         local results = twilio.map({ 1 }, function()
            ("x"):gsub("x", function() err = select(2, send "never") end)
            return "went on"
         end, { runtime = runtime })
         assert.equal("went on", results[1].value)
         assert.same({ "config", false }, { err.kind, err.sent })
         assert.equal(0, client:stats().done)
      end)
   end

   it("raises a mistake of the program from a map", function()
      local ok, why = pcall(twilio.map, { "0.01", "0.01", "0.01" }, function(how, i)
         if i == 2 then return client.messages:create { to = "+1", form = how } end -- a tail call
         return send("mistake" .. i, how)
      end, { runtime = runtime })
      assert.is_false(ok)
      assert.matches("^[^:]*loop.lua:%d+: messages:create: unknown parameter 'form'", why)
      assert.equal(0, client:stats().in_flight)
   end)

   it("runs others while one sleeps or waits", function()
      local order = {}
      local answer = runtime.run(function(first, second)
         local function note(what) order[#order + 1] = what end
         local sleeper = runtime.spawn(function() runtime.sleep(0.4) note "slept" end)
         local slow = runtime.spawn(function() note(send("slow", "0.2").body) end)
         local quick = runtime.spawn(function() note(send("quick").body) end)
         for _, task in ipairs { sleeper, slow, quick } do runtime.join(task) end
         return first + second
      end, 1, 2)
      assert.equal(3, answer)
      assert.same({ "quick", "slow", "slept" }, order)
   end)

   it("raises in join what a task raised, and in run what its function did", function()
      local caught
      runtime.run(function()
         local task = runtime.spawn(function() send "before" error("in a task", 0) end)
         local ok, why = runtime.protect(runtime.join, task)
         caught = not ok and why
      end)
      assert.equal("in a task", caught)
      assert.has_error(function()
         runtime.run(function() send "again" error("in run", 0) end)
      end, "in run")
   end)

   it("waits again for a retry without keeping the others", function()
      local before_the_end = false
      local results = twilio.map({ "once 429 after 1", "0" }, function(how, i)
         local message, err = send("retried" .. name .. i, how)
         if i == 2 then before_the_end = true end
         return message and message.body, err
      end, { concurrency = 2, runtime = runtime, on_progress = function(done)
         if done == 1 then assert.is_true(before_the_end) end
      end })
      assert.equal("retried" .. name .. "1", results[1].value)
   end)

   it("ends those who wait when the client is closed", function()
      local kinds = {}
      local began = runtime.now()
      runtime.run(function()
         local waiting = {}
         for i = 1, 5 do
            waiting[i] = runtime.spawn(function()
               local message, err = send("closed" .. name .. i, "silent", { timeout = 20 })
               kinds[i] = message or err.kind
            end)
         end
         runtime.sleep(0.2)
         client:close()
         for _, task in ipairs(waiting) do runtime.join(task) end
      end)
      assert.same({ "cancelled", "cancelled", "cancelled", "cancelled", "cancelled" }, kinds)
      assert.is_true(runtime.now() - began < 10)
   end)

   it("lets everyone go on who waits for a signal, or whose time is over", function()
      if not runtime.signal then return end
      local went = {}
      runtime.run(function()
         local signal = runtime.signal()
         local waiting = {}
         for i = 1, 3 do
            waiting[i] = runtime.spawn(function() signal:wait(10) went[#went + 1] = i end)
         end
         runtime.sleep(0.01)
         signal:broadcast()
         for _, task in ipairs(waiting) do runtime.join(task) end
         signal:wait(0.01)
      end)
      table.sort(went)
      assert.same({ 1, 2, 3 }, went)
   end)

   return shared
end

return loop
