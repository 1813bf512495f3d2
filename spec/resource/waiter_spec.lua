local fake = require "support.fake"

-- A runtime whose clock moves only by sleeping.
local function clock()
   local runtime = { time = 0, slept = {} }
   runtime.now = function() return runtime.time end
   runtime.sleep = function(seconds)
      runtime.time = runtime.time + seconds
      runtime.slept[#runtime.slept + 1] = seconds
   end
   return runtime
end

local function call(status) return fake.answer(200, { sid = "CA1", status = status }) end

local function is_completed(record) return record.status == "completed" end

local function client(runtime, ...)
   return fake.client({ runtime = runtime, max_retries = 0 }, ...)
end

describe("wait_until", function()
   it("fetches until it is so", function()
      local runtime = clock()
      local c, transport = client(runtime, call "ringing", call "in-progress", call "completed")
      local record, err, response = c.calls("CA1"):wait_until(is_completed, { interval = 5 })
      assert.is_nil(err)
      assert.equal("completed", record.status)
      assert.equal(200, response.status)
      assert.equal(3, #transport.requests)
      assert.same({ 5, 5 }, runtime.slept)
   end)

   it("is a method of records too, whose result is a record again", function()
      local c = client(clock(), call "queued", call "completed")
      local record = assert(c.calls("CA1"):fetch()):wait_until(is_completed)
      assert.equal("completed", record.status)
      assert.is_function(record.update)
   end)

   it("returns an error of kind timeout when the time is over", function()
      local runtime = clock()
      local c, transport = client(runtime, call "ringing")
      local record, err = c.calls("CA1"):wait_until(is_completed, { timeout = 5, interval = 2 })
      assert.is_nil(record)
      assert.equal("timeout", err.kind)
      assert.matches("ringing", err.message)
      assert.equal(5, runtime.time)
      assert.equal(4, #transport.requests)
      assert.equal(4, err.attempts)
   end)

   it("asks every two seconds for a minute unless told otherwise", function()
      local runtime = clock()
      local c = client(runtime, call "ringing")
      c.calls("CA1"):wait_until(is_completed)
      assert.equal(60, runtime.time)
      assert.same({ 30, 2, 2 }, { #runtime.slept, runtime.slept[1], runtime.slept[30] })
   end)

   it("asks once if there is no time", function()
      local c, transport = client(clock(), call "ringing")
      local record, err, response = c.calls("CA1"):wait_until(is_completed, { timeout = 0 })
      assert.is_nil(record)
      assert.same(
         { "timeout", true, true, 200, 1 },
         { err.kind, err.sent, err.retryable, response.status, #transport.requests })
      assert.matches("^timed out after 0 seconds; last seen: .*CA1", err.message)
   end)

   it("gives no request more time than is left", function()
      local c, transport = client(clock(), call "ringing")
      c.calls("CA1"):wait_until(is_completed, { timeout = 6, interval = 2 })
      local given = {}
      for i, request in ipairs(transport.requests) do given[i] = request.timeout end
      assert.same({ 6, 4, 2, 1 }, given)
   end)

   it("outlasts failures that may pass", function()
      local c = client(
         clock(), fake.answer(503), { kind = "network", message = "reset" }, call "completed")
      assert.equal("completed", assert(c.calls("CA1"):wait_until(is_completed)).status)
   end)

   it("ends at once at any other failure", function()
      local c, transport = client(
         clock(), fake.answer(404, { code = 20404, message = "gone" }), call "completed")
      local record, err, response = c.calls("CA1"):wait_until(is_completed)
      assert.is_nil(record)
      assert.equal(20404, err.code)
      assert.equal(404, response.status)
      assert.equal(1, #transport.requests)
   end)

   it("waits for what isn't there yet, if asked", function()
      local c = client(clock(), fake.answer(404, { code = 20404 }), call "completed")
      assert.equal(
         "completed",
         assert(c.calls("CA1"):wait_until(is_completed, { retry_not_found = true })).status)
   end)

   it("says what was last seen when only failures came", function()
      local c = client(clock(), fake.answer(503, { message = "busy" }))
      local _, err = c.calls("CA1"):wait_until(is_completed, { timeout = 1 })
      assert.equal("timeout", err.kind)
      assert.equal(503, err.status)
      assert.matches("the last answer was a failure: .*busy", err.message)
   end)

   it("lets an error of the function through", function()
      local c = client(clock(), call "ringing")
      assert.has_error(function()
         c.calls("CA1"):wait_until(function() error("mine", 0) end)
      end, "mine")
   end)

   it("raises the caller's mistakes at his line", function()
      local c, transport = client(clock(), call "ringing")
      local function refused(pattern, f)
         local ok, why = pcall(f)
         assert.is_false(ok)
         assert.matches("waiter_spec%.lua:%d+: .*" .. pattern, why)
      end
      refused("function of the record", function() c.calls("CA1"):wait_until "completed" end)
      refused("unknown option 'intervall'", function()
         c.calls("CA1"):wait_until(is_completed, { intervall = 1 })
      end)
      refused("must be a number", function()
         c.calls("CA1"):wait_until(is_completed, { timeout = "1" })
      end)
      refused("timeout must be a number of seconds, 0 or more", function()
         c.calls("CA1"):wait_until(is_completed, { timeout = -1 })
      end)
      refused("interval must be a number of seconds above 0", function()
         c.calls("CA1"):wait_until(is_completed, { interval = 0 })
      end)
      refused("call it with %(sid%) first", function() c.calls:wait_until(is_completed) end)
      local ringing = c.calls "CA1"
      refused("call it with a colon", function() ringing.wait_until(is_completed) end)
      c:close()
      refused("the client is closed", function() ringing:wait_until(is_completed) end)
      assert.equal(0, #transport.requests)
   end)
end)

describe("retry_not_found", function()
   local function soon()
      return fake.client(
         { runtime = clock(), max_retries = 2 }, fake.answer(404, { code = 20404 }), call "queued")
   end

   it("tries a fetch again that comes too soon", function()
      local c, transport = soon()
      assert.equal("queued", assert(c.calls("CA1"):fetch({}, { retry_not_found = true })).status)
      assert.equal(2, #transport.requests)
   end)

   it("is off unless asked for", function()
      local c, transport = soon()
      local _, err = c.calls("CA1"):fetch()
      assert.equal(404, err.status)
      assert.equal(1, #transport.requests)
   end)

   it("is for fetches only", function()
      local c = soon()
      local ok, why = pcall(function()
         c.calls("CA1"):update({ status = "completed" }, { retry_not_found = true })
      end)
      assert.is_false(ok)
      assert.matches("retry_not_found' is for fetches", why)
   end)
end)
