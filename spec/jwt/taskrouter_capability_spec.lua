-- taskrouter_capability_spec.lua: claims and policies of TaskRouter tokens.

local json = require "twilio.json"
local taskrouter_capability = require "twilio.jwt.taskrouter_capability"

local EVENTS = "https://event-bridge.twilio.com/v1/wschannels/AC1/"
local WORKSPACE = "https://taskrouter.twilio.com/v1/Workspaces/WS1"

local function build(more)
   local arguments = { account_sid = "AC1", auth_token = "t", workspace_sid = "WS1", now = 1000 }
   for name, value in pairs(more or {}) do arguments[name] = value end
   return taskrouter_capability(arguments)
end

-- "GET url", "POST url", ... of the policies, which must all be plain.
local function check(expected, more)
   local _, payload = build(more)
   local got = {}
   for i, policy in ipairs(payload.policies) do got[i] = policy.method .. " " .. policy.url end
   assert.same(expected, got)
end

describe("TaskRouter tokens", function()
   it("have header and claims, by the kind of channel", function()
      local header, payload, secret = build { channel = "WK1", ttl = 60, policies = {} }
      assert.same({ alg = "HS256", typ = "JWT" }, header)
      assert.equal("t", secret)
      assert.equal('{"account_sid":"AC1","channel":"WK1","exp":1060,"friendly_name":"WK1","iss":"AC1","policies":[],"version":"v1",'
         .. '"worker_sid":"WK1","workspace_sid":"WS1"}', json.encode(payload))
      payload = select(2, build { channel = "WQ1", friendly_name = "queue" })
      assert.equal("WQ1", payload.taskqueue_sid)
      assert.equal("queue", payload.friendly_name)
      payload = select(2, build())
      assert.equal("WS1", payload.channel)
      assert.is_nil(payload.worker_sid or payload.taskqueue_sid)
   end)

   it("allow by themselves what the official libraries do", function()
      check({ "GET " .. EVENTS .. "WS1", "POST " .. EVENTS .. "WS1", "GET " .. WORKSPACE })
      check(
         {
            "GET " .. EVENTS .. "WQ1", "POST " .. EVENTS .. "WQ1",
            "GET " .. WORKSPACE .. "/TaskQueues/WQ1",
         },
         { channel = "WQ1" })
      check({ "GET " .. EVENTS .. "WK1", "POST " .. EVENTS .. "WK1", "GET " .. WORKSPACE .. "/Workers/WK1",
         "GET " .. WORKSPACE .. "/Activities", "GET " .. WORKSPACE .. "/Tasks/**",
         "GET " .. WORKSPACE .. "/Workers/WK1/Reservations/**" }, { channel = "WK1" })
   end)

   it("allow what is named besides", function()
      local own = WORKSPACE .. "/TaskQueues/WQ1"
      check({ "GET " .. EVENTS .. "WQ1", "POST " .. EVENTS .. "WQ1", "GET " .. own, "POST " .. own, "DELETE " .. own,
         "GET " .. own .. "/**", "DELETE " .. own .. "/**", "POST " .. own .. "/**" },
         {
            channel = "WQ1",
            allow = {
               "update_subresources", "fetch_subresources", "delete_subresources", "delete_self",
               "update_self",
            },
         })
   end)

   it("don't allow what is taken away", function()
      check(
         { "GET " .. WORKSPACE .. "/**" },
         { allow = { "fetch_subresources", web_sockets = false, fetch_self = false } })
      check({ "GET " .. WORKSPACE }, { allow = { "web_sockets", web_sockets = false } })
   end)

   it("let workers update activities and reservations", function()
      local _, payload = build {
         channel = "WK1", policies = {}, allow = { "update_activities", "update_reservations" },
      }
      local own = WORKSPACE .. "/Workers/WK1"
      local function policy(method, url, filter)
         return {
            url = url, method = method, allow = true, query_filter = {}, post_filter = filter or {},
         }
      end
      assert.same({
         policy("POST", own, { ActivitySid = { required = true } }),
         policy("POST", WORKSPACE .. "/Tasks/**"),
         policy("POST", own .. "/Reservations/**"),
      }, payload.policies)
   end)

   it("have policies of one's own, and then only those", function()
      local _, payload = build { policies = {
         { url = "https://example.com/a" },
         {
            url = "https://example.com/b", method = "post", allow = false,
            query_filter = { A = { required = false } }, post_filter = {},
         },
      } }
      assert.equal('[{"allow":true,"method":"GET","post_filter":{},"query_filter":{},"url":"https://example.com/a"},'
         .. '{"allow":false,"method":"POST","post_filter":{},"query_filter":{"A":{"required":false}},"url":"https://example.com/b"}]',
         json.encode(payload.policies))
      check(
         { "GET " .. EVENTS .. "WS1", "POST " .. EVENTS .. "WS1", "GET x" },
         { policies = { { url = "x" } }, allow = { "web_sockets" } })
   end)

   it("say what is wrong", function()
      local function problem(more) return (select(2, build(more))) end
      assert.equal(
         "unknown permission 'fetch_slef' (did you mean 'fetch_self'?)",
         problem { allow = { "fetch_slef" } })
      assert.equal("unknown permission 'x'", problem { allow = { x = true } })
      assert.equal(
         "'update_activities' is for workers (channel = \"WK...\")",
         problem { allow = { "update_activities" } })
      assert.equal("field of policy 1: 'url' is required", problem { policies = { {} } })
      assert.equal(
         "policy 2 must be a table, got a string", problem { policies = { { url = "x" }, "x" } })
      assert.equal(
         "unknown field of policy 1: 'verb'", problem {
            policies = { { url = "x", verb = "GET" } },
         })
   end)
end)
