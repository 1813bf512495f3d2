-- The console's commands and views against what nobody should send: each gets a 2xx or 4xx, and the
-- sandbox goes on working.

local console = require "twilio.sandbox.server.console"
local core = require "twilio.core"
local json = require "twilio.json"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local ACCOUNT, SHOP = "AC" .. ("a"):rep(32), "+14155550100"
local names = {}
for _, name in ipairs(console.names()) do
   -- A reset would take the number away that all of them use.
   if name ~= "POST reset" then names[#names + 1] = name:match "^POST (.*)$" end
end

local MEGABYTE = ("x"):rep(1024 * 1024)

local values = {
   "null", "true", "false", "0", "-1", "1.5", "1e999", "-1e999", "1e308",
   "123456789012345678901234567890", '""', '"inf"', '"nan"', '"-5"',
   '"\\u0000"', '"\\ud800"', '"a\\r\\nb: c"', '"' .. "\255\254" .. '"', '"http://[::1"',
   '"http://127.0.0.1:1/%zz"', '"http://a b/"', '"//x"', '"["', '"%"',
   '"' .. (".-"):rep(60) .. 'x"', "[]", "{}", "[[]]", "[1,2]", "[null]", '{"1":1}',
   '{"a":{"b":[]}}', '{"__index":1}', '{"":""}', '[{"to":5}]',
   ("["):rep(90) .. ("]"):rep(90), ("["):rep(450) .. ("]"):rep(450),
   ('{"a":'):rep(450) .. "1" .. ("}"):rep(450), '"' .. ("9"):rep(5000) .. '"',
   '{"path":"(((("}', '{"path":"%1"}', '{"method":"GET\\u0000"}', '{"params":{"a":[1,{"b":null}]}}',
   '{"status":"busy","duration":1e300}',
}

local members = {
   "match", "status", "code", "message", "retry_after", "headers", "body", "times", "delay",
   "reset", "seconds", "from", "to", "media", "url",
   "digits", "speech", "dial", "recording", "store", "clock", "ids", "accounts", "transcripts",
   "frozen", "offset", "kind", "after", "timeout", "id", "name", "fields", "outcomes",
   "nonsense", "1", "",
}

local wholes = {
   "", "{", "}", "{}", "[]", "[1]", "null", "true", "5", '"text"', "\0", "\239\187\191{}", "{]",
   '{"a"', '{"a":', '{"a":1,}', '{"a":1}{}', "{'a':1}", "NaN",
   '{"a":NaN}', ("["):rep(100000), ('{"a":'):rep(100000), ("["):rep(499) .. ("]"):rep(499),
   '{"' .. MEGABYTE .. '":1}', '{"message":"' .. MEGABYTE .. '"}',
   '{"from":"' .. MEGABYTE .. '","to":"x"}',
   '{"url":"http://x/' .. MEGABYTE .. '","from":"+1","to":"+14155550100"}', MEGABYTE,
   (" "):rep(1024 * 1024),
   "{" .. ('"a":1,'):rep(100000) .. '"a":1}',
   '{"digits":[' .. ('"1",'):rep(100000) .. '"1"],"from":"+1","to":"+14155550100"}',
}

describe("the console and hostile requests", function()
   local box, client

   before_each(function()
      box = sandbox.new { seed = 1, webhook = function()
         return "<Response><Pause length='1e999'/><Say loop='-1e9'>Hi</Say></Response>"
      end }
      client = twilio.client {
         account_sid = ACCOUNT, auth_token = "secret", transport = box, max_retries = 0,
      }
      assert(
         client.incoming_phone_numbers:create {
            phone_number = SHOP, sms_url = "http://app.example/", voice_url = "http://app.example/",
         })
   end)

   local function ask(method, name, body)
      local response = console.answer(box, {
         method = method, url = "/__sandbox/" .. name,
         headers = { host = "localhost", ["content-type"] = "application/json" }, body = body,
      })
      local said = ("%s %s %s"):format(method, name, (body or ""):sub(1, 60))
      assert.is_true(
         response.status < 300 or response.status >= 400 and response.status < 500, said)
      assert.is_not_nil(json.decode(response.body), said)
      return response
   end

   local function works()
      for _, view in ipairs { "state", "requests", "dump" } do
         assert.equal(200, ask("GET", view).status)
      end
      assert.equal(200, ask("POST", "forget", "{}").status)
      local message = assert(
         client.messages:create { to = "+15558675310", from = SHOP, body = "Hello" })
      assert.equal(200, ask("POST", "advance", '{"seconds":60}').status)
      assert.equal("delivered", assert(client.messages(message.sid):fetch()).status)
      assert.equal(200, ask("POST", "load", ask("GET", "dump").body).status)
      assert.equal("Hello", assert(client.messages(message.sid):fetch()).body)
      assert.equal(200, ask("POST", "receive_call", '{"from":"+1","to":"+14155550100"}').status)
   end

   it("answers whatever a whole body is", function()
      for _, name in ipairs(names) do
         for _, body in ipairs(wholes) do ask("POST", name, body) end
      end
      works()
   end)

   it("answers whatever a member is", function()
      for _, name in ipairs(names) do
         for _, member in ipairs(members) do
            for _, value in ipairs(values) do
               ask("POST", name, ('{%q:%s}'):format(member, value))
               if name:find "receive" then
                  ask(
                     "POST", name, (
                        '{"from":"+1","to":"+14155550100",%q:%s}'):format(member, value))
               end
            end
         end
         works()
      end
   end)

   it("answers a request that meets any of the faults that were taken", function()
      for _, member in ipairs(members) do
         for _, value in ipairs(values) do
            if ask("POST", "fail", ('{"times":1,%q:%s}'):format(member, value)).status == 200 then
               pcall(client.messages.list, client.messages)
            end
            if ask(
               "POST", "fail", (
                  '{"times":1,"match":{%q:%s}}'):format(member, value)).status == 200 then
               client:request(
                  "POST", "https://api.twilio.com/" .. ("a"):rep(3000), { json = { a = 1 } })
            end
            ask("POST", "forget", "{}")
         end
      end
      works()
   end)

   it("shows what came, however it was nested", function()
      for _, value in ipairs(values) do
         for _, body in ipairs {
            value, ('{"a":%s}'):format(value),
            ('{"friendly_name":%s,"types":%s}'):format(value, value),
         } do
            for _, url in ipairs {
               "https://content.twilio.com/v1/Content?1=a",
               "https://api.twilio.com/2010-04-01/Accounts.json?1=a",
            } do
               local response = box:send {
                  method = "POST", url = url, body = body,
                  headers = {
                     authorization = "Basic " .. core.base64_encode(ACCOUNT .. ":secret"),
                     ["content-type"] = "application/json",
                  },
               }
               assert.is_true(response.status < 500)
            end
         end
         for _, view in ipairs { "state", "requests", "dump" } do ask("GET", view) end
      end
      works()
   end)

   it("looks at the time of the page without a pattern's risk", function()
      for _, seen in ipairs {
         "", "=", "seen", "seen=", "seen=%", "seen=-1", "seen=1e999", "seen=[", "unseen=0",
         "seen=" .. ("9"):rep(8000), "&&&",
         "seen=0&seen=1", "\0", "?seen=0",
      } do
         ask("GET", "state?" .. seen)
      end
      assert.is_not_nil(json.decode(ask("GET", "state?unseen=" .. box.changes).body).messages)
      assert.is_nil(json.decode(ask("GET", "state?a=b&seen=" .. box.changes).body).messages)
   end)

   it("answers no such command, view or method", function()
      for _, name in ipairs {
         "", "fail/", "Fail", "fail%00", "../fail", "__index", "dump", "state", "requests",
      } do
         assert.equal(404, ask("POST", name, "{}").status)
      end
      for _, method in ipairs { "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PURGE", "get" } do
         for _, name in ipairs { "fail", "dump", "state" } do
            assert.equal(404, ask(method, name, "{}").status)
         end
      end
   end)
end)
