-- cli/commands/webhook.lua: captured webhooks: genuine, or why not.

local command = require "support.command"
local process = require "support.process"
local twilio = require "twilio"

local TOKEN = "hush-0123456789abcdef"
local webhook = twilio.webhook { auth_token = TOKEN, shared_keys = { K1 = "hush-key" } }

describe("twilio webhook verify", function()
   local folder

   before_each(function() folder = process.folder() end)
   after_each(function() process.forget(folder) end)

   local function capture(url, headers, body)
      local lines = { "POST /sms?a=1 HTTP/1.1", "Content-Type: application/x-www-form-urlencoded" }
      for name, value in pairs(headers) do lines[#lines + 1] = name .. ": " .. value end
      if url then
         lines[#lines + 1] = "X-Twilio-Signature: "
            .. webhook:signature(url, body, headers["X-Twilio-Webhooks-Signature-Settings"])
      end
      process.write(folder .. "/request", table.concat(lines, "\r\n") .. "\r\n\r\n" .. body)
   end

   local function verify(more, environment)
      return command.new { environment = environment or { TWILIO_AUTH_TOKEN = TOKEN } }(
         "webhook verify " .. folder .. "/request " .. (more or ""))
   end

   it("says that a request is genuine, and what it holds", function()
      capture("https://example.com/sms?a=1", { Host = "example.com" }, "Body=Hi%1B%5B0m&From=%2B1")
      local code, out = verify()
      assert.equal(0, code)
      assert.equal("genuine: signed for https://example.com/sms?a=1\n  Body = Hi\\x1b[0m\n  From = +1\n", out)
   end)

   it("says which URL was signed, and what the server has to be told", function()
      capture("https://example.com/sms?a=1",
         { Host = "127.0.0.1:8000", ["X-Forwarded-Host"] = "example.com" }, "From=%2B1")
      local code, out = verify()
      assert.equal(1, code)
      assert.matches("refused %(signature, HTTP 403%)", out)
      assert.matches("  tried https://127.0.0.1:8000/sms?a=1\n", out, 1, true)
      assert.matches("It was signed for https://example.com/sms?a=1\n", out, 1, true)
      assert.matches('public_url = "https://example.com"', out, 1, true)
      assert.equal(0, (verify "--public-url https://example.com"))
   end)

   it("finds a path that was cut, if it is told the beginning", function()
      capture("https://example.com/hooks/sms?a=1", { Host = "localhost" }, "From=%2B1")
      local _, out = verify "--try https://example.com/hooks"
      assert.matches('give public_url = "https://example.com/hooks"', out, 1, true)
   end)

   it("says so where nothing matches, or there is no signature", function()
      capture("https://example.com/sms?a=1", { Host = "example.com" }, "From=%2B1")
      local code, out = verify("", { TWILIO_AUTH_TOKEN = "another" })
      assert.equal(1, code)
      assert.matches("None of the URLs tried was signed with this secret", out)
      capture(nil, { Host = "example.com" }, "From=%2B1")
      code, out = verify()
      assert.equal(1, code)
      assert.matches("a proxy removes the header", out)
   end)

   it("takes a SharedKey", function()
      capture("https://example.com/sms?a=1", {
         Host = "example.com", ["X-Twilio-Webhooks-Signature-Settings"] = "key=K1,algorithm=HMAC_SHA256",
      }, "From=%2B1")
      assert.matches("It was signed with a SharedKey", select(2, verify()))
      assert.equal(0, (verify("--shared-key K1", { TWILIO_SHARED_KEY = "hush-key" })))
   end)

   it("shows no secret, and needs one", function()
      capture("https://example.com/sms?a=1", { Host = "x" }, "From=%2B1")
      local _, out, err = verify()
      assert.is_nil((out .. err):find("hush", 1, true))
      local environment = { XDG_CONFIG_HOME = folder }
      local code, _, message = command.new { environment = environment, input = "" }(
         "webhook verify " .. folder .. "/request")
      assert.equal(2, code)
      assert.matches("set TWILIO_AUTH_TOKEN", message)
   end)
end)
