-- signed_requests.lua: public key client validation: Twilio refuses requests of the API key that
-- aren't signed by the private key.
--
--   openssl genrsa -out private.pem 2048 && openssl rsa -in private.pem -pubout -out public.pem
--   lua examples/signed_requests.lua register public.pem            prints CR...
--   lua examples/signed_requests.lua private.pem CR... +15558675310

local twilio = require "twilio"

if arg[1] == "register" then
   local public_key = assert(io.open(arg[2])):read "*a"
   local client = twilio.client()
   print(
      assert(
         client.accounts.v1.credentials.public_key:create {
            public_key = public_key, friendly_name = "signed requests",
         }).sid)
   return client:close()
end

local client = twilio.client { validation = { private_key = arg[1], credential_sid = arg[2] } }
print(client.messages:create { to = arg[3], from = "+14155552344", body = "Signed" })
client:close()
