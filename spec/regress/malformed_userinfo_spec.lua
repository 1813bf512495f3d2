-- A password in a malformed URL was shown in part or whole: one that holds a "/", "?" or "#", or
-- one behind a scheme without "//". In log events, in the error of a download or of a refused page
-- link, and in what hooks get.

local log = require "twilio.transport.log"
local redact = require "twilio.util.redact"
local response = require "twilio.call.response"
local userinfo = require "twilio.util.userinfo"

local malformed = {
   "https://user:hu/sh@host.example/x", "https://user:hu?sh@host.example",
   "https://user:hu#sh@host.example", "http//user:hush@host.example",
   "user:hush@host.example:80", "https:/user:hush@host.example", "https://user:hush@host.example",
   "https://user:h@hush@127.0.0.1/x",
   "https://us:hush@[::1]:80/x", "https://:hush@host.example", "HTTPS://u:hush@host.example/a@b",
   "https:///user:hush@host.example",
}
local genuine = {
   "https://api.twilio.com/2010-04-01/Accounts.json",
   "https://api.twilio.com/x?To=user@example.com", "https://api.twilio.com:8443/a@b:c",
   "https://[::1]:8443/x?a=b@c", "/2010-04-01/x?To=sip:user@example.com", "https://localhost/x#a@b",
   "relative/path", "",
   "/x?u=https://user:p@host.example",
}

it("no part of a malformed URL's password is shown", function()
   for _, url in ipairs(malformed) do
      for name, shown in pairs {
         redact = redact.url(url), public = response.public_url(url), log = log.host_of(url),
      } do
         assert.is_nil(
            shown:find("hu", 1, true) or shown:find("sh@", 1, true),
            name .. ": " .. url .. " -> " .. shown)
      end
   end
end)

it("a URL without a password stays as it is", function()
   for _, url in ipairs(genuine) do assert.is_nil((userinfo.around(url)), url) end
end)

it("a secret in a fragment is hidden", function()
   local shown = redact.url "https://x.example/#access_token=hush&state=1"
   assert.is_nil(shown:find("hush", 1, true))
   assert.matches("state=1", shown)
end)

it("a page link that is refused shows no password", function()
   local fake = require "support.fake"
   local client = fake.client()
   local _, err = client.messages:page_at "https://user:hush@evil.example/x?a=hush"
   assert.equal("config", err.kind)
   assert.is_nil((tostring(err) .. err.url .. err.message):find("hush", 1, true))
end)

it("finding it takes time that grows with the URL's size", function()
   local growth = require "support.growth"
   for _, piece in ipairs { "@", ":", "1", "1:", "/", "?", "#", "://", "[", "]", "a@", "%" } do
      for _, head in ipairs { "https://", "", "https://u:" } do
         local function make(n) return head .. piece:rep(n) .. ":x" end
         growth.check(userinfo.around, make, 16384, head .. piece)
      end
   end
end)
