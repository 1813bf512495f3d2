-- fuzz/targets/sandbox.lua: requests that anybody may send to a sandbox, and documents that a user's
-- program may answer with.
--
-- Every request gets an answer with a status and a body that is JSON or empty; every document is
-- followed or becomes an alert; afterwards the sandbox goes on working, and its dump can be loaded.

local json = require "twilio.json"
local reader = require "reader"
local sandbox = require "twilio.sandbox"

local SID, TOKEN = "AC" .. ("0"):rep(32), "token"
local BASIC = "Basic " .. require("twilio.core").base64_encode(SID .. ":" .. TOKEN)

local ROOT = "https://api.twilio.com/2010-04-01/Accounts/" .. SID

local document -- what the user's program answers

local function new()
   local new_box = sandbox.new {
      account_sid = SID, auth_token = TOKEN,
      webhook = function()
         return { status = 200, headers = { ["Content-Type"] = "text/xml" }, body = document }
      end,
   }
   new_box:add(ROOT .. "/IncomingPhoneNumbers/PN" .. ("0"):rep(32) .. ".json", {
      phone_number = "+14155552344", sms_url = "https://example.com/sms",
   })
   return new_box
end

local box, uses = nil, 0

local function send(method, url, headers, body)
   local response, err = box:send { method = method, url = url, headers = headers, body = body }
   if not response then return assert(type(err) == "table") end
   assert(response.status >= 200 and response.status < 600, "an odd status")
   assert(response.body == "" or json.decode(response.body) ~= nil, "an answer isn't JSON")
   return response
end

-- "POST api.twilio.com/2010-04-01/..." and so on; the sandbox knows the asker.
local function request(message)
   local method, place = message.first:match "^([A-Z]+) (.*)$"
   local headers = {}
   for name, value in pairs(message.headers) do
      headers[name] = type(value) == "table" and value[1] or value
   end
   place = (place or message.first):gsub("{sid}", SID)
   send(method or "GET", "https://" .. place, headers, message.body)
   headers.Authorization = BASIC
   if not headers["Content-Type"] then headers["Content-Type"] = "application/x-www-form-urlencoded" end
   send(method or "GET", "https://" .. place, headers, message.body)
end

local FORM = { Authorization = BASIC, ["Content-Type"] = "application/x-www-form-urlencoded" }
local function documents(text)
   document = text
   local response = send("POST", ROOT .. "/Calls.json", FORM,
      "To=%2B15558675310&From=%2B14155552344&Url=https%3A%2F%2Fexample.com%2Fvoice")
   assert(response.status == 201, response.body)
   box:receive_message { from = "+15558675310", to = "+14155552344", body = text:sub(1, 100) }
   box:advance(3600)
end

return {
   covers = {
      "sandbox/lua/twilio/sandbox/http/context.lua", "sandbox/lua/twilio/sandbox/http/router.lua",
      "sandbox/lua/twilio/sandbox/http/arguments.lua", "sandbox/lua/twilio/sandbox/http/form.lua",
      "sandbox/lua/twilio/sandbox/http/paging.lua", "sandbox/lua/twilio/sandbox/twiml/document.lua",
      "sandbox/lua/twilio/sandbox/twiml/voice.lua", "sandbox/lua/twilio/sandbox/twiml/verbs.lua",
      "sandbox/lua/twilio/sandbox/twiml/messaging.lua",
   },
   run = function(input)
      -- A new one now and then: what was made stays.
      if uses % 200 == 0 then box = new() end
      uses = uses + 1
      if input:sub(1, 1) == "<" then
         documents(input)
      else
         request(reader.message(input))
      end
      if uses % 200 == 0 then new():load(box:dump()) end
   end,
}
