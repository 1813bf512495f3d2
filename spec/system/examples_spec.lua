-- The examples of what is around a request run as they are, against a transport that answers for
-- Twilio.

local fake = require "support.fake"
local process = require "support.process"
local twilio = require "twilio"

local folder, make_client, printed, requests

-- Runs an example with these arguments; its clients have that transport.
local function run(name, arguments, options, respond)
   printed, requests = {}, {}
   local transport = { send = function(_, request)
      requests[#requests + 1] = request
      return respond(request)
   end }
   twilio.client = function(given) -- luacheck: ignore
      local all = {
         account_sid = fake.account_sid, transport = transport,
         runtime = { now = os.clock, sleep = function() end },
      }
      for option, value in pairs(options) do all[option] = value end
      for option, value in pairs(given or {}) do all[option] = value end
      return make_client(all)
   end
   local env = setmetatable({ arg = arguments, print = function(...)
      local texts = {}
      for i = 1, select("#", ...) do texts[i] = tostring((select(i, ...))) end
      printed[#printed + 1] = table.concat(texts, " ")
   end }, { __index = _G })
   env.io = setmetatable({ stderr = { write = function() end } }, { __index = io })
   env.os = { getenv = function(variable) return variable end }
   local path = "examples/" .. name .. ".lua"
   local chunk = setfenv and assert(loadfile(path)) or assert(loadfile(path, "t", env))
   if setfenv then setfenv(chunk, env) end -- luacheck: ignore
   chunk()
   return table.concat(printed, "\n")
end

setup(function()
   folder = process.folder()
   make_client = twilio.client
end)

teardown(function()
   twilio.client = make_client -- luacheck: ignore
   process.forget(folder)
end)

local key = { auth_token = "x" }

describe("example", function()
   it("oauth", function()
      local output = run("oauth", {}, {}, function(request)
         if request.url:find("/v2/token", 1, true) then
            return fake.answer(200, { access_token = "t", expires_in = 60 })
         end
         return fake.answer(200, { messages = { { sid = "SM1" }, { sid = "SM2" } } })
      end)
      assert.matches("SM1.*SM2", output)
      assert.equal("Bearer t", requests[2].headers.Authorization)
   end)

   it("files: a recording", function()
      local output = run("files", { "RE1", folder .. "/r.mp3" }, key, function()
         return { status = 200, headers = {}, body = "sound" }
      end)
      assert.matches("5 bytes came", output)
      assert.equal("sound", process.read(folder .. "/r.mp3"))
      run("files", { "RE1", folder .. "/r.mp3" }, key, function()
         return { status = 416, headers = { ["content-range"] = "bytes */5" }, body = "" }
      end)
      assert.equal("bytes=5-", requests[1].headers.Range)
   end)

   it("files: a function", function()
      process.write(folder .. "/h.js", "exports")
      assert.equal(
         "ZN1",
         run("files", { "ZS1", "ZH1", folder .. "/h.js", "/hello" }, key, function()
            return fake.answer(201, { sid = "ZN1" })
         end))
      assert.matches("exports", requests[1].body)
   end)

   it("watching", function()
      local output = run("watching", { "+15558675310" }, key, function(request)
         if request.method == "POST" then
            return fake.answer(201, { sid = "CA1", status = "queued" })
         end
         return #requests < 3 and fake.answer(429)
            or fake.answer(200, { sid = "CA1", status = "completed" })
      end)
      assert.matches("\ncompleted\n", output)
      assert.matches("retries 1", output)
      assert.matches("attempt 1 got 429", output)
      assert.equal("TRACEPARENT", requests[1].headers.traceparent)
   end)

   it("signed_requests", function()
      process.run(
         "openssl genrsa -out %s/private.pem 2048 && openssl rsa -in %s/private.pem -pubout -out %s/public.pem",
         folder, folder, folder)
      assert.equal(
         "CR1",
         run("signed_requests", { "register", folder .. "/public.pem" }, key, function()
            return fake.answer(201, { sid = "CR1" })
         end))
      assert.matches("BEGIN%%20PUBLIC%%20KEY", (requests[1].body:gsub("+", "%%20")))
      run("signed_requests", {
         folder .. "/private.pem", "CR1", "+1",
      }, { api_key = "SK1", api_secret = "x" },
         function() return fake.answer(201, { sid = "SM1" }) end)
      assert.is_string(requests[1].headers["Twilio-Client-Validation"])
   end)
end)
