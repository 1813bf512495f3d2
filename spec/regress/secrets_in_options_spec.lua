-- A proxy's URL that libcurl couldn't parse was shown whole, with its password, in the error and
-- the log, and was tried three times. A base_url with a password showed it to hooks and recordings.
-- A token that was copied from a file with its line end gave a bare 401. Each is now a mistake that
-- twilio.client raises at once, without the text.

local fake = require "support.fake"
local raised = require "support.raised"
local twilio = require "twilio"

local function mistake(options)
   local all = { account_sid = fake.account_sid, auth_token = "hush-auth-token" }
   for name, value in pairs(options) do all[name] = value end
   local message = raised(function()
      local client = twilio.client(all)
      return client
   end)
   assert.is_nil(message:find("hush", 1, true), message)
   return message
end

describe("a malformed proxy", function()
   it("is a mistake without its text", function()
      for _, url in ipairs {
         "http://user:hush-pa/ss@proxy:3128", "http://user:hush@pass@proxy",
         "http://user:hush-pass@proxy:port", "htp://user:hush-pass@proxy",
         "user:hush-pass", "http://user:hush pass@proxy", "http://user:hush-pass@proxy\n",
         "http://user:hush-pass@", "http://user:hush#1@proxy",
      } do
         assert.matches("^proxy ", mistake { proxy = url })
      end
   end)

   it("of the environment is one too, unless the client doesn't use it", function()
      local real = os.getenv
      local function with_environment(f)
         -- luacheck: ignore 122
         os.getenv = function(name)
            return name == "https_proxy" and "http://user:hush-pa/ss@proxy" or nil
         end
         local ok, why = pcall(f)
         os.getenv = real -- luacheck: ignore 122
         assert(ok, why)
      end
      with_environment(function() assert.matches("^the environment's https_proxy ", mistake {}) end)
      with_environment(function()
         twilio.client { account_sid = fake.account_sid, auth_token = "t", proxy = "" }:close()
      end)
      with_environment(function() fake.client {} end)
   end)
end)

describe("a base_url with a password", function()
   it("is refused however it is written, without its text", function()
      for _, url in ipairs {
         "https://user:hush-pass@host", "https://hush@host/path", "https://user:hush/pass@host",
         "https://user:hush-pass@", "http://u:hush@[::1]:80",
         "user:hush-pass@host", "https://user:hush?pass@host", "https://user:hush-pass",
         "https://user:hush pass@host", "https://h\\hush@host",
      } do
         assert.matches("^base_url ", mistake { base_url = url })
      end
   end)

   it("is no reason to refuse the others", function()
      for _, url in ipairs {
         "http://127.0.0.1:80", "https://localhost:8443/", "http://{host}.local",
         "https://gateway.example.com/a/b%40c", "http://[::1]:8080/x",
         "http://my_host:1", "https://{host}:8443/base",
      } do
         assert(fake.client { base_url = url }, url)
      end
   end)
end)

describe("credentials with something around them", function()
   local SK = "SK" .. ("1"):rep(32)

   it("are a mistake that says so", function()
      for _, around in ipairs {
         "%s\n", "%s\r\n", "%s ", " %s", "\t%s", "\n%s", "%s\0", "\239\187\191%s", "%s\194\160",
      } do
         local function spoiled(text) return (around:gsub("%%s", function() return text end)) end
         assert.matches("^auth_token h", mistake { auth_token = spoiled "hush-token" })
         assert.matches("^account_sid h", mistake { account_sid = spoiled(fake.account_sid) })
         local function with_key(key, secret)
            local message = raised(function()
               local client = twilio.client {
                  account_sid = fake.account_sid, api_key = key, api_secret = secret,
               }
               return client
            end)
            return message
         end
         assert.matches("^api_key h", with_key(spoiled(SK), "hush"))
         assert.matches("^api_secret h", with_key(SK, spoiled "hush"))
         assert.is_nil(with_key(SK, spoiled "hush"):find("hush", 1, true))
         for _, name in ipairs { "client_id", "client_secret", "refresh_token" } do
            local oauth = {
               client_id = "hush-id", client_secret = "hush-secret", refresh_token = "hush-refresh",
            }
            oauth[name] = spoiled(oauth[name])
            assert.matches("^oauth." .. name .. " h", mistake { oauth = oauth })
         end
      end
      assert.equal("auth_token is empty", mistake { auth_token = "" })
   end)

   it("are named by the variable that they come from", function()
      local real = os.getenv
      os.getenv = function(name) -- luacheck: ignore 122
         return ({ TWILIO_ACCOUNT_SID = fake.account_sid, TWILIO_AUTH_TOKEN = "hush\n" })[name]
      end
      local ok, message = pcall(twilio.client)
      os.getenv = real -- luacheck: ignore 122
      assert.is_false(ok)
      assert.matches("the environment's TWILIO_AUTH_TOKEN holds a line end", message, 1, true)
   end)

   it("in the wrong place aren't shown", function()
      mistake { account_sid = "hush-token" }
      mistake { region = "hush token" }
      mistake { ["hush-token\n"] = "x" }
      mistake { client_key = "-----BEGIN RSA PRIVATE KEY-----\nhush" }
      mistake { client_key = "hush-key-without-its-first-line" }
      mistake { client_cert = "hush-key-without-its-first-line" }
      mistake { api_key = "SK1:hush", api_secret = "x", auth_token = false or nil }
   end)
end)
