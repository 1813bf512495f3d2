-- access_token_spec.lua: header and payload of access tokens, as the official libraries have them.

local access_token = require "twilio.jwt.access_token"
local json = require "twilio.json"

local function build(more)
   local arguments = { account_sid = "AC1", api_key = "SK1", api_secret = "s", now = 1000 }
   for name, value in pairs(more or {}) do arguments[name] = value end
   return access_token(arguments)
end

local function grants_of(more)
   local _, payload = build(more)
   return json.encode(payload.grants)
end

describe("access tokens", function()
   it("have Twilio's header and claims", function()
      local header, payload, secret = build { ttl = 86400, nbf = 990 }
      assert.same({ alg = "HS256", cty = "twilio-fpa;v=1", typ = "JWT" }, header)
      assert.equal(
         '{"exp":87400,"grants":{},"iss":"SK1","jti":"SK1-1000","nbf":990,"sub":"AC1"}',
         json.encode(payload))
      assert.equal("s", secret)
   end)

   it("have a region and another algorithm when asked", function()
      assert.same(
         { alg = "HS512", cty = "twilio-fpa;v=1", typ = "JWT", twr = "ie1" },
         (build { region = "ie1", algorithm = "HS512" }))
      assert.is_nil((build { region = "" }).twr)
   end)

   it("have an identity, a text", function()
      assert.equal('{"identity":"joe"}', grants_of { identity = "joe" })
      assert.equal('{"identity":"12"}', grants_of { identity = 12 })
      assert.equal('{"identity":"12"}', grants_of { identity = 12.0 })
   end)

   it("have grants, which are objects when empty", function()
      assert.equal('{"chat":{},"data_sync":{},"identity":"joe","ip_messaging":{},"rtc":{},"task_router":{},"video":{},"voice":{}}',
         grants_of {
            identity = "joe",
            grants = {
               chat = {}, sync = {}, ip_messaging = {}, rtc = {}, task_router = {}, video = {},
               voice = {},
            },
         })
   end)

   it("have voice", function()
      assert.equal('{"identity":"joe","voice":{"endpoint_id":"e","incoming":{"allow":true},"outgoing":{"application_sid":"AP1","params":{"a":"b"}},'
         .. '"push_credential_sid":"CR1"}}',
         grants_of { identity = "joe", grants = { voice = { outgoing_application_sid = "AP1", outgoing_application_params = { a = "b" },
            incoming_allow = true, push_credential_sid = "CR1", endpoint_id = "e" } } })
      assert.equal('{"identity":"joe","voice":{"outgoing":{"application_sid":"AP1","params":{}}}}',
         grants_of {
            identity = "joe",
            grants = {
               voice = { outgoing_application_sid = "AP1", outgoing_application_params = {} },
            },
         })
      assert.equal('{"identity":"joe","voice":{}}',
         grants_of {
            identity = "joe",
            grants = {
               voice = { incoming_allow = false, outgoing_application_params = { a = 1 } },
            },
         })
   end)

   it("have the others", function()
      assert.equal(
         '{"identity":"joe","video":{"room":"r"}}',
         grants_of { identity = "joe", grants = { video = { room = "r" } } })
      assert.equal('{"chat":{"deployment_role_sid":"RL","endpoint_id":"e","push_credential_sid":"CR","service_sid":"IS"},"identity":"joe"}',
         grants_of { identity = "joe", grants = { chat = {
            service_sid = "IS", endpoint_id = "e", deployment_role_sid = "RL", push_credential_sid = "CR" },
         } })
      assert.equal('{"data_sync":{"endpoint_id":"e","service_sid":"IS"}}',
         grants_of { grants = { sync = { service_sid = "IS", endpoint_id = "e" } } })
      assert.equal('{"task_router":{"role":"worker","worker_sid":"WK","workspace_sid":"WS"}}',
         grants_of {
            grants = { task_router = { workspace_sid = "WS", worker_sid = "WK", role = "worker" } },
         })
      assert.equal(
         '{"rtc":{"configuration_profile_sid":"VS"}}',
         grants_of { grants = { rtc = { configuration_profile_sid = "VS" } } })
   end)

   it("have an identity with the grants whose SDKs want one", function()
      for _, name in ipairs { "voice", "chat", "video", "ip_messaging" } do
         for _, identity in ipairs { "none", "" } do
            local header, why = build {
               identity = identity ~= "none" and identity or nil,
               grants = { [name] = {}, sync = {} },
            }
            assert.is_nil(header)
            assert.equal(("argument 'identity' is required with the %s grant"):format(name), why)
         end
         assert.is_table((build { identity = 0, grants = { [name] = {} } }))
      end
      for _, name in ipairs { "sync", "task_router", "playback", "rtc" } do
         assert.is_table((build { grants = { [name] = {} } }))
      end
   end)

   it("have a playback grant as it is", function()
      assert.equal('{"player":{"playbackUrl":"https://example.com/","requestCredentials":null}}',
         grants_of {
            grants = {
               playback = { requestCredentials = json.null, playbackUrl = "https://example.com/" },
            },
         })
   end)

   it("say what is wrong", function()
      local function problem(more) return (select(2, build(more))) end
      assert.equal("argument 'ttl' is at most 86400 seconds", problem { ttl = 86401 })
      assert.equal("argument 'algorithm' is HS256, HS384 or HS512", problem { algorithm = "none" })
      assert.equal(
         "unknown grant 'vioce' (did you mean 'voice'?)", problem { grants = { vioce = {} } })
      assert.equal(
         "grant 'video' must be a table, got a boolean", problem { grants = { video = true } })
      assert.equal(
         "unknown field of the video grant: 'rom' (did you mean 'room'?)",
         problem { grants = { video = { rom = "x" } } })
      assert.equal("field of the voice grant: 'incoming_allow' must be a boolean, got a string",
         problem { grants = { voice = { incoming_allow = "yes" } } })
   end)
end)
