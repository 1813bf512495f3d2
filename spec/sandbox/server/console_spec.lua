-- sandbox/lua/twilio/sandbox/server/console.lua and page.lua, without a server.

local console = require "twilio.sandbox.server.console"
local json = require "twilio.json"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

describe("sandbox.server.console", function()
   local box, client

   before_each(function()
      box = sandbox.new { seed = 1, webhook = function()
         return "<Response><Message>Hi</Message></Response>"
      end }
      client = twilio.client {
         account_sid = "AC" .. ("a"):rep(32), auth_token = "secret", transport = box,
         max_retries = 0,
      }
   end)

   local function ask(method, url, fields, content_type)
      local response = console.answer(box, {
         method = method, url = url,
         headers = {
            host = "localhost:8443", ["content-type"] = content_type or "application/json",
         },
         body = fields and json.encode(fields),
      })
      return response, response and json.decode(response.body)
   end

   it("leaves what is the API's to the API", function()
      assert.is_nil(ask("GET", "/2010-04-01/Accounts.json"))
      assert.is_nil(ask("POST", "/"))
   end)

   it("has a page that loads nothing from elsewhere", function()
      local page = ask("GET", "/")
      assert.equal(200, page.status)
      assert.matches("text/html", page.headers["content-type"])
      assert.matches("default%-src 'none'", page.headers["content-security-policy"])
      assert.is_nil(
         page.body:match "%ssrc=" or page.body:match "%shref=" or page.body:match "@import")
      assert.is_nil(page.body:match "innerHTML")
   end)

   it("shows the newest of everything, and only what has changed", function()
      assert(
         client.incoming_phone_numbers:create {
            phone_number = "+14155550100", sms_url = "http://app.example/",
         })
      for i = 1, 60 do
         assert(client.messages:create { to = "+155586753" .. i + 9, from = "+14155550100", body = "x" })
      end
      local _, state = ask("GET", "/__sandbox/state?seen=-1")
      assert.same(
         { 50, "+15558675369", "+14155550100" },
         { #state.messages, state.messages[1].to, state.numbers[1] })
      assert.equal(50, #state.requests)
      _, state = ask("GET", "/__sandbox/state?seen=" .. state.changes)
      assert.is_nil(state.messages)
   end)

   it("carries out commands", function()
      assert(
         client.incoming_phone_numbers:create {
            phone_number = "+14155550100", sms_url = "http://app.example/",
         })
      local _, result = ask(
         "POST", "/__sandbox/receive_message", { from = "+1", to = "+14155550100", body = "x" })
      assert.same({ "Hi" }, result.replies)
      local before = box:now()
      ask("POST", "/__sandbox/advance", { seconds = 5 })
      assert.equal(5, box:now() - before)
      ask("POST", "/__sandbox/fail", { status = 503, times = 1 })
      assert.equal(503, select(2, client.messages:list()).status)
      local _, dump = ask("GET", "/__sandbox/dump")
      local count = #client.messages:list()
      assert(client.messages:create { to = "+15558675310", from = "+14155550100", body = "x" })
      assert.equal(200, (ask("POST", "/__sandbox/load", dump)).status)
      assert.equal(count, #client.messages:list())
      assert.is_true(#select(2, ask("GET", "/__sandbox/requests")) > 0)
      ask("POST", "/__sandbox/forget", {})
      assert.same({}, select(2, ask("GET", "/__sandbox/requests")))
   end)

   it("says what is wrong with a command", function()
      local response, body = ask("POST", "/__sandbox/receive_message", { from = "+1" })
      assert.equal(400, response.status)
      assert.equal("receive_message.to is missing: a phone number (text)", body.error)
      assert.equal(400, ask("POST", "/__sandbox/advance", {}).status)
      assert.equal(415, ask("POST", "/__sandbox/forget", {}, "text/plain").status)
      assert.equal(404, ask("POST", "/__sandbox/nonsense", {}).status)
      assert.equal(404, ask("DELETE", "/__sandbox/state").status)
   end)
end)
