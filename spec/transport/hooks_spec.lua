local fake = require "support.fake"
local hooks = require "twilio.transport.hooks"

local function request()
   return {
      method = "POST", url = "https://api.twilio.com/x", body = "Body=Hi",
      headers = {
         Authorization = "Basic c2VjcmV0", ["Twilio-Client-Validation"] = "token",
         Accept = "application/json",
      },
   }
end

local function recording(answer, err)
   local inner = {}
   function inner:send(final)
      self.sent = final
      return answer, err
   end
   return inner
end

describe("hooks", function()
   it("are called before and after, with copies that have no secret in them", function()
      local seen = {}
      local inner = recording { status = 201, headers = { a = "b" }, body = "{}" }
      local watched = hooks.new(inner, {
         on_request = function(r)
            assert.is_nil(inner.sent)
            seen.before = r
         end,
         on_response = function(r, response, err)
            seen.after, seen.response, seen.err = r, response, err
         end,
      })
      local result = watched:send(request())
      for _, shown in ipairs { seen.before, seen.after } do
         assert.equal("POST", shown.method)
         assert.equal("Body=Hi", shown.body)
         assert.same(
            {
               Authorization = "(hidden)", ["Twilio-Client-Validation"] = "(hidden)",
               Accept = "application/json",
            },
            shown.headers)
      end
      assert.same({ status = 201, headers = { a = "b" }, body = "{}" }, seen.response)
      assert.is_nil(seen.err)
      assert.not_equal(result, seen.response)
      assert.equal("Basic c2VjcmV0", inner.sent.headers.Authorization)
   end)

   it("can't change what is sent or returned", function()
      local inner = recording { status = 200, headers = {}, body = "{}" }
      local function spoil(r, response)
         r.url, r.headers.Authorization, r.headers.X = "http://elsewhere", "none", "y"
         if response then response.status = 500 end
      end
      local original = request()
      local result = hooks.new(inner, { on_request = spoil, on_response = spoil }):send(original)
      assert.same(request(), inner.sent)
      assert.same(request(), original)
      assert.equal(200, result.status)
   end)

   it("are told of failures", function()
      local failure, told = { kind = "network", message = "lost", sent = "unknown" }, nil
      local watched = hooks.new(recording(nil, failure), { on_response = function(_, response, err)
         told = { response, err }
      end })
      local result, err = watched:send(request())
      assert.is_nil(result)
      assert.equal(failure, err)
      assert.is_nil(told[1])
      assert.same(failure, told[2])
   end)

   it("don't see the bodies of a confidential exchange", function()
      local shown = {}
      local confidential = request()
      confidential.confidential = true
      hooks.new(recording { status = 200, headers = {}, body = "token" }, {
         on_response = function(r, response) shown = { r.body, response.body } end,
      }):send(confidential)
      assert.same({ "(hidden)", "(hidden)" }, shown)
   end)

   it("see each attempt of a call", function()
      local attempts = {}
      local client = fake.client({
         runtime = { now = function() return 0 end, sleep = function() end },
         on_request = function(r) attempts[#attempts + 1] = r.attempt or 1 end,
      }, fake.answer(429), fake.answer(429), fake.answer(200, {}))
      assert(client.messages("SM1"):fetch())
      assert.same({ 1, 2, 3 }, attempts)
   end)
end)

describe("the trace context", function()
   it("comes from the program's function, for each request", function()
      local n = 0
      local client, transport = fake.client {
         trace = function()
            n = n + 1
            return "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333" .. n .. "-01"
         end,
      }
      client.messages("SM1"):fetch()
      assert.equal(
         "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
         transport.last.headers.traceparent)
      client.messages("SM1"):fetch()
      assert.equal(
         "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-01",
         transport.last.headers.traceparent)
   end)

   it("stands behind the header of a call", function()
      local client, transport = fake.client { trace = function() return "00-a-b-01" end }
      client.messages("SM1"):fetch({}, { headers = { Traceparent = "00-mine-x-00" } })
      assert.equal("00-mine-x-00", transport.last.headers.Traceparent)
      assert.is_nil(transport.last.headers.traceparent)
   end)

   it("is left out where there is none", function()
      local client, transport = fake.client { trace = function() return nil end }
      client.messages("SM1"):fetch()
      assert.is_nil(transport.last.headers.traceparent)
   end)
end)
