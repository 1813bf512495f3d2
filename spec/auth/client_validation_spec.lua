local core = require "twilio.core"
local fake = require "support.fake"
local json = require "twilio.json"
local process = require "support.process"
local client_validation = require "twilio.auth.client_validation"

-- Canonical forms as twilio-java and twilio-python make them of the URL that is sent. (twilio-node
-- leaves !'() as they are, which its own requests don't, cuts a value at its second "=", and
-- decodes values twice.)
local function canonical(method, url, body, authorization)
   return client_validation.canonical {
      method = method, url = url, body = body,
      headers = { Authorization = authorization or "Basic x" },
   }
end

local function lines(text)
   local list = {}
   for line in (text .. "\n"):gmatch("([^\n]*)\n") do list[#list + 1] = line end
   return list
end

describe("the canonical form of a request", function()
   it("is method, path, query, signed headers, their names and the body's hash, in lines", function()
      local form = canonical(
         "POST", "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json?b=2&a=1", "To=%2B1")
      assert.same({
         "POST", "/2010-04-01/Accounts/AC1/Messages.json", "a=1&b=2", "authorization:Basic x",
         "host:api.twilio.com", "",
         "authorization;host", require "twilio.core.crypto".sha256_hex "To=%2B1",
      }, lines(form))
   end)

   it("has nothing in the place of an absent query or body, not the hash of nothing", function()
      local list = lines(canonical("GET", "https://api.twilio.com"))
      assert.same({ "GET", "/", "" }, { list[1], list[2], list[3] })
      assert.equal("", list[8])
      assert.equal("", lines(canonical("GET", "https://api.twilio.com/", ""))[8])
   end)

   local paths = {
      ["//a///b//"] = "/a/b/",
      ["/a%2Fb/%41~%7e"] = "/a%2Fb/A~~",
      ["/a*b/(c)!'d'"] = "/a%2Ab/%28c%29%21%27d%27",
      ["/%2B15551234567/+1"] = "/%2B15551234567/%2B1",
      ["/h%C3%A9"] = "/h%C3%A9",
      ["/h\195\169%c3%a9"] = "/h%C3%A9%C3%A9",
      ["/a%"] = "/a%25",
      ["/a/./b/../c"] = "/a/c",
      ["/a/b/.."] = "/a/",
      ["/a/%2E%2e/b/%2e"] = "/b/",
      ["/../../a"] = "/a",
      ["/.."] = "/",
      ["/..."] = "/...",
   }
   for path, expected in pairs(paths) do
      it("encodes each segment once: " .. path, function()
         assert.equal(expected, lines(canonical("GET", "https://api.twilio.com" .. path))[2])
      end)
   end

   local queries = {
      ["StartTime%3C=2020&StartTime=1"] = "StartTime%3C=2020&StartTime=1",
      ["StartTime=1&StartTime%3E=2020"] = "StartTime%3E=2020&StartTime=1",
      ["b=%7E*&a=x+y&a=x%20a"] = "a=x%20a&a=x%20y&b=~%2A",
      ["a=1%3D2=3"] = "a=1%3D2%3D3",
      ["FriendlyName=Bob%27s%20%28main%29%21"] = "FriendlyName=Bob%27s%20%28main%29%21",
      ["FriendlyName=Bob's+(main)!"] = "FriendlyName=Bob%27s%20%28main%29%21",
      ["flag&&z="] = "flag&z=",
      ["b=&a&a=&=x"] = "=x&a&a=&b=",
      ["a=2&a=10&a=1&a=2"] = "a=1&a=10&a=2&a=2",
      ["b=1&B=1&a=1&_=1&-=1"] = "-=1&B=1&_=1&a=1&b=1",
      [""] = "",
      ["&"] = "",
      ["q=%c3%a9\195\169%"] = "q=%C3%A9%C3%A9%25",
   }
   for query, expected in pairs(queries) do
      it("sorts and encodes the query: " .. query, function()
         assert.equal(
            expected, lines(canonical("GET", "https://api.twilio.com/?" .. query .. "#part"))[3])
      end)
   end

   it("is that of the URL that is sent, by the bytes", function()
      for _, url in ipairs {
         "HTTPS://API.twilio.com//a/../b/Bob's?b=1&a&c=x+y%7e&&d='#part", "https://api.twilio.com",
         "https://api.twilio.com/?",
         "https://api.twilio.com/a%2fb?a=%",
      } do
         local sent = client_validation.normal_url(url)
         assert.equal(sent, client_validation.normal_url(sent))
         local path, query = sent:match("^https://api%.twilio%.com(/[^?]*)%??(.*)$")
         local list = {}
         for pair in query:gmatch("[^&]+") do list[#list + 1] = pair end
         table.sort(list)
         local form = lines(canonical("GET", url))
         assert.same({ path, table.concat(list, "&") }, { form[2], form[3] })
      end
      assert.equal("https://api.twilio.com/b/Bob%27s?b=1&a&c=x%20y~&d=%27",
         client_validation.normal_url "https://API.twilio.com//a/../b/Bob's?b=1&a&c=x+y%7e&&d='#part")
   end)

   it("names the host as the Host header does", function()
      assert.equal("host:api.twilio.com", lines(canonical("GET", "https://API.twilio.com:443/"))[5])
      assert.equal("host:127.0.0.1:8443", lines(canonical("GET", "https://127.0.0.1:8443/"))[5])
      assert.equal("host:localhost", lines(canonical("GET", "http://localhost:80/"))[5])
   end)

   it("names the caller's own Host header, which is what is sent", function()
      local form = client_validation.canonical {
         method = "GET", url = "https://127.0.0.1:8443/",
         headers = { HOST = " API.twilio.com:443 " },
      }
      assert.equal("host:api.twilio.com", lines(form)[5])
   end)

   it("finds the Authorization header however it is written, and trims it", function()
      local form = client_validation.canonical {
         method = "GET", url = "https://a.twilio.com/", headers = { authorization = " Bearer t " },
      }
      assert.equal("authorization:Bearer t", lines(form)[4])
   end)
end)

local function base64url_decode(text)
   text = text:gsub("-", "+"):gsub("_", "/")
   return core.base64_decode(text .. ("="):rep(-#text % 4))
end

local function read_token(request)
   local head, claims, signature = request.headers["Twilio-Client-Validation"]:match(
      "^([^.]+)%.([^.]+)%.([^.]+)$")
   return json.decode(base64url_decode(head)), json.decode(base64url_decode(claims)), head .. "."
      .. claims, base64url_decode(signature)
end

describe("a client with a validation key", function()
   local folder, private, public

   setup(function()
      folder = process.folder()
      private = folder .. "/private.pem"
      process.run("openssl genrsa -out %s 2048", private)
      process.run("openssl rsa -in %s -pubout -out %s/public.pem", private, folder)
      public = process.read(folder .. "/public.pem")
   end)

   teardown(function() process.forget(folder) end)

   local function client(options, ...)
      local transport = fake.transport(...)
      local all = {
         account_sid = fake.account_sid, api_key = "SK1", api_secret = "secret",
         transport = transport,
         validation = { private_key = private, credential_sid = "CR1" },
      }
      for name, value in pairs(options or {}) do all[name] = value end
      return require("twilio").client(all), transport
   end

   for _, algorithm in ipairs { "RS256", "PS256" } do
      it("signs each request by " .. algorithm, function()
         local c, transport = client {
            validation = { private_key = private, credential_sid = "CR1", algorithm = algorithm },
         }
         c.messages:create { to = "+1", from = "+1", body = "Hi" }
         local head, claims, text, signature = read_token(transport.last)
         assert.same({ alg = algorithm, cty = "twilio-pkrv;v=1", kid = "CR1", typ = "JWT" }, head)
         assert.equal("SK1", claims.iss)
         assert.equal(fake.account_sid, claims.sub)
         assert.equal("authorization;host", claims.hrh)
         assert.equal(
            require "twilio.core.crypto".sha256_hex(client_validation.canonical(transport.last)),
            claims.rqh)
         assert.is_true(math.abs(claims.exp - os.time() - 300) < 30)
         assert.is_true(
            require "twilio.core.crypto".signer({ public_key = public }):verify(
               algorithm, text, signature))
      end)
   end

   it("takes the key as text too", function()
      local c, transport = client {
         validation = { private_key = process.read(private), credential_sid = "CR1" },
      }
      c.messages("SM1"):fetch()
      assert.is_string(transport.last.headers["Twilio-Client-Validation"])
   end)

   it("signs the canonical form of each page and each attempt anew", function()
      local second = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json?PageToken=x"
      local runtime = { now = function() return 0 end, sleep = function() end }
      local c, transport = client({ runtime = runtime },
         fake.answer(
            200, {
               messages = { { sid = "SM1" } }, next_page_uri = second,
            }), fake.answer(429), fake.answer(200, { messages = json.array() }))
      assert(c.messages:list())
      assert.equal(3, #transport.requests)
      for _, request in ipairs(transport.requests) do
         local _, claims = read_token(request)
         assert.equal(
            require "twilio.core.crypto".sha256_hex(client_validation.canonical(request)),
            claims.rqh)
      end
      local _, first = read_token(transport.requests[1])
      local _, last = read_token(transport.requests[3])
      assert.not_equal(first.rqh, last.rqh)
   end)

   it("leaves the request as it was given", function()
      local inner = { send = function() return { status = 200, headers = {} } end }
      local signed = assert(
         client_validation.new(
            inner,
            {
               private_key = private, credential_sid = "CR1", api_key = "SK1", account_sid = "AC1",
            }))
      local request = {
         method = "GET", url = "https://api.twilio.com/", headers = { Authorization = "Basic x" },
      }
      signed:send(request)
      assert.same(
         {
            method = "GET", url = "https://api.twilio.com/",
            headers = { Authorization = "Basic x" },
         },
         request)
   end)

   local function refused(options, pattern)
      local ok, why = pcall(client, options)
      assert.is_false(ok)
      assert.matches(pattern, why)
   end

   it("names the mistakes in its options", function()
      refused(
         { validation = { private_key = "/does/not/exist", credential_sid = "CR1" } },
         "private_key can't be read")
      refused(
         { validation = { private_key = "-----BEGIN nothing", credential_sid = "CR1" } },
         "isn't an RSA key")
      refused({ validation = { private_key = private } }, "credential_sid")
      refused(
         { validation = { private_key = private, credential_sid = "CR1", algorithm = "HS256" } },
         "RS256 or PS256")
      refused(
         { validation = { private_kye = private, credential_sid = "CR1" } },
         "did you mean 'private_key'")
   end)

   it("needs an API key", function()
      local ok, why = pcall(require("twilio").client, {
         account_sid = fake.account_sid, auth_token = "x",
         validation = { private_key = private, credential_sid = "CR1" },
      })
      assert.is_false(ok)
      assert.matches("needs account_sid, api_key", why)
   end)

   it("overwrites the key when it is closed", function()
      local c = client()
      c:close()
      c:close()
      assert.has_error(function() c.messages("SM1"):fetch() end)
   end)
end)
