-- Requests that the sandbox refuses by the API's files, end to end, and those that it mustn't
-- refuse. tools/sandbox_conformance.sh checks every operation.

local json = require "twilio.json"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local function sid(prefix) return prefix .. ("a"):rep(32) end

describe("sandbox refusals by the API's files", function()
   local box, client

   before_each(function()
      box = sandbox.new { seed = 1 }
      client = twilio.client { account_sid = sid "AC", auth_token = "secret", transport = box }
   end)

   local function refused(expected, resource, method, arguments)
      local result, err = resource[method](resource, arguments)
      assert.is_nil(result)
      assert.same({ 400, 20001, expected }, { err.status, err.code, err.message })
   end

   local function a_call()
      return assert(
         client.calls:create {
            to = "+15558675310", from = "+15005550006", url = "https://example.com/x",
         })
   end

   it("name an enum's values, in a form", function()
      local call = a_call()
      refused(
         "Parameter Status must be one of canceled, completed", call, "update",
         { status = "nonsense" })
      refused(
         "Parameter Method must be one of GET, POST", call, "update",
         { url = "https://example.com", method = "FETCH" })
      assert.equal("canceled", assert(call:update { status = "canceled" }).status)
   end)

   it("name the same of several mistakes each time: the first by the alphabet", function()
      local call = a_call()
      for _ = 1, 20 do
         refused("Parameter Method must be one of GET, POST", call, "update", {
            url = "https://example.com", method = "FETCH", status = "nonsense",
            status_callback_method = "FETCH",
         })
      end
   end)

   it("name an enum's values, in a query", function()
      refused(
         "Parameter Status must be one of init, in-progress, completed", client.conferences, "list",
         { status = "over" })
      assert.same({}, client.conferences:list { status = "in-progress" })
      assert.same({}, client.conferences:list { status = "" })
   end)

   it("name an enum's values, in a list", function()
      local bindings = client.notify.v1.services(
         assert(client.notify.v1.services:create()).sid).bindings
      refused("Parameter BindingType must be one of apn, gcm, sms, fcm, facebook-messenger, alexa", bindings, "create",
         { identity = "x", binding_type = "pigeon", address = "y" })
      local app = client.connect_apps(sid "CN")
      refused(
         "Parameter Permissions must be one of get-all, post-all", app, "update",
         { permissions = { "get-all", "all" } })
      assert(app:update { permissions = { "get-all", "post-all" } })
      assert(app:update { permissions = "get-all,post-all" })
   end)

   it("say what a SID, a URL and a header must be", function()
      local message = { to = "+15558675310", body = "Hello", messaging_service_sid = "MG123" }
      refused(
         "Parameter MessagingServiceSid must be a SID: MG and 32 hexadecimal digits",
         client.messages, "create", message)
      message.messaging_service_sid = assert(
         client.messaging.v1.services:create { friendly_name = "Shop" }).sid
      assert(
         client.messaging.v1.services(message.messaging_service_sid).alpha_senders:create {
            alpha_sender = "Shop",
         })
      message.status_callback = "example.com/status"
      refused(
         "Parameter StatusCallback must be a URL with its scheme", client.messages, "create",
         message)
      message.status_callback = "https://example.com/status"
      assert(client.messages:create(message))
      refused("Parameter X-Twilio-Webhook-Enabled must be one of true, false", client.conversations.v1.conversations, "create",
         { x_twilio_webhook_enabled = "perhaps" })
      assert(client.conversations.v1.conversations:create { x_twilio_webhook_enabled = true })
   end)

   describe("of JSON bodies", function()
      local configurations, given

      before_each(function()
         configurations = client.conversations.v2.configurations
         given = {
            displayName = "Shop", description = "d", conversationGroupingType = "GROUP_BY_PROFILE",
            memoryStoreId = "m",
         }
      end)

      it("name members that are missing, of a wrong kind or beyond a limit, and an enum's values", function()
         assert(configurations:create(given))
         given.displayName = nil
         refused("Missing required parameter displayName", configurations, "create", given)
         given.displayName = 5
         refused(
            "Parameter displayName must match ^[a-zA-Z0-9-_ ]+$", configurations, "create", given)
         given.displayName, given.description = "Shop", ("x"):rep(513)
         refused(
            "Parameter description must have a length of at most 512", configurations, "create",
            given)
         given.description, given.conversationGroupingType = "d", "BY_HAIR"
         local _, err = configurations:create(given)
         assert.matches(
            "^Parameter conversationGroupingType must be one of GROUP_BY_PROFILE, ", err.message)
      end)

      it("name members by their path", function()
         given.statusCallbacks = {
            { url = "https://example.com" }, { url = "https://example.com", method = "FETCH" },
         }
         refused(
            "Parameter statusCallbacks[1].method must be one of POST, GET", configurations,
            "create", given)
         given.statusCallbacks = { { method = "POST" } }
         refused(
            "Missing required parameter statusCallbacks[0].url", configurations, "create", given)
         given.statusCallbacks, given.channelSettings = nil, {
            SMS = { statusTimeouts = { inactive = 0 } },
         }
         refused(
            "Parameter channelSettings.SMS.statusTimeouts.inactive must have a value of at least 1",
            configurations, "create", given)
      end)

      it("name unknown members where the files allow none", function()
         refused(
            "Unknown parameter trait", client.memory.v1.profiles("x"), "create",
            twilio.verbatim { trait = {} })
         given.more = "x"
         assert(configurations:create(twilio.verbatim(given)))
      end)

      it("are reported as the product does", function()
         local response = box:send {
            method = "POST",
            url = "https://conversations.twilio.com/v2/ControlPlane/Configurations", body = "",
            headers = {
               Authorization = "Basic QUNhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYTp4",
               ["Content-Type"] = "application/json",
            },
         }
         assert.equal("application/problem+json", response.headers["content-type"])
         assert.matches("^Missing required parameter ", json.decode(response.body).detail)
      end)
   end)

   it("aren't of what works at Twilio", function()
      -- Addresses that aren't numbers.
      for _, to in ipairs { "client:alice", "sip:alice@example.com", "+15558675310" } do
         assert(client.calls:create { to = to, from = "+15005550006", twiml = "<Response/>" })
      end
      -- An empty text clears a field of any kind.
      local app = assert(
         client.applications:create {
            voice_url = "https://example.com/voice", voice_method = "GET",
         })
      assert(app:update { voice_url = "", voice_method = "", sms_url = "" })
      -- Verbs in either spelling: the files write them so and so.
      local webhooks = client.conversations.v1.conversations(
         assert(client.conversations.v1.conversations:create()).sid).webhooks
      for _, method in ipairs { "GET", "post" } do
         assert(
            webhooks:create {
               target = "webhook", configuration_url = "https://example.com",
               configuration_method = method,
            })
      end
      -- A list gives fewer than it is asked for.
      assert(client.conversations.v1.conversations:list { page_size = 1000 })
      -- Whoever acts, not only users.
      assert(client.monitor.v1.events:list { actor_sid = sid "SK" })
      -- Headers of HTTP.
      assert(client.memory.v1.stores:list({}, { headers = { ["Accept-Encoding"] = "gzip;q=1.0" } }))
      -- Templates know more than their file.
      assert(
         client.content.v1.contents:create {
            language = "en",
            types = { ["twilio/catalog"] = { body = "x", thumbnail_item_id = "1" } },
         })
      -- SCIM replaces values of any kind.
      box:add(
         "https://preview-iam.twilio.com/Organizations/" .. sid "OR" .. "/scim/Users/" .. sid "US",
         {})
      assert.equal(200, box:send({
         method = "PATCH",
         url = "https://preview-iam.twilio.com/Organizations/" .. sid "OR" .. "/scim/Users/"
            .. sid "US",
         headers = { Authorization = "Bearer token", ["Content-Type"] = "application/scim+json" },
         body = '{"Operations":[{"op":"replace","path":"active","value":false}]}',
      }).status)
      -- Null, as if it weren't there.
      local sender = { sender_id = "whatsapp:+15005550006", profile = twilio.null }
      assert(client.messaging.v2.channels_senders:create(sender))
   end)
end)
