-- sandbox/lua/twilio/sandbox/http/webhook.lua: requests to a user's program.

local crypto = require "twilio.core.crypto"
local sandbox_client = require "support.sandbox_client"
local twilio = require "twilio"
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

   -- A sandbox whose application answers by path (nil: not at all), and the requests that came, each
   -- verified by the library.
   local function application(pages)
      local asked, verifier = {}, twilio.webhook { auth_token = "secret" }
      local box = sandbox_client.new { webhook = function(request)
         assert(verifier:verify {
            method = request.method, url = request.url:match("^https?://[^/]*(.*)$"),
            headers = { Host = request.url:match("^https?://([^/]*)"),
               ["X-Twilio-Signature"] = request.headers["X-Twilio-Signature"],
               ["Content-Type"] = request.headers["Content-Type"] },
            scheme = request.url:match("^https?"), body = request.body,
         })
         asked[#asked + 1] = request
         local page = pages[request.url:match("^https?://[^/]*([^?]*)")]
         if type(page) == "function" then return page(request, #asked) end
         return page
      end }
      box.accounts:add(ACCOUNT, { token = "secret" })
      return box, asked
   end

   local function redirect(status, location)
      return { status = status, headers = { Location = location }, body = "" }
   end

   local function methods(asked)
      local out = {}
      for i, request in ipairs(asked) do out[i] = request.method .. " " .. request.url end
      return out
   end

   for status, method in pairs {
      [301] = "GET", [302] = "GET", [303] = "GET", [307] = "POST", [308] = "POST",
   } do
      it(("follows a redirect of %d by %s, signed anew"):format(status, method), function()
         local box, asked = application {
            ["/x"] = redirect(status, "https://b.example/y?z=1"), ["/y"] = "<Response/>",
         }
         local response = assert(webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", { A = 1 }))
         assert.same({ 200, "https://b.example/y?z=1" }, { response.status, response.url })
         assert.same({ "POST http://a.example/x", method .. " https://b.example/y?z=1" },
            methods(asked))
         assert.equal(method == "GET" and "" or "A=1", asked[2].body)
         assert.equal(2, #box:webhooks())
      end)
   end

   it("keeps GET in a redirect, and what the new URL says", function()
      local box, asked = application { ["/x"] = redirect(307, "y?q=2#top"), ["/y"] = "<Response/>" }
      local response = assert(webhook.ask(box, ACCOUNT, "GET", "http://a.example/x", { A = 1 }))
      assert.same({ "GET http://a.example/x?A=1", "GET http://a.example/y?q=2" }, methods(asked))
      assert.equal("http://a.example/y?q=2", response.url)
   end)

   it("follows ten redirects, and no eleventh", function()
      local last
      local box, asked = application { ["/x"] = function(_, count)
         if count == last then return "<Response/>" end
         return redirect(302, "/x")
      end }
      last = 11
      assert(webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", {}))
      last = 23
      local response, message, code = webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", {})
      assert.same({ nil, 11215, 22 }, { response, code, #asked })
      assert.matches("more than 10 redirects", message)
   end)

   it("doesn't follow what is no redirect", function()
      for _, answer in ipairs {
         redirect(302, nil), redirect(304, "/y"), redirect(300, "/y"), redirect(302, "mailto:x"),
      } do
         local box, asked = application { ["/x"] = answer }
         local response, message, code = webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", {})
         assert.same({ nil, 11216, 1 }, { response, code, #asked })
         assert.matches("answered 30%d", message)
      end
   end)

   it("tries again once after a failed connection, and not after other failures", function()
      for kind, count in pairs { connect = 2, host = 2, tls = 2, timeout = 1, protocol = 1 } do
         local box, asked = application { ["/x"] = function() return nil, kind end }
         assert.is_nil((webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", {})))
         assert.equal(count, #asked, kind)
         local log = box:webhooks()
         assert.equal(kind, log[#log].error)
      end
      local box, asked = application { ["/x"] = function(_, count)
         if count == 1 then return nil, "connect" end
         return "<Response/>"
      end }
      assert.equal(200, assert(webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", {})).status)
      assert.equal(2, #asked)
      assert.equal(asked[1].headers["I-Twilio-Idempotency-Token"],
         asked[2].headers["I-Twilio-Idempotency-Token"])
   end)

   it("tries again as its URL's fragment says, which is neither sent nor signed", function()
      local cases = {
         { "#rc=0", "connect", 1 }, { "#rc=3", "connect", 4 }, { "#rc=2&rp=rt", "timeout", 3 },
         { "#rp=5xx", 503, 2 }, { "#rc=5&rp=4xx", 404, 6 }, { "#rp=4xx", 503, 1 },
         { "#rc=2&rp=all", 500, 3 }, { "#rc=2&rp=ct,rt,5xx", "protocol", 3 },
      }
      for _, case in ipairs(cases) do
         local box, asked = application { ["/x"] = function()
            if type(case[2]) == "string" then return nil, case[2] end
            return { status = case[2], headers = {}, body = "" }
         end }
         webhook.ask(box, ACCOUNT, "POST", "http://a.example/x" .. case[1], { A = 1 })
         assert.equal(case[3], #asked, case[1])
         assert.equal("http://a.example/x", asked[1].url)
      end
   end)

   it("has its URL's times", function()
      local box, asked = application { ["/x"] = "<Response/>" }
      webhook.ask(box, ACCOUNT, "POST", "http://a.example/x#ct=300&rt=400", {})
      webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", {})
      assert.same({ 0.3, 0.4, 5 },
         { asked[1].connect_timeout, asked[1].timeout, asked[2].connect_timeout })
      assert.is_true(asked[2].timeout <= 15 and asked[2].timeout > 10)
   end)

   it("gives cookies back, also after a redirect, to the same two addresses", function()
      local box, asked = application {
         ["/x"] = { status = 302, headers = { ["Set-Cookie"] = "a=1", location = "/y" }, body = "" },
         ["/y"] = { status = 200, headers = { ["set-cookie"] = { "b=2", "c=3" } }, body = "" },
      }
      local pair = { From = "+15558675310", To = "+14155552344" }
      webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", pair)
      webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", pair)
      webhook.ask(box, ACCOUNT, "POST", "http://a.example/x", { From = "+1", To = "+2" })
      local sent = {}
      for i, request in ipairs(asked) do sent[i] = request.headers.Cookie or "" end
      assert.same({ "", "a=1", "a=1; b=2; c=3", "a=1; b=2; c=3", "", "a=1" }, sent)
   end)

   it("is JSON with its hash in the URL, where a product sends that", function()
      local box, asked = application { ["/x"] = redirect(307, "/y?w=1"), ["/y"] = "<Response/>" }
      webhook.ask(box, ACCOUNT, "POST", "http://a.example/x?z=1", { { type = "t" } }, true)
      assert.same({ '[{"type":"t"}]', "application/json" },
         { asked[1].body, asked[1].headers["Content-Type"] })
      local hash = crypto.sha256_hex(asked[1].body)
      assert.equal("http://a.example/x?z=1&bodySHA256=" .. hash, asked[1].url)
      assert.equal("http://a.example/y?w=1&bodySHA256=" .. hash, asked[2].url)
      local entry = webhook.replay(box, box:webhooks()[1].id)
      assert.equal("http://a.example/x?z=1&bodySHA256=" .. hash, entry.url)
   end)

   it("isn't sent to what is no URL", function()
      local box, asked = application {}
      local response, message, code = webhook.ask(box, ACCOUNT, "POST", "app.example/x", {})
      assert.same({ nil, 11100, 0 }, { response, code, #asked })
      assert.matches("no URL", message)
   end)
end)
