-- Patterns with two repetitions side by side ("^%s*(.-)%s*$", "(%d+%.?%d*)", "/+$") try each length
-- of the one with each length of the other: X-Forwarded-Host of 2,000 tabs blocked a worker for 20
-- seconds before any signature was looked at, a Retry-After of 40 KB of digits a client for 18.
-- Whatever takes text from outside takes a time that grows with its size and no faster.

local core = require "twilio.core"
local Error = require "twilio.util.error"
local fake = require "support.fake"
local growth = require "support.growth"
local headers = require "twilio.call.headers"
local endpoint = require "twilio.call.endpoint"
local json = require "twilio.json"
local log = require "twilio.transport.log"
local multipart = require "twilio.file.multipart"
local page = require "twilio.resource.page"
local response = require "twilio.call.response"
local settings = require "twilio.client.settings"
local twilio = require "twilio"
local client_validation = require "twilio.auth.client_validation"
local voice = require "twilio.twiml.voice"
local webhook = require "twilio.webhook"
local xml = require "twilio.util.xml"

local KB = 1024

-- name -> function of the hostile text; that it fails is no matter.
local function are_linear(most, entrances)
   for name, f in pairs(entrances) do
      it(name, function() growth.check_all(f, most) end)
   end
end

describe("a webhook's header of any size:", function()
   local verifiers = {
      ["without trust_proxy"] = assert(webhook.new { auth_token = "12345" }),
      ["with trust_proxy"] = assert(webhook.new { auth_token = "12345", trust_proxy = true }),
   }
   for name, verifier in pairs(verifiers) do
      local function verify(changed)
         local given = { Host = "example.com", ["X-Twilio-Signature"] = "x" }
         for key, value in pairs(changed) do given[key] = value end
         return verifier:verify { method = "POST", url = "/sms?a=1", headers = given, body = "a=1" }
      end
      local entrances = {
         [name .. ", its name"] = function(s) return verify { [s] = "x" } end,
      }
      for _, header in ipairs {
         "Host", ":authority", "Content-Type", "X-Twilio-Signature", "Upgrade", "Forwarded",
         "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix",
         "I-Twilio-Idempotency-Token",
      } do
         entrances[name .. ", " .. header] = function(s) return verify { [header] = s } end
      end
      entrances[name .. ", Host twice"] = function(s) return verify { Host = { s, s } } end
      -- Below the limit each one is read.
      are_linear(64 * KB, entrances)
      are_linear(8000, {
         [name .. ", all of them"] = function(s)
            return verify { Host = s, ["Content-Type"] = s, Forwarded = s,
               ["X-Forwarded-Host"] = s }
         end,
         [name .. ", within Forwarded"] = function(s)
            return verify { Forwarded = "for=" .. s .. ';host="a";x="' .. s .. '", ' .. s }
         end,
         [name .. ", within a list"] = function(s)
            return verify { ["X-Forwarded-Host"] = "a, " .. s .. ", a" }
         end,
      })
   end
end)

describe("a webhook's target, body and parameters of any size:", function()
   local fixed = assert(webhook.new { auth_token = "12345" })
   local by_account = assert(webhook.new { auth_token = function() return "12345" end })
   local function verify(verifier, url, body, kind)
      return verifier:verify { method = "POST", url = url, body = body, headers = {
         Host = "example.com", ["X-Twilio-Signature"] = "x", ["Content-Type"] = kind } }
   end
   are_linear(64 * KB, {
      ["the path"] = function(s) return verify(fixed, "/" .. s, "") end,
      ["the query"] = function(s) return verify(fixed, "/?" .. s, "") end,
      ["the target"] = function(s) return verify(fixed, s, "") end,
      ["an absolute target"] = function(s) return verify(fixed, "http://" .. s, "") end,
      ["a form"] = function(s) return verify(fixed, "/", s) end,
      ["a form, tokens by account"] = function(s) return verify(by_account, "/?" .. s, s) end,
      ["JSON"] = function(s) return verify(by_account, "/", s, "application/json") end,
      ["validate's URL"] = function(s) return fixed:validate(s, "a=1", "x") end,
      ["validate's body"] = function(s) return fixed:validate("https://a/", s, "x") end,
      ["validate's parameters"] = function(s)
         return by_account:validate("https://a/", { [s] = s, AccountSid = s }, "x")
      end,
      ["validate's signature"] = function(s) return fixed:validate("https://a/", "a=1", s) end,
   })
   -- Many small parameters, each of another name.
   it("parameters of many names", function()
      local function names(size)
         local list = {}
         for i = 1, size / 8 do list[i] = ("%d=%d"):format(i % 2 == 0 and i or -i, i) end
         return table.concat(list, "&")
      end
      growth.check(function(s) return verify(by_account, "/?" .. s, s) end, names, 64 * KB, "names")
      growth.check(function(s) return verify(fixed, "/", s) end, names, 512 * KB, "names")
   end)
   are_linear(16 * KB, {
      ["validate's host"] = function(s) return fixed:validate("https://" .. s, "a=1", "x") end,
      ["validate's query"] = function(s) return fixed:validate("wss://a/?" .. s, "a=1", "x") end,
      ["signature"] = function(s) return pcall(fixed.signature, fixed, "https://a/" .. s, s) end,
      ["webhook.url"] = function(s) return pcall(webhook.url, s, { retry_count = 1 }) end,
      ["webhook.url's edge"] = function(s) return pcall(webhook.url, "x", { edge = s }) end,
      ["public_url"] = function(s)
         local w = webhook.new { auth_token = "x", public_url = "https://" .. s }
         return w and verify(w, "/", "")
      end,
   })
end)

describe("an answer of any size:", function()
   local request = { method = "GET", url = "https://api.twilio.com/a" }
   are_linear(32 * KB, {
      ["Retry-After"] = function(s) return response.retry_after { ["retry-after"] = s } end,
      ["Retry-After, a date"] = function(s)
         return response.retry_after { ["retry-after"] = "Wed, 21 Oct 2015 07:28:00" .. s }
      end,
      ["its body"] = function(s)
         return response.parse(request,
            { status = 200, headers = { ["content-type"] = s }, body = s })
      end,
      ["any body"] = function(s)
         return response.parse_any(request,
            { status = 200, headers = { ["content-type"] = s }, body = s })
      end,
      ["a refusal"] = function(s)
         local body = json.encode { message = s, code = s, more_info = s, detail = s }
         local _, err = response.parse(request, { status = 429, headers = { ["retry-after"] = s },
            body = body })
         return tostring(err)
      end,
      ["JSON"] = function(s) return json.decode(s) end,
      ["JSON text"] = function(s) return json.decode('{"a":"' .. s .. '"}') end,
      ["a date, from its start"] = function(s)
         return twilio.time(s .. "18 Aug 2015 19:04:39 +0000")
      end,
      ["a date, after its start"] = function(s)
         return twilio.time("Tue," .. s .. "18 Aug 2015 19:04:39 +0000")
      end,
      ["a date, after its time"] = function(s)
         return twilio.time("Tue, 18 Aug 2015 19:04:39" .. s)
      end,
      ["an ISO date"] = function(s) return twilio.time("2015-08-18" .. s) end,
      ["an ISO date, after its time"] = function(s)
         return twilio.time("2015-08-18T19:04:39" .. s)
      end,
      ["a record as text"] = function(s)
         local body = { sid = s, status = s, to = s, from = s, friendly_name = s }
         return tostring(fake.client({}, fake.answer(200, body)).messages("SM1"):fetch())
      end,
   })
   local pages = {}
   for _, style in ipairs { "uri", "meta", "token", "next_token", "results", "plain" } do
      pages["a page's link, " .. style] = function(s)
         local payload = {
            next_page_uri = s, has_next = true, current_page = 1,
            meta = { next_page_url = s, nextToken = s, next_token = s },
         }
         return page.next_url(payload, { style = style }, "https://api.twilio.com/?" .. s)
      end
   end
   are_linear(16 * KB, pages)
   local function download(status, answer)
      return function(s)
         local asked = 0
         return fake.client({}, function()
            asked = asked + 1
            if asked > 1 then return { status = 200, headers = {}, body = "x" } end
            return { status = status, headers = answer(s), body = "x" }
         end):download("https://api.twilio.com/a/b?c", function() end)
      end
   end
   are_linear(16 * KB, {
      ["Location"] = download(302, function(s) return { location = s } end),
      ["Location, its host"] = download(302, function(s) return { location = "https://" .. s } end),
      ["Content-Range"] = download(206, function(s) return { ["content-range"] = s } end),
      ["Content-Range, its size"] = download(206, function(s)
         return { ["content-range"] = "bytes 0-1/" .. s, etag = s, ["content-length"] = s }
      end),
   })
end)

describe("a URL of any size:", function()
   are_linear(16 * KB, {
      ["in an error"] = function(s) return response.public_url(s) end,
      ["in an error, its path"] = function(s) return response.public_url("https://a/" .. s) end,
      ["in a log"] = function(s) return log.host_of(s) end,
      ["in a log, its host"] = function(s) return log.host_of("https://" .. s) end,
      ["of Twilio"] = function(s) return endpoint.own({}, s) end,
      ["of Twilio, its host"] = function(s) return endpoint.own({ edge = "x" },
         "https://a." .. s .. ".twilio.com/") end,
      ["of base_url"] = function(s) return endpoint.own({ base_url = "https://{host}.a" },
         "https://" .. s) end,
      ["that is asked for"] = function(s)
         return pcall(function() return fake.client():request("GET", s) end)
      end,
      ["that is asked for, its path"] = function(s)
         return fake.client():request("GET", "https://api.twilio.com/" .. s, { query = { a = s } })
      end,
      ["that is downloaded"] = function(s) return pcall(function() fake.client():download(s,
         print) end) end,
      ["that is signed"] = function(s)
         return client_validation.canonical { method = "GET", url = "https://a" .. s,
            headers = { Authorization = s } }
      end,
      ["that is signed, its query"] = function(s)
         return client_validation.canonical { method = "GET", url = "https://a/?" .. s,
            headers = { Authorization = s } }
      end,
   })
end)

describe("a token, a setting, an argument of any size:", function()
   local function base64url(s)
      return (core.base64_encode(s):gsub("[+/=]", { ["+"] = "-", ["/"] = "_", ["="] = "" }))
   end
   local function oauth(s)
      local token = function() return s end
      return twilio.client {
         account_sid = fake.account_sid, oauth = { token = token }, transport = fake.transport(),
      }:authorization()
   end
   local entrances = {
      ["jwt.decode"] = function(s) return twilio.jwt.decode(s, "x") end,
      ["jwt.decode, three parts"] = function(s) return twilio.jwt.decode(s .. "." .. s .. "." .. s,
         "x") end,
      ["jwt.decode, encoded"] = function(s)
         local part = base64url(s)
         return twilio.jwt.decode(part .. "." .. part .. "." .. part, "x")
      end,
      ["an access token"] = oauth,
      ["an access token of three parts"] = function(s) return oauth("a." .. s .. ".b") end,
      ["a header's name"] = function(s) return headers.check { [s] = "x" } end,
      ["a header's value"] = function(s) return headers.check { x = s } end,
      ["an error"] = function(s) return tostring(Error.new { message = s, method = s, url = s,
         kind = s }) end,
      ["a log's event"] = function(s) return log.format { event = s, message = s, url = s,
         request_id = s } end,
      ["JSON to be sent"] = function(s) return json.encode { [s] = s } end,
      ["a file's path"] = function(s) return multipart.fields { a = { path = s } } end,
      ["a file's name"] = function(s) return multipart.fields { [s] = { text = "x",
         filename = s } } end,
      ["a path argument"] = function(s) return fake.client().messages(s):fetch() end,
      ["a parameter"] = function(s) return fake.client().messages:create { to = s, from = s,
         body = s } end,
      ["a parameter's name"] = function(s)
         return pcall(function() return fake.client().messages:create { to = "x", [s] = "x" } end)
      end,
      ["a parameter's wire name"] = function(s)
         return pcall(function() return fake.client().messages:create { to = "x",
            ["A" .. s] = "x" } end)
      end,
      ["a resource's name"] = function(s)
         return pcall(function() return fake.client().api.v2010[s] end)
      end,
      ["a product's name"] = function(s) return pcall(function() return fake.client()[s] end) end,
      ["text in TwiML"] = function(s) return pcall(voice.Say, s) end,
      ["an attribute in TwiML"] = function(s) return pcall(voice.Say, { "x", voice = s }) end,
      ["an attribute's name in TwiML"] = function(s) return pcall(voice.Say,
         { "x", [s] = "y" }) end,
      ["a comment"] = function(s) return xml.comment(s) end,
   }
   for _, name in ipairs { "base_url", "account_sid", "region", "edge", "api_key" } do
      entrances["the setting " .. name] = function(s)
         local given = { account_sid = fake.account_sid, auth_token = "x" }
         given[name] = name == "base_url" and "https://" .. s or s
         return settings.new(given)
      end
   end
   are_linear(16 * KB, entrances)
end)
