-- lua/twilio/resource/terminal.lua: descriptions as pages.

local describe_of = require("twilio.resource.describe").find
local terminal = require "twilio.resource.terminal"

local function page(what) return tostring(describe_of(what)) end

describe("a page for a terminal", function()
   it("shows a call", function()
      local text = page "verify.v2.services(sid).verifications:create"
      assert.equal([[
client.verify.v2.services(sid).verifications:create
POST https://verify.twilio.com/v2/Services/{ServiceSid}/Verifications
https://www.twilio.com/docs/verify/api/verification

local record, err, response = client.verify.v2.services(sid).verifications:create { channel = ..., to = ..., ... }

Parameters (*: required)
  * channel                        one of: email | sms | whatsapp | call | sna | auto | ...
  * to                             text]], (text:gsub("\n    amount.*", "")
         :gsub("/{Sid}/Verifications", "/{ServiceSid}/Verifications")))
      assert.matches("\n    tags +JSON text\n", text)
      assert.matches("\nOptions of the call %(a second table: [^\n]+\n  timeout %(seconds%), connect_timeout", text)
      assert.matches("\nFields of the answer\n    account_sid +SID %(AC%.%.%.%)\n", text)
   end)

   it("shows a resource, a version, a product and the client", function()
      local text = page "messages"
      assert.matches("\nList  /2010%-04%-01/Accounts/{Sid}/Messages.json\n  client.messages:create"
         .. " { to = ..., ... }\n", text)
      assert.matches("\n  client.messages%(sid%).media\n", text)
      assert.matches('\nMore: twilio.describe%("messages:create"%)$', text)
      assert.matches("\n  client.verify.v2.services\n", page "verify.v2" .. "\n")
      assert.matches("\nclient.verify.v2  %(client.verify alone, too%)\n", page "verify")
      assert.matches("\n  addresses, applications,", page "client")
   end)

   it("says what else is to know", function()
      assert.matches("^client.messages:each.*\n\nfor record in client.messages:each%(%) do ... end",
         page "messages:each")
      assert.matches("Raises the error object", page "messages:each")
      assert.matches("page.items, page:next%(%), page:previous%(%)", page "messages:page")
      assert.matches("pages of at most 1000 records", page "messages:list")
      assert.matches("Comes in one piece", page "available_phone_numbers:list")
      assert.matches("at least one of: body, media_url, content_sid", page "messages:create")
      assert.matches("Each record is a text", page "memory.v1.profiles(id):list")
      assert.matches("Gives true", page "messages(sid):delete")
      assert.matches("if_match +text %(a header%)", page "memory.v1.stores(id):patch")
      assert.matches("\nTakes an access token: twilio.client { oauth = ",
         page "preview_iam.versionless.organization(sid).users:list")
      assert.matches("\nTakes no credentials%.\n", page "oauth.v1.token:create")
      assert.matches("page_at%(url%)", page "messages:page_at")
      assert.matches("download%(sink%)", page "recordings(sid):download")
      assert.matches("wait_until%(function", page "calls(sid):wait_until")
      assert.matches("parameter1_name ... 99 +text\n", page "calls(sid).siprec:create")
   end)

   it("keeps to 100 columns where values allow", function()
      for line in page("calls:fetch"):gmatch "[^\n]+" do assert.is_true(#line <= 100, line) end
      local long = { kind = "operation", call = "c", verb = "GET", url = "u", documentation = "d",
         gives = "record", method = "fetch",
         parameters = { { name = "x", type = "enum", values = { ("a"):rep(60), ("b"):rep(60) } } } }
      assert.matches("one of: a+ |\n +b+\n", terminal.page(long))
   end)
end)
