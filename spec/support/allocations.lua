-- allocations.lua: a program that runs out of memory everywhere, once at each of its allocations.
--
--   lua allocations.lua WHERE SCENARIO FAILURES EVERY STEP [URL CA_FILE]    with failing.so preloaded
--
-- WHERE is "lua", "c" or "own" (failing.c), FAILURES how many allocations fail in a row. For each
-- n, or each STEP-th, the scenario runs once with memory that ends at its n-th allocation, and, each
-- EVERY times, once more with enough: the first time it fails as it is to, or comes to its usual result; the second time it
-- comes to that. Prints "N allocations", a line for each failure that is none of these, and "err" and
-- the message of each error object.

local failing = require "failing"

local where, scenario, failures, every, step, url, ca_file = ...
failures, every, step = tonumber(failures), tonumber(every), tonumber(step)

local SID = "AC" .. ("0"):rep(32)

-- A program that loads the library begins as often with none of it.
local function unload()
   for name in pairs(package.loaded) do
      if name == "twilio" or name:find "^twilio%." then package.loaded[name] = nil end
   end
end

local function options(more)
   local given = { account_sid = SID, auth_token = "hush-token", max_retries = 0 }
   for name, value in pairs(more) do given[name] = value end
   return given
end

local BODY = '{"sid":"SM1","body":"x","error_code":null,"price":1.50,"media":[],"to":"+1"}'

local function transport(status, body)
   return { send = function() return { status = status, headers = {}, body = body } end }
end

local create = { to = "+15558675310", from = "+14155552344", body = "Hello", media_url = { "a", "b" } }

-- Each returns a text that says what came out, or nil, err.
local scenarios = {}

function scenarios.require()
   unload()
   local twilio = require "twilio"
   local client = twilio.client(options { transport = transport(201, BODY) })
   local message, err = client.messages:create(create)
   if not message then return nil, err end
   client:close()
   return message.sid .. tostring(message.price)
end

local client -- of the scenarios that don't make their own

function scenarios.create()
   local twilio = require "twilio"
   client = client or twilio.client(options { transport = transport(201, BODY) })
   local message, err = client.messages:create(create)
   if not message then return nil, err end
   return assert(require("twilio.json").encode(message))
end

function scenarios.refusal()
   local twilio = require "twilio"
   local own = twilio.client(options {
      transport = transport(400, '{"code":21211,"message":"no","more_info":"https://x","status":400}'),
   })
   local message, err = own.messages:create(create)
   own:close()
   if message or err.kind ~= "api" then return nil, err end
   return tostring(err.code) .. tostring(err)
end

function scenarios.list()
   local twilio = require "twilio"
   client = client or twilio.client(options {
      transport = transport(200, '{"messages":[' .. BODY .. "," .. BODY .. '],"next_page_uri":null}'),
   })
   local list, err = client.messages:list { limit = 5 }
   if not list then return nil, err end
   return #list .. list[2].sid
end

local function over_http(more)
   return function()
      local twilio = require "twilio"
      local own = twilio.client(options {
         base_url = url, ca_file = ca_file, proxy = "", timeout = 5, connect_timeout = 5,
      })
      local message, err = own.messages:create(create)
      local stats = message and more and own:stats()
      own:close()
      if not message then return nil, err end
      return message.sid .. (stats and stats.done or "")
   end
end

scenarios.http, scenarios.stats = over_http(false), over_http(true)

-- The connection is there already.
function scenarios.again()
   local twilio = require "twilio"
   client = client or twilio.client(options {
      base_url = url, ca_file = ca_file, proxy = "", timeout = 5, connect_timeout = 5,
   })
   local message, err = client.messages:create(create)
   if not message then return nil, err end
   return message.sid
end

-- With a scheduler, and a body that is streamed.
function scenarios.map()
   local twilio = require "twilio"
   client = client or twilio.client(options {
      base_url = url, ca_file = ca_file, proxy = "", timeout = 5, connect_timeout = 5,
   })
   local results = twilio.map({ 1, 2, 3 }, function()
      local message, err = client.messages:create(create)
      return message, err
   end)
   for _, result in ipairs(results) do
      if not result[1] then
         if type(result[2]) == "string" then error(result[2], 0) end -- a text of Lua's
         return nil, result[2]
      end
   end
   local got = {}
   local size, err = client:download(url .. "/file", function(chunk)
      got[#got + 1] = chunk
      return true
   end)
   if not size then return nil, err end
   return #results .. "/" .. size .. "/" .. #table.concat(got)
end

function scenarios.webhook()
   local webhook = require("twilio.webhook").new { auth_token = { "a", "hush-token" } }
   local address, body = "https://example.com/sms?x=1", "From=%2B1&To=%2B2&Body=hi+there&a=1&a=2"
   local request = {
      method = "POST", url = "/sms?x=1", body = body,
      headers = { Host = "example.com", ["X-Twilio-Signature"] = webhook:signature(address, body) },
   }
   local results = {}
   for i = 1, 2 do -- the second by the plan
      local params, err = webhook:verify(request)
      if not params then return nil, err end
      results[i] = params.Body .. params.a[2] .. params.url
   end
   request.headers["X-Twilio-Signature"] = "forged"
   local params, err = webhook:verify(request)
   assert(params == nil, "a forged request is taken")
   if err.reason ~= "signature" then return nil, err end
   webhook:close()
   return table.concat(results)
end

function scenarios.twiml()
   local voice = require "twilio.twiml.voice"
   local response = voice.Response {
      voice.Say { "Hello & bye", voice = "Polly.Amy" },
      voice.Gather { num_digits = 1, voice.Say "Press 1" },
   }
   response:dial { "+15558675310", record = true }
   return tostring(response)
end

function scenarios.token()
   local jwt = require "twilio.jwt"
   local token = jwt.access_token {
      account_sid = SID, api_key = "SK1", api_secret = "hush-secret", identity = "me", now = 1000,
      grants = { voice = { outgoing_application_sid = "AP1", incoming_allow = true } },
   }
   local payload, err = jwt.decode(token, "hush-secret", { now = 1001 })
   if not payload then return nil, err end
   return token .. payload.grants.identity
end

-- A failure that is as it is to be.
local function is_known(ok, result, err)
   if not ok then
      -- A signature that can't be made is told of in OpenSSL's words. A stack that can't grow is said
      -- to overflow by luaL_checkstack, also for want of memory (Lua 5.5).
      local text = tostring(result)
      return text:find "not enough memory" or text:find "no memory" or text:find "can't sign: "
         or text:find "stack overflow %(JSON%)"
   end
   return result == nil and type(err) == "table" and type(err.kind) == "string"
      and type(err.message) == "string"
end

local function run()
   local ok, result, err = pcall(scenarios[scenario])
   return ok, result, err
end

local function same_again(expected, told, n)
   local ok, result, err = run()
   if ok and result == expected then return true end
   if not told[n] then
      print(("after %d: %s %s"):format(n, tostring(result), tostring(err)))
      told[n] = true
   end
   return false
end

local _, expected, why = run()
assert(expected, tostring(why))
assert(select(2, run()) == expected, "the scenario has no result of its own")

local told, n, kinds = {}, 1, {}

local function sweep()
   n = 1
   while true do
      failing[where](n, failures)
      local ok, result, err = run()
      local left = failing.stop()
      if not is_known(ok, result, err) and not (ok and result == expected) and not told[n] then
         print(("at %d: %s %s"):format(n, tostring(result), tostring(err)))
         told[n] = true
      end
      if ok and result == nil and type(err) == "table" then
         kinds[tostring(err.kind) .. ": " .. tostring(err.message)] = true
      end
      if left > 0 then break end
      if (n - 1) / step % every == 0 and not same_again(expected, told, n) and client then
         client:close()
         client = nil
      end
      n = n + step
   end
   if client then client:close() end
   client = nil
   collectgarbage()
   collectgarbage()
end

sweep()
if where ~= "lua" then
   -- All that is kept for good is there after the first time.
   failing.blocks()
   sweep()
   local lost
   for _ = 1, 3 do -- libcurl and OpenSSL keep some more now and then, but not each time
      local before = failing.blocks()
      sweep()
      lost = failing.blocks() - before
      if lost <= 0 then break end
   end
   if lost > 0 then print(("%d blocks are lost"):format(lost)) end
end
for kind in pairs(kinds) do print("err " .. kind) end
print(n .. " allocations")
