-- sandbox/lua/twilio/sandbox/http/webhook.lua: requests to a user's program.

local crypto = require "twilio.core.crypto"
local sandbox_client = require "support.sandbox_client"
local webhook = require "twilio.sandbox.http.webhook"

local ACCOUNT = sandbox_client.ACCOUNT
local URL = "https://app.example/x"

describe("sandbox.http.webhook", function()
   local function signed_by(token, request)
      return crypto.validator(token):match(
         { request.url }, request.body, request.headers["X-Twilio-Signature"]) == 1
   end

   it("is signed with the account's token, as a form or in the query", function()
      local box, _, asked = sandbox_client.new()
      box.accounts:add(ACCOUNT, { token = "secret" })
      local response = assert(webhook.ask(box, ACCOUNT, nil, URL, { B = "x y", A = 1 }))
      assert.same({ 200, "<Response/>" }, { response.status, response.body })
      assert.same({ "POST", URL, "A=1&B=x+y" }, { asked[1].method, asked[1].url, asked[1].body })
      assert.equal("application/x-www-form-urlencoded", asked[1].headers["Content-Type"])
      assert.is_true(signed_by("secret", asked[1]))
      assert.is_false(signed_by("other", asked[1]))
      webhook.ask(box, ACCOUNT, "GET", URL .. "?q=1", { A = 1 })
      assert.same({ URL .. "?q=1&A=1", "" }, { asked[2].url, asked[2].body })
      assert.is_true(signed_by("secret", asked[2]))
   end)

   it("goes without its URL's fragment, which isn't signed", function()
      local box, _, asked = sandbox_client.new()
      box.accounts:add(ACCOUNT, { token = "secret" })
      for i, method in ipairs { "POST", "GET" } do
         webhook.ask(box, ACCOUNT, method, URL .. "#rc=2&rt=500", { A = 1 })
         assert.equal(method == "GET" and URL .. "?A=1" or URL, asked[i].url)
         assert.is_true(signed_by("secret", asked[i]))
      end
   end)

   it("takes a whole response, or its body alone, and says when there is none", function()
      local answers = {
         { status = 503, headers = {}, body = "x" },
         setmetatable({}, { __tostring = function() return "made" end }), nil,
      }
      local i = 0
      local box = sandbox_client.new { webhook = function()
         i = i + 1
         return answers[i]
      end }
      assert.equal(503, webhook.ask(box, ACCOUNT, "POST", URL, {}).status)
      assert.equal("made", webhook.ask(box, ACCOUNT, "POST", URL, {}).body)
      local response, message = webhook.ask(box, ACCOUNT, "POST", URL, {})
      assert.is_nil(response)
      assert.equal("no answer", message)
      local log = box:webhooks()
      assert.same(
         { 3, 503, 200, "no answer" }, { #log, log[1].status, log[2].status, log[3].error })
   end)

   it("isn't sent without an application, or to no URL", function()
      local box = require "twilio.sandbox".new {}
      local response, message = webhook.ask(box, ACCOUNT, "POST", URL, {})
      assert.is_nil(response)
      assert.matches("not sent: the sandbox", message)
      webhook.tell(box, ACCOUNT, "POST", nil, {})
      webhook.tell(box, ACCOUNT, "POST", "", {})
      assert.equal(1, #box:webhooks())
   end)

   it("is kept in a log of limited length", function()
      local box = sandbox_client.new()
      for i = 1, 1001 do webhook.tell(box, ACCOUNT, "POST", URL, { N = i }) end
      local log = box:webhooks()
      assert.same({ 1000, 2 }, { #log, log[1].params.N })
   end)
end)
