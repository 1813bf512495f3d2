-- fuzz/targets/answer.lua: answers of a server that may be anything: a gateway, a captive portal, an
-- attacker.
--
-- The input is a response: status, headers, body. Each call returns a payload or nil and an error
-- object with kind and message, and raises nothing; what it returns can be sent back as it came; no
-- link of a page leads elsewhere than to Twilio.

local Error = require "twilio.util.error"
local json = require "twilio.json"
local page = require "twilio.resource.page"
local reader = require "reader"
local response = require "twilio.call.response"
local texts = require "twilio.util.text"
local twilio = require "twilio"

local result -- of the transport
local asked -- the URLs of requests

local transport = {
   send = function(_, request)
      asked[#asked + 1] = request.url
      -- A page that leads to another one of its own each time would never end.
      if #asked > 5 then return nil, { kind = "network", message = "enough" } end
      return result
   end,
}

local client = assert(twilio.client {
   account_sid = "AC" .. ("0"):rep(32), auth_token = "hush-token", transport = transport,
   max_retries = 0,
})

local KINDS = { api = true, decode = true, config = true, network = true }

local function checked(value, err)
   if value ~= nil then
      assert(err == nil)
      tostring(value)
   else
      assert(Error.is(err) and KINDS[err.kind], "no error object")
      assert(type(err.message) == "string" and type(tostring(err)) == "string")
      assert(not tostring(err):find "hush%-", "a secret in a message")
   end
   return value
end

local function calls()
   local value = checked(client.messages:create { to = "+1", from = "+2", body = "x" })
   local decoded = json.decode(result.body)
   if value and type(decoded) == "table" then
      assert(json.encode(value) == json.encode(decoded), "a record isn't sent back as it came")
   end
   checked(client.messages("SM1"):fetch())
   checked(client.messages("SM1"):delete())
   checked(client:request("GET", "https://api.twilio.com/x"))
   checked(client.verify.v2.services:list { limit = 3 })
   checked(client.messages:list { limit = 3 })
   local ok, raised = pcall(function()
      for message in client.messages:each { page_size = 2 } do tostring(message) end
   end)
   if not ok then checked(nil, raised) end
   for _, url in ipairs(asked) do
      local host = url:match "^https://([^/?#:]+)"
      assert(host and texts.lower("." .. host):sub(-11) == ".twilio.com", "a foreign host: " .. url)
   end
end

local STYLES = { "uri", "meta", "plain", "results", "token", "next_token" }

local function parts()
   local request = { method = "POST", url = "https://api.twilio.com/x?y", headers = {} }
   checked(response.parse(request, result))
   checked(response.parse_any(request, result))
   local wait = response.retry_after(result.headers)
   assert(wait == nil or wait >= 0)
   response.code(result)
   checked(nil, response.failure(request, result.body))
   local payload = json.decode(result.body)
   if type(payload) ~= "table" then return end
   for _, style in ipairs(STYLES) do
      local paging = { style = style, key = "items" }
      page.records(payload, paging)
      page.next_url(payload, paging, request.url)
      page.previous_url(payload, paging, request.url)
   end
end

return {
   covers = {
      "lua/twilio/call/response.lua", "lua/twilio/call/refusal.lua", "lua/twilio/resource/page.lua",
      "lua/twilio/resource/record.lua", "lua/twilio/util/redact.lua",
      "lua/twilio/call/endpoint.lua", "lua/twilio/util/error.lua",
   },
   is_linear = true,
   run = function(input)
      local message = reader.message(input)
      local headers = {}
      for name, value in pairs(message.headers) do
         if type(value) == "table" then value = table.concat(value, ", ") end
         headers[reader.lower(name)] = value
      end
      local status = tonumber(message.first:match "^%d%d%d") or 200
      result, asked = { status = math.max(status, 200), headers = headers, body = message.body }, {}
      parts()
      calls()
   end,
}
