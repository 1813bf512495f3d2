-- One request with a number beyond all bounds (Ttl of 400 digits, Data=1e999, a <Pause
-- length="1e999">) broke the sandbox for good: what it kept could no longer be written as JSON, so
-- that every dump, the page and the data file failed. The same did JSON nested nearly as deep as
-- the decoder allows.

local console = require "twilio.sandbox.server.console"
local core = require "twilio.core"
local json = require "twilio.json"
local sandbox_client = require "support.sandbox_client"

describe("what a sandbox can't write again", function()
   local box, client, pages

   before_each(function() box, client, pages = sandbox_client.shop() end)

   local function send(url, body, media)
      local response = box:send { method = "POST", url = url, body = body, headers = {
         authorization = "Basic "
            .. core.base64_encode(sandbox_client.ACCOUNT .. ":" .. sandbox_client.TOKEN),
         ["content-type"] = media,
      } }
      return response.status, json.decode(response.body)
   end

   local function works()
      assert.is_table(json.decode(box:dump()))
      for _, view in ipairs { "state", "requests", "dump" } do
         local response = console.answer(
            box, { method = "GET", url = "/__sandbox/" .. view, headers = { host = "localhost" } })
         assert.equal(200, response.status)
         assert.is_table(json.decode(response.body))
      end
   end

   it("is refused in a form", function()
      local service = assert(client.sync.v1.services:create {})
      local documents = "https://sync.twilio.com/v1/Services/" .. service.sid .. "/Documents"
      for body, message in pairs {
         ["Data=1e999"] = "Parameter Data must be JSON: a number is out of range",
         ["Ttl=" .. ("9"):rep(400)] = "Parameter Ttl must be an integer",
         ["Data=" .. ("["):rep(101) .. ("]"):rep(101)] = "Parameter Data must be JSON: it is nested deeper than 100 levels",
      } do
         local status, answer = send(documents, body, "application/x-www-form-urlencoded")
         assert.same({ 400, message }, { status, answer.message })
         works()
      end
   end)

   it("is refused in a JSON body", function()
      for _, value in ipairs {
         "1e999", ("["):rep(450) .. ("]"):rep(450), ('{"a":'):rep(450) .. "1" .. ("}"):rep(450),
      } do
         local status, answer = send(
            "https://content.twilio.com/v1/Content",
            ('{"friendly_name":"x","types":%s}'):format(value), "application/json")
         assert.equal(400, status)
         assert.matches("^The body is not JSON: ", answer.message)
         works()
      end
   end)

   it("is a list where names were expected, in the log of requests too", function()
      send("https://content.twilio.com/v1/Content?1=a", '[{"to":5}]', "application/json")
      works()
   end)

   it("is limited in TwiML", function()
      pages["/voice"] = "<Response><Pause length='1e999'/><Say loop='-1e9'>Hi</Say><Gather timeout='1e308'/><Gather timeout='-5'/></Response>"
      local result = box:receive_call { from = sandbox_client.OTHER, to = sandbox_client.NUMBER }
      assert.is_true(result.seconds >= 0 and result.seconds <= 3 * 86400)
      works()
   end)
end)
