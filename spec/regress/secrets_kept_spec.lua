-- A private key without its BEGIN line was taken for a path and printed; a path that is a FIFO
-- blocked the program. A closed client still reached its settings, with the auth token, through a
-- function that logs retries. A failure that is marked as final (retryable = false) was tried
-- again. A token endpoint that repeats the client's secret had it shown in the error.

local fake = require "support.fake"
local process = require "support.process"
local raised = require "support.raised"
local twilio = require "twilio"

local function refused(private_key)
   local began = os.time()
   local message = raised(function()
      local client = twilio.client {
         account_sid = fake.account_sid, api_key = "SK1", api_secret = "x",
         transport = fake.transport(),
         validation = { private_key = private_key, credential_sid = "CR1" },
      }
      return client
   end)
   assert.is_true(os.time() - began < 5)
   assert.is_nil(message:find("hush", 1, true), message)
   return message
end

describe("a private key", function()
   it("that isn't one is never shown", function()
      for _, text in ipairs {
         "hushMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", ("hush"):rep(500),
         "hush\nhush\n", "hush\0hush", "/hush/key.pem", "",
         "----BEGIN PRIVATE KEY----\nhush", "-----begin private key-----\nhush",
      } do
         assert.matches("private_key can't be read", refused(text))
      end
      refused "-----BEGIN RSA PRIVATE KEY-----\nhush\n-----END RSA PRIVATE KEY-----"
   end)

   it("in a FIFO, a folder or a path with a NUL is refused at once", function()
      local folder = process.folder()
      process.run("mkfifo %s/fifo", folder)
      assert.matches("no regular file", refused(folder .. "/fifo"))
      assert.matches("no regular file", refused(folder))
      process.write(folder .. "/key", "x")
      assert.matches("neither PEM text", refused(folder .. "/key\0hush"))
   end)
end)

-- Everything that a value leads to: members, metatables and what functions hold. Modules and this
-- spec's own are left out.
local function reach(value, seen, found, path)
   if type(value) == "string" and value:find("hush", 1, true) then found[#found + 1] = path end
   if seen[value] or (type(value) ~= "table" and type(value) ~= "function") then return end
   seen[value] = true
   if type(value) == "function" then
      local i = 1
      while true do
         local name, held = debug.getupvalue(value, i)
         if not name then return end
         reach(held, seen, found, path .. " -> " .. name)
         i = i + 1
      end
   end
   for name, held in next, value do
      reach(name, seen, found, path .. ".key")
      reach(held, seen, found, path .. "." .. tostring(name))
   end
   reach(debug.getmetatable(value), seen, found, path .. "<meta>")
end

describe("a closed client", function()
   it("reaches no secret", function()
      local ways = {
         { auth_token = "hush-token" }, { api_key = "SK1", api_secret = "hush-secret" },
         {
            oauth = {
               client_id = "x", client_secret = "hush-secret", refresh_token = "hush-refresh",
            },
         },
         { auth_token = "hush-token", oauth = { client_id = "x", client_secret = "hush-secret" } },
      }
      for _, options in ipairs(ways) do
         options.account_sid, options.log, options.on_retry = fake.account_sid, function() end, function() end
         options.on_request, options.on_response = function() end, function() end
         options.transport = { send = function(_, request)
            if request.url:find("oauth", 1, true) then
               return fake.answer(200, { access_token = "hush-access", expires_in = 9 })
            end
            return fake.answer(200, { sid = "SM1" })
         end }
         local client = twilio.client(options)
         assert(client.messages("SM1"):fetch())
         client:close()
         local seen, found = { [_G] = true, [package.loaded] = true, [string] = true }, {}
         reach(client, seen, found, "client")
         for name, module in pairs(package.loaded) do
            if name:find("^twilio") then reach(module, seen, found, name) end
         end
         assert.same({}, found)
      end
   end)
end)

it("a failure that is final isn't tried again", function()
   for _, sent in ipairs { false, "unknown" } do
      local client, transport = fake.client({ max_retries = 3, runtime = { now = function()
         return 0
      end, sleep = function() end } },
         { kind = "network", message = "untrusted", sent = sent, retryable = false })
      local value, err = client.messages("SM1"):fetch()
      assert.is_nil(value)
      assert.same({ 1, false }, { #transport.requests, err.retryable })
   end
end)

it("what a token endpoint repeats isn't shown", function()
   for _, body in ipairs {
      { message = "not yours: hush+secret%" },
      { error_description = "client_secret=hush%2Bsecret%25" },
   } do
      local client = fake.client({
         max_retries = 0, oauth = { client_id = "x", client_secret = "hush+secret%" },
      },
         fake.answer(400, body))
      local value, err = client:authorization "oauth"
      assert.is_nil(value)
      assert.equal("auth", err.kind)
      assert.is_nil((tostring(err) .. tostring(err.body)):find("hush", 1, true), tostring(err))
   end
end)

it("a secret with a line end makes no token", function()
   local message = raised(function()
      local text = twilio.jwt.access_token {
         account_sid = fake.account_sid, api_key = "SK1", api_secret = "hush\n",
      }
      return text
   end)
   assert.equal("argument 'api_secret' holds a line end (was it copied from a file?)", message)
   message = raised(function()
      local text = twilio.jwt.client_capability {
         account_sid = fake.account_sid, auth_token = " hush",
      }
      return text
   end)
   assert.matches("'auth_token' has blanks around it", message)
end)

it("a header in the place of a name isn't shown", function()
   local client = fake.client()
   for _, name in ipairs {
      "Authorization: Basic hush", "X\r\nAuthorization: hush", "token=hush",
   } do
      local message = raised(function()
         local answer = client:request(
            "GET", "https://api.twilio.com/x", { headers = { [name] = "1" } })
         return answer
      end)
      assert.is_nil(message:find("hush", 1, true), message)
   end
end)
