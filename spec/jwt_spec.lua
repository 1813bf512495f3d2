-- jwt_spec.lua: the public face of tokens: what is raised where, and decode.

local jwt = require "twilio.jwt"

local SECRET = "secret"

local function access_token(more)
   local arguments = { account_sid = "AC1", api_key = "SK1", api_secret = SECRET, now = 1000 }
   for name, value in pairs(more or {}) do arguments[name] = value end
   return jwt.access_token(arguments)
end

local function raises(expected, f)
   local ok, message = pcall(f)
   assert.is_false(ok)
   local place = debug.getinfo(f, "S")
   local message_line, text = message:match("spec/jwt_spec%.lua:(%d+): (.*)$")
   assert.equal(expected, text)
   -- The mistake is in a line of f: it is written in one line or in three.
   message_line = tonumber(message_line)
   assert.is_true(message_line >= place.linedefined and message_line <= place.lastlinedefined)
end

local function refused(kind, message, ...)
   local payload, err = jwt.decode(...)
   assert.is_nil(payload)
   assert.equal(kind, err.kind)
   assert.matches(message, err.message, 1, true)
   assert.is_nil(tostring(err):find(SECRET, 1, true))
end

describe("making a token", function()
   it("is deterministic with a given clock", function()
      local arguments = {
         identity = "joe",
         grants = { video = { room = "r" }, chat = { service_sid = "IS1" }, sync = {} },
      }
      local first = access_token(arguments)
      for _ = 1, 10 do assert.equal(first, access_token(arguments)) end
      assert.equal(
         "eyJhbGciOiJIUzI1NiIsImN0eSI6InR3aWxpby1mcGE7dj0xIiwidHlwIjoiSldUIn0", first:match "^[^.]+")
   end)

   it("uses the clock of the system otherwise", function()
      local before = os.time()
      local payload = assert(
         jwt.decode(
            jwt.access_token { account_sid = "AC1", api_key = "SK1", api_secret = SECRET }, SECRET))
      assert.is_true(payload.exp >= before + 3600 and payload.exp <= os.time() + 3600)
   end)

   it("raises for arguments that are missing, unknown or of the wrong type", function()
      raises("argument 'api_secret' is required", function()
         return jwt.access_token { account_sid = "A", api_key = "S" }, 1
      end)
      raises("argument 'auth_token' is required", function()
         jwt.client_capability { account_sid = "A", auth_token = "" }
      end)
      raises("argument 'workspace_sid' is required", function()
         jwt.taskrouter_capability { account_sid = "A", auth_token = "t" }
      end)
      raises("unknown argument 'account_id' (did you mean 'account_sid'?)", function()
         jwt.access_token { account_id = "A" }
      end)
      raises("argument 'ttl' must be a number, got a string", function()
         jwt.access_token { ttl = "1" }
      end)
      raises("expected a table of arguments, got a nil", function() jwt.access_token() end)
   end)

   it("leaves the caller's tables alone", function()
      local grants = {
         voice = { outgoing_application_sid = "AP1", outgoing_application_params = {} }, video = {},
      }
      access_token { identity = "joe", grants = grants }
      assert.same(
         {
            voice = { outgoing_application_sid = "AP1", outgoing_application_params = {} },
            video = {},
         },
         grants)
      assert.is_nil(getmetatable(grants.video))
      assert.is_nil(getmetatable(grants.voice.outgoing_application_params))
   end)
end)

describe("jwt.decode", function()
   it("gives payload and header", function()
      local payload, err, header = jwt.decode(
         access_token { identity = "joe", ttl = 60 }, SECRET, { now = 1059 })
      assert.is_nil(err)
      assert.same(
         { iss = "SK1", sub = "AC1", jti = "SK1-1000", exp = 1060, grants = { identity = "joe" } },
         payload)
      assert.same({ alg = "HS256", cty = "twilio-fpa;v=1", typ = "JWT" }, header)
   end)

   it("checks expiry and not-before, with leeway", function()
      local text = access_token { ttl = 60, nbf = 1010 }
      refused("auth", "isn't valid yet", text, SECRET, { now = 1009 })
      assert.is_table(jwt.decode(text, SECRET, { now = 1009, leeway = 1 }))
      assert.is_table(jwt.decode(text, SECRET, { now = 1010 }))
      assert.is_table(jwt.decode(text, SECRET, { now = 1059 }))
      refused("auth", "has expired", text, SECRET, { now = 1060 })
      assert.is_table(jwt.decode(text, SECRET, { now = 1064, leeway = 5 }))
      refused("auth", "has expired", text, SECRET)
   end)

   it("refuses another secret, and every change of the text", function()
      local text = access_token()
      refused("auth", "signature is wrong", text, "other", { now = 1000 })
      for i = 1, #text do
         local c = text:sub(i, i)
         local changed = text:sub(1, i - 1) .. (c == "A" and "B" or "A") .. text:sub(i + 1)
         assert.is_nil((jwt.decode(changed, SECRET, { now = 1000 })), i)
      end
      for i = 0, #text - 1 do
         assert.is_nil((jwt.decode(text:sub(1, i), SECRET, { now = 1000 })), i)
      end
   end)

   it("refuses what isn't a token", function()
      for _, text in ipairs {
         "", ".", "..", "a.b", "a.b.c", "a.b.c.d", "e30.e30.", "e30.e30.AA==", "W10.W10.AA",
         "\0.\0.\0",
      } do
         refused("decode", "not a token", text, SECRET)
      end
      refused("decode", "not a token", nil, SECRET)
      refused("decode", "not a token", {}, SECRET)
   end)

   it("raises for a key or an option that can't be", function()
      raises(
         "expected a secret (string) or { public_key = PEM } to check the token with, got a nil",
         function() jwt.decode("a") end)
      raises(
         "expected a secret (string) or { public_key = PEM } to check the token with, got ''",
         function() jwt.decode("a", "") end)
      raises("key field 'public_key' is required", function() jwt.decode("a", {}) end)
      raises("unknown option 'clock'", function() jwt.decode("a", "s", { clock = 1 }) end)
   end)
end)
