-- cli/api/curl.lua: a request as a curl command, which a shell reads as it was meant.

local curl = require "twilio.cli.api.curl"
local plain = require "twilio.cli.util.plain"
local process = require "support.process"

local function request(more)
   local final = {
      method = "POST", url = "https://api.twilio.com/x", headers = {
         Authorization = "Basic aHVzaC0x", ["User-Agent"] = "u", Accept = "application/json",
         ["Content-Type"] = "application/x-www-form-urlencoded",
      },
   }
   for name, value in pairs(more or {}) do final[name] = value end
   return final
end

describe("a curl command", function()
   it("has credentials by name, and no other secrets", function()
      local text = curl.command(request { body = "AuthToken=hush-2&To=%2B1" },
         "TWILIO_ACCOUNT_SID:TWILIO_AUTH_TOKEN")
      assert.equal([[
curl https://api.twilio.com/x \
   -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" \
   -H 'Accept: application/json' \
   --data-urlencode 'AuthToken=(hidden)' \
   --data-urlencode To=+1]], text)
      assert.is_nil(text:find("hush", 1, true))
   end)

   it("has a bearer token by name, and hides an Authorization of the call's own", function()
      local text = curl.command(request { headers = { Authorization = "Bearer hush-3" } }, "A:B")
      assert.matches('%-H "Authorization: Bearer %$TWILIO_ACCESS_TOKEN"', text)
      text = curl.command(request { headers = { Authorization = "Basic hush-3" }, security = "own" }, "A:B")
      assert.is_nil(text:find("hush", 1, true))
      assert.matches("Authorization: %(hidden%)", text)
   end)

   it("names the method where curl would take another", function()
      assert.matches("^curl %-X POST ", curl.command(request(), "A:B"))
      assert.matches("^curl https", curl.command(request { method = "GET" }, "A:B"))
      assert.matches("^curl %-X PUT ", curl.command(request { method = "PUT", body = "a=b" }, "A:B"))
   end)

   it("has JSON as it is", function()
      local text = curl.command(request {
         body = '{"a":"it\'s"}', headers = { ["Content-Type"] = "application/json" },
      }, "A:B")
      assert.matches("%-%-data%-raw '{\"a\":\"it'\\''s\"}'", text)
   end)
end)

it("a quoted word is read by a shell as it was", function()
   local folder = process.folder()
   for _, text in ipairs {
      "", "plain", "it's", "a b", "$(touch /tmp/x) `id` \\ \" !", "two\nlines", "tab\there",
      "\27[31mred\127", "gr\195\188n \194\155x",
      "abc\226\128\174fed it's \\", "\155 no UTF-8 \255", "\240\159\152\128 smile", "--x=y", "*", "~",
   } do
      local word = curl.quoted(text)
      assert.is_nil(word:find "[\1-\8\11-\31\127]")
      assert.equal((word:gsub("[\t\n]", " ")), plain.text((word:gsub("[\t\n]", " "))))
      process.write(folder .. "/script", "printf '%s|' " .. word .. "\n")
      assert.equal(text .. "|", process.output("bash %s/script", folder))
   end
   process.forget(folder)
end)
