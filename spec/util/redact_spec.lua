-- lua/twilio/util/redact.lua: texts without their secrets, whatever shape they are in.

local copies = require "twilio.transport.redact"
local redact = require "twilio.util.redact"

local H = "(hidden)"
local FORM, JSON = "application/x-www-form-urlencoded", "application/json"

local function same(wanted, text, kind) assert.equal(wanted, redact.body(text, kind or JSON)) end

local function hides(text, kind)
   local shown = redact.body(text, kind)
   assert.is_nil(shown:find("hush", 1, true), shown)
   return shown
end

describe("a body in JSON", function()
   it("shows no member that is secret, in any spelling and depth", function()
      for _, name in ipairs {
         "secret", "Secret", "auth_token", "authToken", "AuthToken", "auth_token_secondary",
         "secondary_auth_token", "access_token",
         "refreshToken", "id_token", "client_secret", "ClientSecret", "api_secret", "password",
         "Password", "SipAuthPassword", "private_key",
         "PrivateKey", "privateKey", "token", "Token", "Binding.Secret", "sessionToken",
         "inquiry_session_token", "credential", "TlsCert",
         "api_key", "ApiKey", "Credentials", "auth\\u005ftoken", "passphrase", "AUTH-TOKEN",
         "Config.NotificationToken",
      } do
         same(
            ('{"a":{"b":[1,{"%s":"%s"},2]}}'):format(name, H),
            ('{"a":{"b":[1,{"%s":"hush"},2]}}'):format(name))
         same(
            ('{"%s" : \n "%s", "x":1}'):format(name, H), ('{"%s" : \n "hush", "x":1}'):format(name))
      end
   end)

   it("shows all others, and the text as it is", function()
      for _, text in ipairs {
         '{"sid":"SK1","friendly_name":"secret","x":[1,2]}',
         '{"token_type":"bearer","expires_in":5}', '{"secret":null,"token":true}', "",
         '{"next_page_token":"a","pageToken":"b","nextToken":"c"}',
         '{"credentials":[{"sid":"CR1"}],"key":"credentials"}', "plain text",
         '{"api_key":"SK' .. ("0"):rep(32) .. '"}',
         '{"credential_sid":"CR1","credential_list_mappings":{}}', '"secret"', '["secret","token"]',
         '{"url":"https://x.com/a?b=c&d=e","to":"a@b.c"}', '{"secret":""}', '{"total_tokens":5}',
         "\0\1\2\255",
      } do
         same(text, text)
      end
   end)

   it("shows no value of another type", function()
      same('{"secret":"(hidden)","b":1}', '{"secret":123456,"b":1}')
      same('{"secret":"(hidden)","b":1}', '{"secret":{"a":["hush","}"]},"b":1}')
      same('{"secret":"(hidden)","b":1}', '{"secret":["hush",{"c":"]"}],"b":1}')
      same('{"secret":"(hidden)","b":1}', '{"secret":"a\\"hush\\\\","b":1}')
      same('{"secret":"(hidden)","b":"\\"x"}', '{"secret":"hush\\\\\\"hush","b":"\\"x"}')
   end)

   it("hides what is cut off or malformed", function()
      for _, text in ipairs {
         '{"secret":"hush', '{"secret":"hu\\"hush', '{"secret":"hush\\', '{"secret":hush',
         '{"secret":["hush"', '{"secret":{"a":"hush',
         '{"a":"b, "secret":"hush"}', '{"a":b"c", "secret":"hush"}', "{'secret': 'hush'}",
         '{"secret":"hush}', '"secret":"hush"',
         '{"a":"b\n","secret":"hush"}', ']]}}{"secret":"hush"', '{"a":"\\","secret":"hush"}',
         '{"secret":\t\r\n"hush"}', '\239\187\191{"secret":"hush"}',
         '<html>{"auth_token":"hush"}', 'HTTP error: "token" : "hush"', '{"secret":"hush"',
         '{"secret":"a","secret":"hush"}',
      } do
         for _, kind in ipairs { JSON, "text/html", "application/problem+json; charset=utf-8" } do
            hides(text, kind)
         end
      end
   end)

   it("hides what is in JSON within a text, at any level", function()
      local json = require "twilio.json"
      local text = '{"a":1,"secret":"hush \\" \\\\hush","b":"shown"}'
      for _ = 1, 4 do
         text = json.encode { attributes = text, after = "shown" }
         local plain = hides(text, JSON)
         assert.is_table(json.decode(plain))
         assert.matches("shown.*shown", plain)
      end
   end)

   it("hides secrets in URLs and private keys, under whatever name", function()
      same(
         '{"uri":"otpauth://totp/a:b?secret=(hidden)&issuer=x"}',
         '{"uri":"otpauth://totp/a:b?secret=HUSH&issuer=x"}')
      same(
         '{"uri":"otpauth:\\/\\/totp\\/a?issuer=x\\u0026secret=(hidden)"}',
         '{"uri":"otpauth:\\/\\/totp\\/a?issuer=x\\u0026secret=HUSH"}')
      same('{"url":"https://(hidden)@x.com/a@b"}', '{"url":"https://user:hush@x.com/a@b"}')
      same('{"url":"https:\\/\\/(hidden)@x.com"}', '{"url":"https:\\/\\/user:hush@x.com"}')
      hides '{"x":"-----BEGIN RSA PRIVATE KEY-----\\nhush\\n-----END RSA PRIVATE KEY-----","y":1}'
      hides '{"x":"-----BEGIN PRIVATE KEY-----\\nhush'
      same(
         '{"u":"https://s3/x?X-Amz-Signature=(hidden)"}', '{"u":"https://s3/x?X-Amz-Signature=abc"}')
   end)
end)

describe("a form", function()
   it("shows no secret parameter", function()
      same("FriendlyName=x&Secret=(hidden)&b=1", "FriendlyName=x&Secret=hush&b=1", FORM)
      same("Binding.Secret=(hidden)&Password=(hidden)", "Binding.Secret=hush&Password=hush", FORM)
      same("Auth%54oken=(hidden)", "Auth%54oken=hush", FORM)
      same(
         "client_secret=(hidden)&grant_type=client_credentials",
         "client_secret=hush&grant_type=client_credentials")
      same(
         "Credentials=(hidden)&PrivateKey=(hidden)",
         "Credentials=AKIA%3Ahush&PrivateKey=-----BEGIN+PRIVATE+KEY-----", FORM)
   end)

   it("shows the others", function()
      for _, text in ipairs {
         "Body=secret&To=%2B15558675310", "a", "", "a=&b", "PageToken=x&Page=2",
         "EnableSnaClientToken=true", "x=a%20b+c%ff&secret=",
         "StatusCallback=https%3A%2F%2Fx.com%2Fa%3Fb%3D1",
      } do
         same(text, text, FORM)
      end
   end)

   it("hides what is in a value", function()
      for _, text in ipairs {
         "Url=https%3A%2F%2Fuser%3Ahush%40x.com%2F", "Url=https://user:hush@x.com/",
         "Url=https%3A%2F%2Fx.com%2F%3Ftoken%3Dhush",
         "Config=%7B%22private_key%22%3A%22hush%22%7D",
         "Cert=-----BEGIN+EC+PRIVATE+KEY-----%0Ahush",
      } do
         hides(text, FORM)
      end
   end)
end)

describe("a body in parts", function()
   local function parts(boundary, ...)
      local out = {}
      for _, part in ipairs { ... } do
         out[#out + 1] = (
            '--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'):format(
               boundary, part[1], part[2])
      end
      return table.concat(out) .. "--" .. boundary .. "--\r\n"
   end

   it("shows no content of a secret part", function()
      for _, declared in ipairs { "multipart/form-data; boundary=b1", 'Multipart/Form-Data; Boundary="b1"', "multipart/form-data; boundary=other",
         "multipart/form-data" } do
         assert.equal(parts("b1", { "a", "1" }, { "Secret", H }, { "b", "2" }),
            redact.body(
               parts("b1", { "a", "1" }, { "Secret", "hush\r\n\r\nhush" }, { "b", "2" }), declared))
      end
      hides(
         '--b1\r\nContent-Disposition: form-data; name=PrivateKey\r\n\r\nhush',
         "multipart/form-data; boundary=b1")
      hides('no parts hush', "multipart/form-data; boundary=b1")
      hides(
         '--b1\r\nContent-Disposition: form-data; name="x"\r\n\r\n{"secret":"hush"',
         "multipart/form-data; boundary=b1")
   end)

   it("is hidden as a whole if it is a list of texts and files", function()
      local multipart = require "twilio.file.multipart"
      local body = multipart.body(multipart.fields { Secret = "hush", a = "1" })
      assert.equal(H, copies.without_secrets({ headers = {}, body = body }).body)
      body = multipart.body(multipart.fields { a = "1" })
      assert.equal(body, copies.without_secrets({ headers = {}, body = body }).body)
   end)
end)

describe("a URL", function()
   it("shows neither user nor secret parameters", function()
      assert.equal(
         "https://(hidden)@x.com/a?b=1&token=(hidden)#c",
         redact.url "https://u:hush@x.com/a?b=1&token=hush#c")
      for _, url in ipairs {
         "https://x.com", "https://x.com/a:b@c?d=e@f", "https://x.com/?PageToken=a", "nothing", "",
      } do
         assert.equal(url, redact.url(url))
      end
   end)
end)

describe("headers", function()
   it("show nothing that authenticates", function()
      local given = { Authorization = "a", ["PROXY-authorization"] = "a", Cookie = "a", ["set-cookie"] = { "a", "b" }, ["x-twilio-signature"] = "a",
         ["Twilio-Client-Validation"] = "a", Accept = "x", location = "https://s3/x?Signature=hush" }
      assert.same({ Authorization = H, ["PROXY-authorization"] = H, Cookie = H, ["set-cookie"] = H, ["x-twilio-signature"] = H,
         ["Twilio-Client-Validation"] = H, Accept = "x", location = "https://s3/x?Signature=(hidden)" }, redact.headers(given))
      assert.equal("a", given.Authorization)
   end)
end)

describe("the time that it takes", function()
   it("grows with the size only", function()
      for _, unit in ipairs {
         '"', "'", "\\", '\\"', '"secret":', '"secret":"', '"secret":[', '"secret":{"', '"a" ', "?",
         "?a", "&secret=", "://", "://a", "a=", "%",
         "-----", "PRIVATE KEY-----", "-----BEGIN PRIVATE KEY----------END ", "\\u0026",
         '"secret":\\', '"secret":\\\\"', " ", "--b1\r\n", "\r\n", ";",
         '"secret":"\\\\', "@", "a@", ":/", '"\\u005f', "Name=", "--b1\r\n\r\n; name=",
      } do
         for _, kind in ipairs { JSON, FORM, "multipart/form-data; boundary=b1" } do
            local function seconds(n)
               local text, began = unit:rep(math.ceil(n / #unit)), os.clock()
               redact.body(text, kind)
               redact.url(text)
               return os.clock() - began
            end
            local took = seconds(2e5)
            assert.is_true(
               took < 0.5 or took < 4 * seconds(1e5), ("%q as %s: %.2f s"):format(unit, kind, took))
         end
      end
   end)
end)
