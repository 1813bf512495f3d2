-- docs/*.md: the Lua of each guide runs, from its top to its end, against the sandbox.

local process = require "support.process"
local twilio = require "twilio"
local sandbox = require "twilio.sandbox"
local settings = require "twilio.client.settings"

local AC = "AC" .. ("a"):rep(32)

-- Pages whose code is run by other specs, or is none that a program runs: openresty_guide_spec.lua,
-- below (options), spec/sandbox.
local elsewhere = {
   architecture = true, openresty = true, options = true, outbox = true, reliability = true,
   sandbox = true, security = true, systems = true,
}

-- A request that Twilio has signed with the token of the guide.
local function genuine(path)
   local body = "MessageStatus=delivered&From=%2B15558675310"
   local webhook = twilio.webhook { auth_token = "..." }
   local signature = webhook:signature("https://example.com" .. path, body)
   return {
      method = "POST", url = path, body = body, headers = {
         ["X-Twilio-Signature"] = signature, ["Content-Type"] = "application/x-www-form-urlencoded",
      },
   }
end

-- Names that a page's code has from the program around it.
local around = {}

function around.arguments(env)
   env.client, env.twilio = env.require "twilio".client(), env.require "twilio"
   env.received = assert(twilio.json.decode '{"rules":[]}')
end

function around.files(_, box)
   local service = "https://serverless.twilio.com/v1/Services/ZS" .. ("0"):rep(32)
   box:add(service)
   box:add(service .. "/Functions/ZH" .. ("0"):rep(32))
   box:add(service .. "/Assets/ZH" .. ("0"):rep(32))
end

function around.requests(env) env.twilio = env.require "twilio" end

function around.webhooks(env)
   local request = genuine "/sms?tenant=42"
   env.twilio, env.headers, env.body = env.require "twilio", request.headers, request.body
   env.answer = function(status) error("refused: " .. status) end
   env.update = env.print
   env.secrets = { get = function() return nil end }
   local require_there = env.require
   -- The adapter's own spec has it in nginx.
   env.require = function(name)
      if name ~= "twilio.webhook.openresty" then return require_there(name) end
      return { guard = function(webhook)
         return webhook:verify(genuine "/status?appointment=17")
      end }
   end
end

local function code_of(path)
   local blocks = {}
   for block in process.read(path):gmatch "\n```lua\n(.-)\n```" do blocks[#blocks + 1] = block end
   return table.concat(blocks, "\n")
end

-- The library as a guide's reader has it, but for the transport.
local function library(box)
   return setmetatable({
      client = function(options)
         local all = { account_sid = AC, auth_token = "token", transport = box }
         for name, value in pairs(options or {}) do all[name] = value end
         if all.account_sid == "AC..." then all.account_sid = AC end
         return twilio.client(all)
      end,
   }, { __index = twilio })
end

local function run(name, code)
   local printed, box = {}, sandbox.new { seed = 1 }
   local env = setmetatable({
      print = function(...)
         for i = 1, select("#", ...) do printed[#printed + 1] = tostring((select(i, ...))) end
      end,
      require = function(module)
         return module == "twilio" and library(box) or require(module)
      end,
   }, { __index = _G })
   if around[name] then around[name](env, box) end
   local chunk
   if setfenv then -- luacheck: globals setfenv loadstring
      chunk = setfenv(assert(loadstring(code, "=" .. name)), env)
   else
      chunk = assert(load(code, "=" .. name, "t", env))
   end
   chunk()
   return table.concat(printed, "\n")
end

describe("the guide", function()
   for _, path in ipairs(process.lines "ls docs/*.md") do
      local name = path:match "([^/]+)%.md$"
      local code = code_of(path)
      if not elsewhere[name] and code ~= "" then
         it(name .. " runs", function() assert.is_string(run(name, code)) end)
      end
   end

   it("verify approves the right code, and no other", function()
      assert.matches(
         "pending\nfalse\ntrue\notpauth://totp/", run("verify", code_of "docs/verify.md"))
   end)

   it("conversations sends, shares and fills in", function()
      local text = run("conversations", code_of "docs/conversations.md")
      assert.matches("\n0\nalice\nHow can we help%?\n", text)
      assert.matches("\n3\n1\n1\n", text)
      assert.is_nil(text:find("somebody else", 1, true))
      assert.matches("Hello Bob, see you at 11:30%.$", text)
   end)

   it("files uploads", function()
      assert.matches("\nZN%x+\nZN%x+$", run("files", code_of "docs/files.md"))
   end)

   it("webhooks verifies", function()
      assert.equal("17\ndelivered", run("webhooks", code_of "docs/webhooks.md"))
   end)

   it("errors shows the mistake and the refusal", function()
      local text = run("errors", code_of "docs/errors.md")
      assert.matches("false\nmessages:create: unknown parameter 'form' %(did you mean 'from'%?%)",
         (text:gsub("errors:%d+: ", "")))
      assert.matches("api\n404\n20404\n", text)
   end)
end)

describe("docs/options.md", function()
   it("has each option of a client, and no other", function()
      local block = code_of "docs/options.md":gsub("%-%-[^\n]*", ""):gsub("{[^{}]*}", "")
      local documented, known = {}, {}
      for name in block:gmatch "%f[%w_]([%l_]+) = " do documented[name] = true end
      local source = process.read "lua/twilio/client/settings.lua":match "\nlocal known = {(.-)\n}"
      for name in source:gmatch "%f[%w_]([%l_]+) = " do
         if settings.is_option(name) then known[name] = true end
      end
      documented.client = nil
      assert.same(known, documented)
   end)

   it("has the defaults that a client has", function()
      local chunk = code_of "docs/options.md":gsub("twilio%.client", "return")
      local documented = assert((loadstring or load)(chunk))()
      local defaults = assert(settings.new { account_sid = AC, auth_token = "t" })
      for _, name in ipairs { "timeout", "connect_timeout", "max_retries", "log" } do
         assert.equal(defaults[name], documented[name], name)
      end
   end)
end)
