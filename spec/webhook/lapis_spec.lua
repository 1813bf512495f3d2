-- lapis_spec.lua: the adapter against the request shapes of Lapis's two servers. Lapis itself is in no distribution, so
-- the shapes are written out here as its documents and sources have them.

local adapter = require "twilio.webhook.lapis"
local messaging = require "twilio.twiml.messaging"
local webhook = require "twilio.webhook"

local URL = "https://x.com:8443/sms?a=1"
local signer = assert(webhook.new { auth_token = "12345" })

local function lower(headers)
   local result = {}
   for name, value in pairs(headers) do result[name:lower()] = value end
   return result
end

local function parsed_url() return { scheme = "https", path = "/sms", query = "a=1", host = "x.com", port = "8443" } end

-- Under nginx: the raw body can be had, headers in any case, Host among them.
local function nginx_request(body, headers)
   headers = lower(headers)
   headers.host = "x.com:8443"
   return { req = {
      method = "POST", request_uri = "/sms?a=1", parsed_url = parsed_url(),
      headers = setmetatable({}, { __index = function(_, name) return headers[name:lower()] end }),
      params_post = { ignored = "x" },
      read_body_as_string = function() return body end,
   } }
end

-- Under lua-http: a form's body is gone when an action runs, and other names than these raise.
local function cqueues_request(params, headers)
   headers = lower(headers)
   return { req = setmetatable({
      method = "POST", request_uri = "/sms?a=1", scheme = "https", port = "8443", parsed_url = parsed_url(),
      headers = setmetatable({}, { __index = function(_, name) return headers[name:lower()] end }),
      params_post = params,
      read_body_as_string = function() return "" end,
   }, { __index = function(_, name) error("Request has no implementation for: " .. name) end }) }
end

describe("twilio.webhook.lapis", function()
   local action = adapter.guard({ auth_token = "12345" }, function(self)
      return adapter.respond(messaging.Response { messaging.Message("You said " .. self.twilio.Body) })
   end)

   it("lets genuine requests through to the action under nginx", function()
      local body = "Body=Hi+there&From=%2B1555"
      local self = nginx_request(body, { ["X-Twilio-Signature"] = signer:signature(URL, body),
         ["I-Twilio-Idempotency-Token"] = "once" })
      local result = action(self)
      assert.equal(200, result.status)
      assert.equal("text/xml; charset=utf-8", result.content_type)
      assert.is_false(result.layout)
      assert.matches("<Message>You said Hi there</Message>", result[1])
      assert.equal("once", self.twilio.idempotency_token)
   end)

   it("lets them through under lua-http", function()
      local params = { Body = "Hi & bye", From = "+1555" }
      local result = action(cqueues_request(params, { ["X-Twilio-Signature"] = signer:signature(URL, params) }))
      assert.equal(200, result.status)
      assert.matches("You said Hi &amp; bye", result[1])
   end)

   it("verifies JSON by its hash", function()
      local json = '{"Body":"json"}'
      local self = nginx_request(json, { ["Content-Type"] = "application/json" })
      self.req.request_uri = "/sms?bodySHA256=" .. require "twilio.core.crypto".sha256_hex(json)
      local signed = signer:signature("https://x.com:8443" .. self.req.request_uri)
      local headers = self.req.headers
      self.req.headers = setmetatable({ ["x-twilio-signature"] = signed }, { __index = headers })
      assert.matches("You said json", action(self)[1])
   end)

   it("answers the others itself", function()
      local result = action(nginx_request("Body=forged", { ["X-Twilio-Signature"] = signer:signature(URL, "Body=true") }))
      assert.same({ "Twilio Request Validation Failed.\n", status = 403, layout = false, content_type = "text/plain" }, result)
      assert.equal(400, action(nginx_request("Body=x", {})).status)
      assert.equal(403, action(cqueues_request({ Body = "x" }, { ["X-Twilio-Signature"] = "x" })).status)
   end)

   it("raises for wrong options and no action", function()
      local ok, why = pcall(function() adapter.guard({ auth_tokn = "x" }, print) end)
      assert.is_false(ok)
      assert.matches("lapis_spec%.lua:%d+: unknown option 'auth_tokn'", why)
      assert.is_false(pcall(adapter.guard, { auth_token = "x" }))
   end)
end)
