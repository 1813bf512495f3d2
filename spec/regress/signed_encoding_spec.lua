-- A signed request sent `FriendlyName=Bob%27s%20%28main%29%21` and signed `Bob's%20(main)!`: the
-- canonical form was encoded by another rule than the URL, sorted before it was encoded, and had
-- "flag=" for a bare "flag". Here the hash and the signature are recomputed by openssl from the
-- bytes that the transport got.

local core = require "twilio.core"
local fake = require "support.fake"
local json = require "twilio.json"
local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

local function decode64(text)
   text = text:gsub("-", "+"):gsub("_", "/")
   return core.base64_decode(text .. ("="):rep(-#text % 4))
end

-- By hand: the path and the pairs of the query as they are on the wire, sorted.
local function canonical(request)
   local host, path, query = request.url:match("^https://([^/]+)(/[^?]*)%??(.*)$")
   local list = {}
   for pair in (query .. "&"):gmatch("([^&]*)&") do list[#list + 1] = pair end
   table.sort(list)
   local hash = request.body
      and process.output("printf %%s '%s' | openssl dgst -sha256 -r", request.body):match("^%x+")
         or ""
   return ("%s\n%s\n%s\nauthorization:%s\nhost:%s\n\nauthorization;host\n%s"):format(
      request.method, path, table.concat(list, "&"), request.headers.Authorization, host, hash)
end

describe("a signed request", function()
   local folder, client, transport

   setup(function()
      folder = process.folder()
      process.run("openssl genrsa -out %s/private.pem 2048", folder)
      process.run("openssl rsa -in %s/private.pem -pubout -out %s/public.pem", folder, folder)
      transport = fake.transport()
      client = twilio.client {
         account_sid = fake.account_sid, api_key = "SK1", api_secret = "secret",
         transport = transport,
         validation = { private_key = folder .. "/private.pem", credential_sid = "CR1" },
      }
   end)

   teardown(function()
      client:close()
      process.forget(folder)
   end)

   local function check()
      local request = transport.last
      local head, claims, signature = request.headers["Twilio-Client-Validation"]:match(
         "^([^.]+)%.([^.]+)%.([^.]+)$")
      process.write(folder .. "/canonical", canonical(request))
      assert.equal(
         process.output("openssl dgst -sha256 -r %s/canonical", folder):match("^%x+"),
         json.decode(decode64(claims)).rqh, request.url)
      process.write(folder .. "/signed", head .. "." .. claims)
      process.write(folder .. "/signature", decode64(signature))
      assert.matches(
         "OK",
         process.output(
            "openssl dgst -sha256 -verify %s/public.pem -signature %s/signature %s/signed", folder,
            folder, folder))
      return request
   end

   it("signs what is on the wire", function()
      client.incoming_phone_numbers:list { friendly_name = "Bob's (main)!*~ é" }
      assert.matches("FriendlyName=Bob%%27s%%20%%28main%%29%%21%%2A~%%20%%C3%%A9", check().url)
      client.calls:list {
         start_time_before = "2026-01-01", start_time_after = "2025-01-01",
         start_time = "2025-06-01", limit = 1,
      }
      check()
      client.lookups.v2.phone_numbers("+1 (555)/7'"):fetch { Zeta = { "b", "a", "b" } }
      check()
      client.messages:create { to = "+1", from = "+1", body = "Hi" }
      check()
      client.messages("SM1"):delete()
      check()
   end)

   it("signs and sends other spellings of a URL in the one that has no two readings", function()
      for rest, sent in pairs {
         ["/a/./b/../c?flag&b=&flag"] = "/a/c?flag&b=&flag",
         ["//a//b/?"] = "/a/b/",
         ["/Bob's?q=Bob's+(main)!"] = "/Bob%27s?q=Bob%27s%20%28main%29%21",
         ["/%7e%41%2f?b=2&&a=1&a=%c3%a9#part"] = "/~A%2F?b=2&a=1&a=%C3%A9",
         [""] = "/",
      } do
         client:request("GET", "https://api.twilio.com" .. rest)
         assert.equal("https://api.twilio.com" .. sent, check().url)
      end
   end)

   it("signs what a server gets", function()
      local nginx = server.start { locations = {
         ["~ ^/"] = [[ ngx.header["Content-Type"] = "text/plain" ngx.print(ngx.req.raw_header()) ]],
      } }
      local over_wire = twilio.client {
         account_sid = fake.account_sid, api_key = "SK1", api_secret = "secret",
         base_url = nginx.url, ca_file = nginx.ca_file, proxy = "",
         validation = { private_key = folder .. "/private.pem", credential_sid = "CR1" },
      }
      for _, rest in ipairs {
         "/a/./b/../c?flag&b=&flag", "/Bob's?q=Bob's+(main)!*~", "/?", "",
         "//x//y/?b=1&a=%c3%a9&a=",
      } do
         local head = assert(
            over_wire:request(
               "GET", nginx.url .. rest,
               { query = rest:find("x", 1, true) and { C = "é '" } or nil }))
         local target = head:match("^GET (%S+) HTTP/1.1")
         local function value(name) return head:match("\n" .. name .. ": ([^\r\n]*)") end
         local request = {
            method = "GET", url = "https://" .. value "Host" .. target,
            headers = { Authorization = value "Authorization" },
         }
         process.write(folder .. "/canonical", canonical(request))
         local claims = json.decode(
            decode64(value("Twilio%-Client%-Validation"):match("^[^.]+%.([^.]+)")))
         assert.equal(
            process.output("openssl dgst -sha256 -r %s/canonical", folder):match("^%x+"),
            claims.rqh, target)
      end
      over_wire:close()
      nginx:stop()
   end)

   it("of a client without a key goes out as it is given", function()
      local plain, wire = fake.client()
      plain:request("GET", "https://api.twilio.com/a/./b?flag&q=Bob's")
      assert.equal("https://api.twilio.com/a/./b?flag&q=Bob's", wire.last.url)
   end)
end)
