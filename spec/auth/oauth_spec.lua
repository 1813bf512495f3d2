local core = require "twilio.core"
local fake = require "support.fake"
local json = require "twilio.json"
local oauth = require "twilio.auth.oauth"
local plain = require "twilio.runtime.plain"
local twilio = require "twilio"

local TOKEN_URL = "https://oauth.twilio.com/v2/token"

local function base64url(text)
   return (core.base64_encode(text):gsub("[+/=]", { ["+"] = "-", ["/"] = "_", ["="] = "" }))
end

local function jwt(claims)
   return base64url '{"alg":"RS256"}' .. "." .. base64url(json.encode(claims)) .. ".c2ln"
end

-- A Twilio that hands out t1, t2, ... and takes whatever token comes, unless `refuse` says
-- otherwise.
local function server(options)
   options = options or {}
   local self = { fetches = {}, calls = {} }
   function self.send(_, request)
      if options.delay then plain.sleep(options.delay) end
      if request.url == TOKEN_URL then
         self.fetches[#self.fetches + 1] = request
         if options.answer then return options.answer(#self.fetches) end
         return fake.answer(
            200, { access_token = "t" .. #self.fetches, expires_in = options.expires_in or 3600 })
      end
      self.calls[#self.calls + 1] = request
      if options.refuse and options.refuse(request, #self.calls) then
         return fake.answer(401, { code = 20003, message = "no" })
      end
      return fake.answer(200, { sid = "SM1" })
   end
   return self
end

local function client(transport, options)
   local all = {
      account_sid = fake.account_sid, transport = transport,
      oauth = { client_id = "OQ1", client_secret = "s&e" },
   }
   for name, value in pairs(options or {}) do all[name] = value end
   return twilio.client(all)
end

-- Credentials alone, with a clock of our own.
local function credentials(transport, options, clock)
   local all = { client_id = "OQ1", client_secret = "s" }
   for name, value in pairs(options or {}) do all[name] = value end
   return oauth.new(all, {
      settings = { user_agent = "x", timeout = 30 }, transport = transport, runtime = plain,
      clock = function() return clock.time end,
   })
end

describe("a client with OAuth", function()
   it("fetches a token without authentication, and sends it with each call", function()
      local s = server()
      local c = client(s)
      assert(c.messages("SM1"):fetch())
      assert(c.messages("SM2"):fetch())
      assert.equal(1, #s.fetches)
      local fetch = s.fetches[1]
      assert.equal("POST", fetch.method)
      assert.is_nil(fetch.headers.Authorization)
      assert.same(
         { "grant_type=client_credentials", "client_id=OQ1", "client_secret=s&e" },
         fake.pairs_of(fetch.body))
      assert.equal("Bearer t1", s.calls[1].headers.Authorization)
      assert.equal("Bearer t1", s.calls[2].headers.Authorization)
   end)

   it("needs no account for products that have none in their paths", function()
      local s = server()
      local c = twilio.client { transport = s, oauth = { client_id = "OQ1", client_secret = "s" } }
      assert(c.verify.v2.services("VA1"):fetch())
      assert.equal("Bearer t1", s.calls[1].headers.Authorization)
   end)

   it("sends the further fields that are given", function()
      local s = server()
      client(
         s,
         {
            oauth = {
               client_id = "a", client_secret = "b", grant_type = "refresh_token",
               refresh_token = "r", scope = "x y",
            },
         })
         .messages("SM1"):fetch()
      assert.same({
         "grant_type=refresh_token", "client_id=a", "client_secret=b", "scope=x y",
         "refresh_token=r",
      },
         fake.pairs_of(s.fetches[1].body))
   end)

   it("uses a code once, and then the refresh tokens that it gets", function()
      local s = server { answer = function(n)
         return fake.answer(
            200, { access_token = "t" .. n, expires_in = 0, refresh_token = "r" .. n })
      end }
      local c = client(
         s,
         {
            oauth = {
               client_id = "a", client_secret = "b", grant_type = "authorization_code",
               code = "once", redirect_uri = "u",
            },
         })
      for _ = 1, 3 do assert(c.messages("SM1"):fetch()) end
      local head = { "client_id=a", "client_secret=b" }
      assert.same(
         { "grant_type=authorization_code", head[1], head[2], "code=once", "redirect_uri=u" },
         fake.pairs_of(s.fetches[1].body))
      assert.same(
         { "grant_type=refresh_token", head[1], head[2], "refresh_token=r1" },
         fake.pairs_of(s.fetches[2].body))
      assert.same(
         { "grant_type=refresh_token", head[1], head[2], "refresh_token=r2" },
         fake.pairs_of(s.fetches[3].body))
   end)

   it("sends no token where an operation takes none", function()
      local s = server()
      client(s).oauth.v2.oauth_authorization_server:fetch()
      assert.equal(0, #s.fetches)
      assert.is_nil(s.calls[1].headers.Authorization)
   end)

   it("uses Basic beside it where a key is given too, and the token for operations that take nothing else", function()
      local s = server()
      local c = client(s, { api_key = "SK1", api_secret = "x" })
      c.messages("SM1"):fetch()
      assert.matches("^Basic ", s.calls[1].headers.Authorization)
      c.preview_iam.versionless.organization("OR1").accounts:list()
      assert.equal("Bearer t1", s.calls[2].headers.Authorization)
   end)

   it("without OAuth keeps sending Basic to those", function()
      local s = server()
      twilio.client {
         account_sid = fake.account_sid, auth_token = "x", transport = s,
      }.preview_iam.versionless.organization("OR1").accounts:list()
      assert.matches("^Basic ", s.calls[1].headers.Authorization)
   end)

   it("doesn't take the environment's Basic credentials in its place", function()
      local getenv = os.getenv
      -- luacheck: ignore
      os.getenv = function(name)
         return name:match("^TWILIO_A") and ("AC" .. ("0"):rep(32)) or getenv(name)
      end
      local s = server()
      local c = twilio.client { transport = s, oauth = { client_id = "OQ1", client_secret = "s" } }
      os.getenv = getenv -- luacheck: ignore
      c.messages("SM1"):fetch()
      assert.equal("Bearer t1", s.calls[1].headers.Authorization)
   end)

   it("fetches once however many tasks wait", function()
      local s = server { delay = 0.01 }
      local c = client(s)
      local numbers = {}
      for i = 1, 50 do numbers[i] = i end
      local results = twilio.map(numbers, function()
         return c.messages("SM1"):fetch()
      end, { concurrency = 50 })
      for i = 1, 50 do assert.is_nil(results[i].err) end
      assert.equal(1, #s.fetches)
      assert.equal(50, #s.calls)
   end)

   it("returns an error of kind auth when there is no token, and sends nothing", function()
      local s = server { answer = function()
         return fake.answer(401, { error = "invalid_client", error_description = "unknown client" })
      end }
      local record, err = client(s).messages("SM1"):fetch()
      assert.is_nil(record)
      assert.equal("auth", err.kind)
      assert.equal(401, err.status)
      assert.matches("unknown client", err.message)
      assert.is_false(err.sent)
      assert.equal(0, #s.calls)
   end)

   it("tries a fetch again that failed for a passing reason", function()
      local s = server { answer = function(n)
         if n == 1 then return nil, { kind = "network", message = "reset", sent = "unknown" } end
         return fake.answer(200, { access_token = "late", expires_in = 60 })
      end }
      local c = client(s, { runtime = { now = function() return 0 end, sleep = function() end } })
      assert(c.messages("SM1"):fetch())
      assert.equal("Bearer late", s.calls[1].headers.Authorization)
   end)

   for what, body in pairs {
      nothing = {}, ["a line break"] = { access_token = "a\nb" },
      ["a number"] = { access_token = 5 },
   } do
      it("takes no token that is " .. what, function()
         local s = server { answer = function() return fake.answer(200, body) end }
         local _, err = client(s).messages("SM1"):fetch()
         assert.equal("auth", err.kind)
      end)
   end

   it("names the mistakes in its options", function()
      local function refused(options, pattern)
         local ok, why = pcall(function() return twilio.client(options) end)
         assert.is_false(ok)
         assert.matches(pattern, why)
      end
      refused({ oauth = { client_id = "x" } }, "client_secret")
      refused({ oauth = { client_idd = "x" } }, "did you mean 'client_id'")
      refused({ oauth = { client_id = "x", client_secret = 5 } }, "must be a string")
      refused({ oauth = { token = function() end, cache = {} } }, "client_id")
      refused(
         { oauth = { client_id = "x", client_secret = "s", cache = "nowhere" } },
         "no lua_shared_dict 'nowhere'")
      refused({ credentials = {}, oauth = { client_id = "x", client_secret = "s" } }, "either")
   end)
end)

describe("a token that the API refuses", function()
   local function first_token(request) return request.headers.Authorization == "Bearer t1" end

   it("is renewed, and the request sent once more", function()
      local s = server { refuse = first_token }
      local message, err, response = client(s).messages:create {
         to = "+1", from = "+1", body = "x",
      }
      assert.is_nil(err)
      assert.equal("SM1", message.sid)
      assert.equal(2, response.attempts)
      assert.equal(2, #s.fetches)
      assert.equal("Bearer t2", s.calls[2].headers.Authorization)
      assert.equal(s.calls[1].body, s.calls[2].body)
   end)

   it("is renewed once, not for ever", function()
      local s = server { refuse = function() return true end }
      local _, err = client(s).messages("SM1"):fetch()
      assert.equal(401, err.status)
      assert.equal(2, #s.calls)
      assert.equal(2, #s.fetches)
   end)

   it("is renewed once for all who used it", function()
      local s = server { refuse = first_token, delay = 0.005 }
      local c = client(s)
      local results = twilio.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function()
         return c.messages("SM1"):fetch()
      end, { concurrency = 8 })
      for _, result in ipairs(results) do assert.is_nil(result.err) end
      assert.equal(2, #s.fetches)
   end)

   it("isn't taken for the caller's own header", function()
      local s = server { refuse = function() return true end }
      local _, err = client(s).messages("SM1"):fetch(
         {}, { headers = { Authorization = "Bearer mine" } })
      assert.equal(401, err.status)
      assert.equal(1, #s.calls)
   end)

   it("has nothing to do with Basic authentication", function()
      local s = server { refuse = function() return true end }
      local _, err = client(s, { api_key = "SK1", api_secret = "x" }).messages("SM1"):fetch()
      assert.equal(401, err.status)
      assert.equal(1, #s.calls)
   end)
end)

describe("the life of a token", function()
   local function first_renewal(answer, start)
      local clock, s = { time = start or 1000000 }, server { answer = function(n)
         return fake.answer(200, answer(n))
      end }
      local c = credentials(s, {}, clock)
      local first = clock.time
      c:authorization()
      while #s.fetches == 1 and clock.time < first + 100000 do
         clock.time = clock.time + 1
         c:authorization()
      end
      return clock.time - first
   end

   it("ends a minute early", function()
      assert.equal(3540, first_renewal(function()
         return { access_token = "x", expires_in = 3600 }
      end))
   end)

   it("ends a tenth early when it is short", function()
      assert.equal(90, first_renewal(function()
         return { access_token = "x", expires_in = 100 }
      end))
   end)

   it("is in the token itself", function()
      assert.equal(540, first_renewal(function()
         return { access_token = jwt { exp = 1000600 } }
      end))
      assert.equal(540, first_renewal(function()
         return { access_token = jwt { exp = 1000600 }, expires_in = 3600 }
      end))
   end)

   it("isn't over at once when our clock is wrong", function()
      assert.equal(3540, first_renewal(function()
         return { access_token = jwt { exp = 1000 }, expires_in = 3600 }
      end))
   end)

   it("is five minutes when nobody knows", function()
      assert.equal(270, first_renewal(function() return { access_token = "opaque" } end))
   end)

   it("lasts to its end when it can't be renewed early", function()
      local clock = { time = 1000 }
      local s = server { answer = function(n)
         if n == 1 then return fake.answer(200, { access_token = "x", expires_in = 1000 }) end
         return fake.answer(500, { message = "down" })
      end }
      local c = credentials(s, {}, clock)
      assert.equal("Bearer x", c:authorization())
      clock.time = 1990
      assert.equal("Bearer x", c:authorization())
      assert.equal(2, #s.fetches)
      clock.time = 2000
      local value, err = c:authorization()
      assert.is_nil(value)
      assert.equal("auth", err.kind)
   end)

   it("is used by the others while one of them renews it", function()
      local clock, s = { time = 1000 }, server { delay = 0.01, expires_in = 1000 }
      local c = credentials(s, {}, clock)
      c:authorization()
      clock.time = 1990
      local seen = {}
      twilio.run(function()
         for i = 1, 3 do twilio.spawn(function() seen[i] = c:authorization() end) end
      end)
      assert.same({ "Bearer t2", "Bearer t1", "Bearer t1" }, seen)
   end)
end)

describe("a token function", function()
   it("stands for the fetch", function()
      local s, n = server(), 0
      local c = twilio.client { transport = s, account_sid = fake.account_sid, oauth = { token = function()
         n = n + 1
         return "own" .. n, 3600
      end } }
      c.messages("SM1"):fetch()
      c.messages("SM1"):fetch()
      assert.equal(0, #s.fetches)
      assert.equal(1, n)
      assert.equal("Bearer own1", s.calls[2].headers.Authorization)
   end)

   it("may fail", function()
      local c = twilio.client {
         transport = server(), account_sid = fake.account_sid,
         oauth = { token = function() return nil, "vault closed" end },
      }
      local _, err = c.messages("SM1"):fetch()
      assert.equal("auth", err.kind)
      assert.matches("vault closed", err.message)
   end)

   it("may raise, and is asked again the next time", function()
      local n = 0
      local c = twilio.client { transport = server(), account_sid = fake.account_sid, oauth = { token = function()
         n = n + 1
         if n == 1 then error("mine", 0) end
         return "x"
      end } }
      assert.has_error(function() c.messages("SM1"):fetch() end, "mine")
      assert(c.messages("SM1"):fetch())
   end)
end)

-- A lua_shared_dict, as far as it is used.
local function dict()
   local values = {}
   return {
      values = values,
      get = function(_, key) return values[key] end,
      set = function(_, key, value) values[key] = value return true end,
      add = function(_, key, value)
         if values[key] then return false, "exists" end
         values[key] = value
         return true
      end,
      delete = function(_, key) values[key] = nil end,
   }
end

describe("a shared cache", function()
   it("serves one token to several clients", function()
      local shared, s, clock = dict(), server(), { time = 1000 }
      assert.equal("Bearer t1", credentials(s, { cache = shared }, clock):authorization())
      assert.equal("Bearer t1", credentials(s, { cache = shared }, clock):authorization())
      assert.equal(1, #s.fetches)
   end)

   it("keeps those apart that have other credentials", function()
      local shared, s, clock = dict(), server(), { time = 1000 }
      credentials(s, { cache = shared }, clock):authorization()
      assert.equal(
         "Bearer t2",
         credentials(s, { cache = shared, client_secret = "other" }, clock):authorization())
   end)

   it("is renewed for all by one that was refused", function()
      local shared, s, clock = dict(), server(), { time = 1000 }
      local a, b = credentials(
         s, { cache = shared }, clock), credentials(s, { cache = shared }, clock)
      a:authorization()
      b:authorization()
      assert.equal("Bearer t2", a:renew "Bearer t1")
      assert.equal("Bearer t2", b:renew "Bearer t1")
      assert.equal(2, #s.fetches)
   end)

   it("is waited for when another one is fetching", function()
      local shared, s, clock = dict(), server(), { time = 1000 }
      local lock
      local runtime = { now = plain.now, sleep = function()
         -- Meanwhile in another worker:
         shared.values[lock:gsub(" lock$", "")] = "2000 1900 theirs"
      end }
      local c = oauth.new({ client_id = "a", client_secret = "b", cache = shared },
         { settings = {}, transport = s, runtime = runtime, clock = function()
            return clock.time
         end })
      lock = c.key .. " lock"
      shared.values[lock] = true
      assert.equal("Bearer theirs", c:authorization())
      assert.equal(0, #s.fetches)
   end)

   it("holds no secret in its keys", function()
      local shared = dict()
      credentials(
         server(), { cache = shared, client_secret = "hush-hush" }, { time = 1 }):authorization()
      for key in pairs(shared.values) do assert.is_nil(key:find("hush", 1, true)) end
   end)
end)

describe("OAuth credentials", function()
   it("show nothing of their secrets", function()
      local c = credentials(server(), { client_secret = "hush" }, { time = 1 })
      c:authorization()
      assert.equal("twilio.oauth", tostring(c))
      for name, value in pairs(c) do
         assert.is_nil(tostring(name):find("hush", 1, true))
         assert.is_nil(tostring(value):find("hush", 1, true))
         assert.is_nil(tostring(value):find("t1", 1, true))
      end
   end)

   it("may be closed while somebody waits for a token", function()
      local c, value, err = credentials(
         server { delay = 0.01 }, { cache = dict() }, { time = 1 }), nil, nil
      twilio.run(function()
         twilio.spawn(function() c:authorization() end)
         twilio.spawn(function() value, err = c:authorization() end)
         twilio.spawn(function() c:close() end)
      end)
      assert.is_true(value ~= nil or err.kind == "auth")
      assert.has_error(function() c:authorization() end)
   end)

   it("forget them when they are closed", function()
      local c = credentials(server(), {}, { time = 1 })
      c:close()
      c:close()
      assert.equal("twilio.oauth (closed)", tostring(c))
      assert.has_error(function() c:authorization() end)
   end)
end)
