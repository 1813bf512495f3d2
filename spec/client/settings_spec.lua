-- lua/twilio/client/settings.lua: options checked, completed from the environment, and never mixed
-- with it.

local settings = require "twilio.client.settings"

local AC, SK = "AC" .. ("0"):rep(32), "SK" .. ("1"):rep(32)

describe("settings.new", function()
   local environment = {}
   local real = os.getenv

   before_each(function()
      environment = {}
      os.getenv = function(name) return environment[name] end -- luacheck: ignore 122
   end)
   after_each(function() os.getenv = real end) -- luacheck: ignore 122

   local function mistake(options, why)
      local s, message = settings.new(options)
      assert.is_nil(s)
      assert.matches(why, message)
      return message
   end

   it("fills in the defaults", function()
      local s = assert(settings.new { account_sid = AC, auth_token = "t" })
      assert.same({ 30, 10, 2, false }, { s.timeout, s.connect_timeout, s.max_retries, s.log })
   end)

   it("takes what the environment says", function()
      environment = {
         TWILIO_ACCOUNT_SID = AC, TWILIO_AUTH_TOKEN = "t", TWILIO_REGION = "ie1",
         TWILIO_EDGE = "dublin", TWILIO_LOG_LEVEL = "DEBUG",
         TWILIO_CA_BUNDLE = "/ca.pem", TWILIO_BASE_URL = "https://localhost:8443",
      }
      local s = assert(settings.new())
      assert.same(
         { AC, "t", "ie1", "dublin", true, "/ca.pem", "https://localhost:8443" },
         { s.account_sid, s.auth_token, s.region, s.edge, s.log, s.ca_file, s.base_url })
   end)

   it("prefers the environment's API key to its token", function()
      environment = {
         TWILIO_ACCOUNT_SID = AC, TWILIO_AUTH_TOKEN = "t", TWILIO_API_KEY = SK,
         TWILIO_API_SECRET = "s",
      }
      local s = assert(settings.new())
      assert.same({ SK, "s" }, { s.api_key, s.api_secret })
      assert.is_nil(s.auth_token)
      environment.TWILIO_API_SECRET = nil
      s = assert(settings.new())
      assert.is_nil(s.api_key)
      assert.equal("t", s.auth_token)
   end)

   it("takes an empty variable for none", function()
      environment = { TWILIO_ACCOUNT_SID = AC, TWILIO_AUTH_TOKEN = "t", TWILIO_REGION = "" }
      assert.is_nil(assert(settings.new()).region)
   end)

   it("lets options win, and never joins an option's key with the environment's secret", function()
      environment = {
         TWILIO_ACCOUNT_SID = AC, TWILIO_AUTH_TOKEN = "env", TWILIO_API_KEY = SK,
         TWILIO_API_SECRET = "env", TWILIO_REGION = "ie1",
      }
      local s = assert(settings.new { auth_token = "mine", region = "au1" })
      assert.same({ "mine", "au1", AC }, { s.auth_token, s.region, s.account_sid })
      assert.is_nil(s.api_key)
      mistake({ api_key = SK }, "api_key needs its api_secret")
   end)

   it("says in nginx that the environment is cleared", function()
      local before = rawget(_G, "ngx")
      rawset(_G, "ngx", {})
      local ok, messages = pcall(function()
         return { select(2, settings.new()), select(2, settings.new { auth_token = "t" }) }
      end)
      rawset(_G, "ngx", before)
      assert.is_true(ok, messages)
      for _, message in ipairs(messages) do
         assert.matches("nginx clears the environment.*`env TWILIO_ACCOUNT_SID;`", message)
      end
   end)

   it("says what is missing or mixed up", function()
      mistake({}, "no credentials.*TWILIO_ACCOUNT_SID")
      mistake(nil, "no credentials")
      mistake({ auth_token = "t" }, "auth_token needs the account_sid")
      mistake({ account_sid = SK, auth_token = "t" }, "is an API key")
      mistake({ account_sid = "AC12", auth_token = "t" }, "32 hexadecimal")
      mistake({ account_sid = AC, api_key = SK, api_secret = "s", auth_token = "t" }, "not both")
      mistake({ account_sid = AC, api_secret = "s" }, "api_secret needs its api_key")
      mistake({ account_sid = AC, api_key = AC, api_secret = "s" }, "give it as account_sid")
   end)

   it("never shows a secret in what it says", function()
      for _, options in ipairs { { auth_token = "hunter2" }, {
         account_sid = SK, auth_token = "hunter2",
      }, { api_key = SK, auth_token = "hunter2" },
         { api_secret = "hunter2" } } do
         local _, message = settings.new(options)
         assert.is_nil(message:find("hunter2", 1, true))
      end
   end)

   it("knows its options and their types", function()
      mistake({ acount_sid = AC }, "unknown option 'acount_sid' %(did you mean 'account_sid'%?%)")
      mistake({ [1] = AC }, "unknown option '1'")
      mistake({ account_sid = 5 }, "option 'account_sid' must be a string, got a number")
      mistake({ account_sid = AC, auth_token = print }, "got a function")
      mistake({ account_sid = AC, auth_token = "t", log = 5 }, "must be a function or boolean")
      mistake("AC...", "one table, got a string")
   end)

   it("checks values", function()
      local function with(name, value)
         return { account_sid = AC, auth_token = "t", [name] = value }
      end
      for _, value in ipairs { 0, -1, 0 / 0, math.huge } do
         mistake(with("timeout", value), "timeout must be")
         mistake(with("connect_timeout", value), "connect_timeout must be")
      end
      for _, value in ipairs { -1, 0.5, 0 / 0 } do
         mistake(with("max_retries", value), "max_retries must be")
      end
      assert.equal(0, assert(settings.new(with("max_retries", 0))).max_retries)
      for _, value in ipairs { "", "a.b", "evil.com/", "-x", "a b", "a\r\nb" } do
         mistake(with("region", value), "region must be one label")
      end
      for _, value in ipairs {
         "api.twilio.com", "ftp://x", "http://", "http://x?a", "http://x#a",
      } do
         mistake(with("base_url", value), "base_url")
      end
      assert.equal(
         "http://127.0.0.1:80/x",
         assert(settings.new(with("base_url", "http://127.0.0.1:80/x//"))).base_url)
      mistake(with("user_agent_extensions", { "a\r\nEvil: 1" }), "user_agent_extensions")
      mistake(with("user_agent_extensions", { 5 }), "user_agent_extensions")
      mistake(with("transport", {}), "transport must have a method")
   end)

   it("checks the environment like the options, and names its variables", function()
      for name, bad in pairs {
         TWILIO_ACCOUNT_SID = { AC .. "0", "must be 'AC'" },
         TWILIO_AUTH_TOKEN = { "hush ", "has blanks around it" },
         TWILIO_REGION = { "a.b", "must be one label" },
         TWILIO_EDGE = { "a/b", "must be one label" },
         TWILIO_CA_BUNDLE = { "-----BEGIN hush", "must be a path" },
         TWILIO_BASE_URL = { "localhost", "must be an http or https URL" },
      } do
         environment = { TWILIO_ACCOUNT_SID = AC, TWILIO_AUTH_TOKEN = "t" }
         environment[name] = bad[1]
         local message = mistake(nil, "^the environment's " .. name .. " " .. bad[2])
         assert.is_nil(message:find("hush", 1, true))
      end
      environment = { TWILIO_ACCOUNT_SID = AC, TWILIO_API_KEY = "SK\n", TWILIO_API_SECRET = "s" }
      mistake(nil, "^the environment's TWILIO_API_KEY holds a line end")
      environment.TWILIO_API_SECRET = nil -- half a pair counts for nothing
      mistake(nil, "no credentials")
   end)

   it("checks rules that concern several options", function()
      local function both(options)
         options.account_sid = AC
         return options
      end
      local validation = { private_key = "/key", credential_sid = "CR1" }
      mistake(
         both { auth_token = "t", validation = validation },
         "^validation needs account_sid, api_key and api_secret")
      mistake(
         both { credentials = {}, oauth = { token = print } }, "^give either credentials or oauth")
      mistake(both { oauth = { token = print, cache = "x" } }, "^oauth.cache needs a client_id")
      mistake(both { oauth = {} }, "^oauth needs client_id and client_secret")
      mistake(
         both { oauth = { client_id = "hush\n", client_secret = "s" } },
         "^oauth.client_id holds a line end")
      mistake(
         both {
            api_key = SK, api_secret = "s", validation = {},
         }, "^validation needs a private_key")
      mistake(both {
         api_key = SK, api_secret = "s",
         validation = { private_key = "/key", credential_sid = "CR1", algorithm = "none" },
      },
         "^validation.algorithm must be RS256 or PS256")
   end)

   it("parses the proxy, or those of the environment that libcurl reads", function()
      for _, name in ipairs {
         "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY",
      } do
         for _, good in ipairs { "", "http://u:p@proxy:3128/" } do
            environment = { [name] = good }
            assert(settings.new { account_sid = AC, auth_token = "t" })
         end
         environment = { [name] = "http://user:hush-pa/ss@proxy" }
         local message = mistake(
            { account_sid = AC, auth_token = "t" },
            "^the environment's " .. name .. " can't be parsed")
         assert.is_nil(message:find("hush", 1, true))
         assert(settings.new { account_sid = AC, auth_token = "t", proxy = "" })
         assert(settings.new { account_sid = AC, auth_token = "t", transport = { send = print } })
      end
      environment = { HTTP_PROXY = "nonsense://" }
      assert(settings.new { account_sid = AC, auth_token = "t" })
      mistake(
         { account_sid = AC, auth_token = "t", proxy = "nonsense://x" },
         "^proxy needs one of the schemes")
   end)

   it("takes credentials of the caller's own, with or without an account", function()
      local credentials = { authorization = function() return "Bearer x" end }
      assert.equal(credentials, assert(settings.new { credentials = credentials }).credentials)
   end)

   it("never changes the caller's table", function()
      local options = { account_sid = AC, auth_token = "t", base_url = "http://x/" }
      assert(settings.new(options))
      assert.same({ account_sid = AC, auth_token = "t", base_url = "http://x/" }, options)
   end)
end)
