local reauthenticate = require "twilio.auth.reauthenticate"

-- A transport that answers these statuses in turn, and keeps what it was sent.
local function answering(...)
   local statuses, sent = { ... }, {}
   return { sent = sent, send = function(_, request)
      sent[#sent + 1] = request
      return { status = statuses[#sent], headers = {}, attempts = 2 }
   end }
end

local function credentials(value)
   local self = { refused = {} }
   function self.renew(_, refused)
      self.refused[#self.refused + 1] = refused
      return value
   end
   return self
end

local function request(timeout)
   return {
      method = "POST", url = "https://api.twilio.com/x", body = "a=b", timeout = timeout,
      headers = { Authorization = "Bearer old", A = "b" },
   }
end

local function clock(...)
   local times = { ... }
   return function() return table.remove(times, 1) or 0 end
end

describe("renew", function()
   it("sends once more with a fresh token after a 401, in what is left of the time", function()
      local inner, original = answering(401, 200), request(10)
      local c = credentials "Bearer new"
      local result = reauthenticate.new(
         inner, { credentials = c, now = clock(100, 103) }):send(original)
      assert.equal(200, result.status)
      assert.equal(4, result.attempts)
      assert.same({ "Bearer old" }, c.refused)
      assert.same({
         method = "POST", url = "https://api.twilio.com/x", body = "a=b", timeout = 7,
         headers = { Authorization = "Bearer new", A = "b" },
      },
         inner.sent[2])
      assert.same(request(10), original)
   end)

   it("does so once", function()
      local inner = answering(401, 401, 200)
      assert.equal(
         401,
         reauthenticate.new(
            inner, {
               credentials = credentials "Bearer new", now = clock(),
            }):send(request()).status)
      assert.equal(2, #inner.sent)
   end)

   it("leaves everything else as it is", function()
      local c = credentials "Bearer new"
      for _, status in ipairs { 200, 403, 500 } do
         local inner = answering(status)
         assert.equal(
            status,
            reauthenticate.new(inner, { credentials = c, now = clock() }):send(request()).status)
      end
      assert.same({}, c.refused)
      local failure = { kind = "network" }
      local lost = { send = function() return nil, failure end }
      assert.equal(
         failure,
         select(2, reauthenticate.new(lost, { credentials = c, now = clock() }):send(request())))
   end)

   it("gives the 401 where there is no other token, no time left, or no token was sent", function()
      local function status(c, times, r)
         local inner = answering(401, 200)
         return reauthenticate.new(inner, { credentials = c, now = times }):send(r).status
      end
      assert.equal(401, status(credentials(nil), clock(), request()))
      assert.equal(401, status(credentials "Bearer new", clock(100, 110), request(10)))
      local bare = request()
      bare.headers = {}
      assert.equal(401, status(credentials "Bearer new", clock(), bare))
   end)
end)
