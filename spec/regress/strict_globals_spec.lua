-- A client raised "variable 'ngx' is not declared" in programs that make the read of an undeclared
-- global an error (pl.strict and the like). In a sandboxed Lua without os it raised though all
-- options were given. The whole public face must work in both, or return nil and a message.

local process = require "support.process"

local program = [==[
local guard = ...
if guard == "pl.strict" then
   require "pl.compat"
   require "pl.strict"
elseif guard == "metatable" then
   setmetatable(_G, {
      __index = function(_, name) error(tostring(name) .. " is not declared", 2) end,
      __newindex = function(_, name) error(tostring(name) .. " is not declared", 2) end,
   })
else
   for name in guard:gmatch "%w+" do rawset(_G, name, nil) end
end
local function has(name) return rawget(_G, name) ~= nil end

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"
local sid, token = "AC" .. ("a"):rep(32), ("0"):rep(32)
local box = sandbox.new { account_sid = sid, auth_token = token }
local function new(options)
   options.account_sid, options.auth_token = sid, token
   return twilio.client(options)
end

-- Calls, lists, waiting, retries, any request
local waits = {}
local client = new {
   transport = box, log = function() end, on_retry = function(info) waits[#waits + 1] = info end,
}
client:preload "verify.v2"
local text_message = { to = "+15558675310", from = "+14155552344", body = "hello" }
local message = assert(client.messages:create(text_message))
assert(message.body == "hello" and tostring(message) and twilio.time(message.date_created))
box:advance(60)
assert(#assert(client.messages:list { limit = 5, date_sent_after = 0 }) == 1)
for one in client.messages:each() do assert(one.sid == message.sid) end
assert(client.messages:page { page_size = 1 })
assert(message:wait_until(function(fetched) return fetched.sid == message.sid end))
assert(client.messages:list { date_sent = { year = 2024, month = 2, day = 29 } })
assert(client:request("GET", "https://api.twilio.com/2010-04-01/Accounts/" .. sid .. ".json", {}))
assert(not client.messages("SM" .. ("0"):rep(32)):fetch())
box:fail { match = { method = "GET" }, status = 503, times = 1 }
assert(client.messages(message.sid):fetch())
assert(#waits == 1)
assert(client:stats().calls > 5)
assert(not pcall(function() return client.messages:create { form = "+1" } end))
assert(not pcall(function() return client.nothing end))
assert(#tostring(client) > 0)
local account = "https://api.twilio.com/2010-04-01/Accounts/" .. sid .. ".json"
local bytes = client:download(account, function() return true end)
assert(bytes and bytes > 0)
if has "io" and has "os" then
   local name = os.tmpname()
   local file = assert(io.open(name, "w+b"))
   client:download(account, file)
   file:close()
   os.remove(name)
end
local media = { text = "x", content_type = "text/plain" }
twilio.upload.conversation_media(
   client, { chat_service_sid = "IS" .. ("0"):rep(32), content = media })
local part = { text = "t", filename = "f.txt" }
client:request("POST", "https://api.twilio.com/x", { multipart = { a = "1", b = part } })
client:request("POST", "https://api.twilio.com/x", { file = { path = arg[0] } })

-- The engine: plain, in run and map, in coroutines of the program's own; downloads; logs
local closed = "http://127.0.0.1:" .. arg[1]
local real = new { base_url = closed, proxy = "", max_retries = 0, log = true, timeout = 5 }
local function call() return real.messages:create(text_message) end
local function refused(_, err)
   assert(err and err.kind == "network" and err.sent == false, tostring(err))
end
refused(call())
twilio.run(function()
   local task = twilio.spawn(call)
   refused(coroutine.wrap(call)())
   refused(task:wait())
   twilio.sleep(0.001)
end)
for _, result in ipairs(twilio.map({ 1, 2, 3 }, call)) do refused(nil, result.err) end
assert(not pcall(twilio.map, { 1 }, function() local t = nil; return t.x end))
-- Lua 5.1 tells only by debug where nothing can yield.
if has "debug" or _VERSION ~= "Lua 5.1" or has "jit" then
   twilio.run(function() ("x"):gsub("x", function() call() end) end)
end
real:download(closed .. "/x", function() return true end)
for _, name in ipairs { "cqueues", "luv" } do
   if guard == "metatable" and pcall(require, name) then
      local runtime = require("twilio.runtime." .. name)
      local own = new { base_url = closed, proxy = "", max_retries = 0, runtime = runtime }
      runtime.run(function()
         refused(own.messages:create(text_message))
      end)
      own:close()
   end
end
real:close()

-- OAuth, signed requests
local oauth = twilio.client {
   account_sid = sid, oauth = { token = function() return "t", 3600 end }, transport = box,
}
oauth.messages:list { limit = 1 }
local ok, text = pcall(twilio.client, {
   account_sid = sid, api_key = "SK" .. ("1"):rep(32), api_secret = "s", transport = box,
   validation = { private_key = arg[0], credential_sid = "CR" .. ("1"):rep(32) },
})
assert(not ok and text:find "private_key")
assert(not pcall(twilio.client, {}) or os.getenv "TWILIO_ACCOUNT_SID")

-- Webhooks
local webhook = twilio.webhook { auth_token = token, public_url = "https://example.com" }
local url, params = "https://example.com/x", { From = "+1", Body = "hi" }
local signature = webhook:signature(url, params)
assert(webhook:validate(url, params, signature))
local verified = assert(webhook:verify {
   method = "POST", url = "/x", body = "From=%2B1&Body=hi",
   headers = {
      ["X-Twilio-Signature"] = signature, Host = "example.com",
      ["Content-Type"] = "application/x-www-form-urlencoded",
   },
})
assert(verified.Body == "hi")
assert(not webhook:verify { method = "POST", url = "/x", body = "", headers = {} })
pcall(twilio.webhook, {})
require "twilio.webhook.lapis"
require "twilio.webhook.openresty"
if pcall(require, "http.headers") then require "twilio.webhook.http" end

-- TwiML, tokens, JSON
local voice = require "twilio.twiml.voice"
local gather = voice.Gather { num_digits = 1, voice.Say "1" }
assert(tostring(voice.Response { voice.Say { "Hello" }, gather }):find "Hello")
local messaging = require "twilio.twiml.messaging"
assert(tostring(messaging.Response { messaging.Message "x" }):find "x")
local jwt = twilio.jwt.access_token {
   account_sid = sid, api_key = "SK" .. ("1"):rep(32), api_secret = "s", identity = "me",
   grants = { voice = { incoming_allow = true } },
}
local payload = assert(twilio.jwt.decode(jwt, "s"))
assert(payload.exp > 1700000000)
assert(twilio.jwt.client_capability { account_sid = sid, auth_token = token, incoming = "x" })
assert(require("twilio.json").encode { a = twilio.null, b = twilio.array {} })
client:close()
print "all of it"
]==]

local guards = { "metatable", "os", "io", "debug", "os io debug", "os io debug loadfile dofile" }
if pcall(require, "pl.strict") then guards[#guards + 1] = "pl.strict" end

for _, guard in ipairs(guards) do
   it("the public face works with " .. guard, function()
      local folder = process.folder()
      process.write(folder .. "/program.lua", program)
      process.write(folder .. "/start.lua", ([[
         package.path, package.cpath = %q, %q
         arg = { [0] = %q, %q }
         assert(loadfile(%q))(%q)
      ]]):format(package.path, package.cpath, folder .. "/program.lua",
         tostring(process.free_port()), folder .. "/program.lua", guard))
      local text = process.output(
         "%s %s/start.lua 2>%s/stderr; cat %s/stderr", process.interpreter(), folder,
         folder, folder)
      assert.matches("^all of it", text)
      process.forget(folder)
   end)
end
