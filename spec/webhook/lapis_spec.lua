-- lapis_spec.lua: the adapter against the request shapes of Lapis's two servers. Lapis itself is in
-- no distribution, so the shapes are written out here as its documents and sources have them.

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

local function parsed_url()
   return { scheme = "https", path = "/sms", query = "a=1", host = "x.com", port = "8443" }
end

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
      method = "POST", request_uri = "/sms?a=1", scheme = "https", port = "8443",
      parsed_url = parsed_url(),
      headers = setmetatable({}, { __index = function(_, name) return headers[name:lower()] end }),
      params_post = params,
      read_body_as_string = function() return "" end,
   }, { __index = function(_, name) error("Request has no implementation for: " .. name) end }) }
end

describe("twilio.webhook.lapis", function()
   local action = adapter.guard({ auth_token = "12345" }, function(self)
      return adapter.respond(
         messaging.Response { messaging.Message("You said " .. self.twilio.Body) })
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
      local result = action(
         cqueues_request(params, { ["X-Twilio-Signature"] = signer:signature(URL, params) }))
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

   -- Requests of Lapis's two servers, with changes to what both know of them.
   local function both(changes)
      local list = {
         nginx_request(changes.body or "Body=x", changes.headers),
         cqueues_request(changes.params or { Body = "x" }, changes.headers),
      }
      for _, self in ipairs(list) do
         for name, value in pairs(changes.req or {}) do rawset(self.req, name, value) end
      end
      return list
   end

   it("refuses what moves the path or brings another body", function()
      local signature = signer:signature(URL, "Body=x")
      local behind = adapter.guard({ auth_token = "12345", trust_proxy = true },
         function() return "let through" end)
      for _, self in ipairs(both { headers = { ["X-Twilio-Signature"] = signature } }) do
         assert.equal("let through", behind(self))
      end
      local hostile = {
         { req = { request_uri = "/admin" },
            headers = { ["X-Forwarded-Host"] = "x.com:8443/sms?a=1#" } },
         { req = { request_uri = "/admin" },
            headers = { ["X-Forwarded-Proto"] = "https://x.com:8443/sms?a=1#" } },
         { req = { request_uri = "/admin" },
            headers = { Forwarded = 'host="x.com:8443/sms?a=1#"' } },
         { req = { request_uri = "/sms?a=1#" }, headers = {} },
         { req = { request_uri = "/sms?a=1#?bodySHA256=x" }, headers = {} },
         { headers = { ["Content-Type"] = { "application/x-www-form-urlencoded",
            "application/json" } } },
         { headers = { ["X-Forwarded-Host"] = "x" .. ("\t"):rep(2000) .. "x" } },
         { headers = { ["X-Forwarded-Host"] = 7 } },
      }
      for i, changes in ipairs(hostile) do
         changes.headers["X-Twilio-Signature"] = signature
         for _, self in ipairs(both(changes)) do assert.equal(400, behind(self).status, i) end
      end
   end)

   it("takes the host from :authority under lua-http, and from what Lapis made of it", function()
      local body = { Body = "x" }
      for _, case in ipairs {
         { "https://[::1]:8443/sms?a=1", { [":authority"] = "[::1]:8443" } },
         { "https://x.com:8443/sms?a=1", {} },
         { "https://[::1]:8443/sms?a=1", {}, { scheme = "https", host = "[::1]", port = "8443" } },
         { "https://x.com/sms?a=1", {}, { scheme = "https", host = "x.com" } },
      } do
         case[2]["X-Twilio-Signature"] = signer:signature(case[1], body)
         local self = cqueues_request(body, case[2])
         if case[3] then self.req.parsed_url = case[3] end
         assert.equal(200, action(self).status, case[1])
      end
      local self = cqueues_request(body, { ["X-Twilio-Signature"] = "x" })
      self.req.parsed_url = {}
      assert.equal(400, action(self).status)
   end)

   it("takes parameters that Lapis has read in any of its ways", function()
      local params = { Body = "x", MediaUrl = { "a", "b" } }
      local signature = signer:signature(URL, params)
      assert.equal(200, action(cqueues_request(params,
         { ["X-Twilio-Signature"] = signature })).status)
      for _, odd in ipairs { { Body = true }, { Body = 7 }, { Body = { {} } }, { "x" } } do
         assert.equal(403, action(cqueues_request(odd, { ["X-Twilio-Signature"] = "x" })).status)
      end
   end)

   it("verifies by SharedKeys, and has the query beside the parameters", function()
      local settings, name = "key=K1,algorithm=HMAC_SHA256", "X-Twilio-Webhooks-Signature-Settings"
      local keyed = assert(webhook.new { auth_token = "12345", shared_keys = { K1 = "secret" } })
      local guarded = adapter.guard(keyed, function(self)
         return { self.twilio_request.query.a .. self.twilio.query.a }
      end)
      local by_key = keyed:signature(URL, "Body=x", settings)
      for _, self in ipairs(
         both { headers = { ["X-Twilio-Signature"] = by_key, [name] = settings } }) do
         assert.equal("11", guarded(self)[1])
      end
      for _, self in ipairs(both { headers = { ["X-Twilio-Signature"] = by_key } }) do
         assert.equal(403, guarded(self).status)
      end
      for _, value in ipairs { { settings, settings }, "key=K1", "" } do
         for _, self in ipairs(
            both { headers = { ["X-Twilio-Signature"] = by_key, [name] = value } }) do
            assert.equal(400, guarded(self).status)
         end
      end
      for _, self in ipairs(
         both {
            headers = { ["X-Twilio-Signature"] = by_key, [name] = "key=K2,algorithm=HMAC_SHA1" },
         }) do
         assert.equal(403, guarded(self).status)
      end
   end)

   -- Lapis shows the first value of a header there; lua-http's own object has all.
   it("sees a header that came twice under lua-http", function()
      local signature = signer:signature(URL, { Body = "x" })
      local self = cqueues_request({ Body = "x" }, {})
      local function behind(repeated)
         return { get_as_sequence = function(_, name)
            if name == "x-twilio-signature" then return { signature, n = 1 } end
            if name == repeated then return { "a", "b", n = 2 } end
            return { n = 0 }
         end, get = function(_, name) return name == "x-twilio-signature" and signature or nil end }
      end
      for repeated, status in pairs {
         ["content-type"] = 400, ["x-twilio-webhooks-signature-settings"] = 400,
         ["user-agent"] = 200,
      } do
         self.req.headers = setmetatable({ behind(repeated) }, { __index = function(t, name)
            return t[1]:get(name)
         end })
         assert.equal(status, action(self).status, repeated)
      end
   end)

   it("answers the others itself", function()
      local result = action(
         nginx_request(
            "Body=forged", { ["X-Twilio-Signature"] = signer:signature(URL, "Body=true") }))
      assert.same(
         {
            "Twilio Request Validation Failed.\n", status = 403, layout = false,
            content_type = "text/plain",
         },
         result)
      assert.equal(400, action(nginx_request("Body=x", {})).status)
      assert.equal(
         403, action(cqueues_request({ Body = "x" }, { ["X-Twilio-Signature"] = "x" })).status)
   end)

   it("raises for wrong options and no action", function()
      local ok, why = pcall(function() adapter.guard({ auth_tokn = "x" }, print) end)
      assert.is_false(ok)
      assert.matches("lapis_spec%.lua:%d+: unknown option 'auth_tokn'", why)
      assert.is_false(pcall(adapter.guard, { auth_token = "x" }))
   end)
end)
