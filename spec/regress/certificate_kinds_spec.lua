-- Verification doesn't change by itself, so a certificate that can't be verified is an error of
-- kind "config", at once. It still was one of kind "network", and tried again, where the request
-- had been about to leave on an earlier connection, which broke.

local certificate = require "support.certificate"
local fake = require "support.fake"
local fault = require "support.fault"
local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

describe("a certificate", function()
   local folder, good, client

   -- "self.pem" is signed by itself, "expired.pem" by the authority, for a time that is over.
   local function make_certificates()
      local ca = certificate.authority()
      process.write(folder .. "/ca.cnf", ([[
         [ca]
         default_ca = own
         [own]
         dir = %s
         database = $dir/index
         new_certs_dir = $dir
         rand_serial = yes
         default_md = sha256
         policy = any
         [any]
         commonName = supplied
         [names]
         subjectAltName = DNS:localhost
      ]]):format(folder))
      process.write(folder .. "/index", "")
      process.run("openssl ecparam -name prime256v1 -genkey -noout -out %s/key", folder)
      process.run("openssl req -new -key %s/key -subj /CN=localhost -out %s/csr", folder, folder)
      process.run(
         "openssl req -x509 -key %s/key -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 9 -out %s/self.pem",
         folder, folder)
      process.run("openssl ca -batch -config %s/ca.cnf -cert %s/ca.pem -keyfile %s/ca.key -startdate 20200101000000Z -enddate 20210101000000Z"
         .. " -extensions names -in %s/csr -out %s/expired.pem", folder, ca, ca, folder, folder)
   end

   -- @return the URL of a server with such a certificate; a function that stops it
   local function serve(pem)
      local port = process.free_port()
      process.run(
         "(openssl s_server -accept %d -cert %s -key %s/key -www -quiet >%s/log 2>&1 & echo $! >%s/pid)",
         port, pem, folder, folder, folder)
      process.at_exit(pem, function() os.execute(("kill $(cat %s/pid)"):format(folder)) end)
      process.await_port(port)
      return "https://localhost:" .. port, function() process.forget(pem) end
   end

   setup(function()
      folder = process.folder()
      make_certificates()
      good = server.start { locations = { ["/drop"] = { directives = "return 444;" } } }
   end)
   teardown(function()
      good:stop()
      process.forget(folder)
   end)
   after_each(function()
      if client then client:close() end
      client = nil
   end)

   local retries
   local function connect(options)
      retries = 0
      local all = {
         account_sid = fake.account_sid, auth_token = "x", proxy = "",
         on_retry = function() retries = retries + 1 end,
      }
      for name, value in pairs(options) do all[name] = value end
      client = twilio.client(all)
      return client
   end

   local function is_config(err, sent)
      assert.same(
         { "config", false, sent, 0 }, { err.kind, err.retryable, err.sent, retries }, err.message)
   end

   local function refused(options, pattern)
      connect(options)
      local message, err = client.messages:create { to = "+1", from = "+1", body = "x" }
      assert.is_nil(message)
      is_config(err, false)
      twilio.run(function() message, err = client.messages("SM1"):fetch() end)
      assert.is_nil(message)
      is_config(err, false)
      message, err = client:download(client.settings.base_url .. "/x", function() return true end)
      assert.is_nil(message)
      is_config(err, false)
      assert.matches(pattern, err.message)
      client:close()
   end

   it("of an unknown authority, for another name, expired or self-signed is a config error, tried once", function()
      refused(
         { base_url = good.url, ca_file = certificate.authority "stranger" .. "/ca.pem" }, "issuer")
      local other = server.start { hosts = { "example.test" } }
      refused({ base_url = other.url, ca_file = other.ca_file }, "localhost")
      other:stop()
      for name, pattern in pairs { self = "self.signed", expired = "expired" } do
         local url, stop = serve(folder .. "/" .. name .. ".pem")
         refused({ base_url = url, ca_file = good.ca_file }, pattern)
         stop()
      end
   end)

   it("file that is no such file, or isn't there, is a config error", function()
      process.write(folder .. "/no.pem", "nothing")
      refused({ base_url = good.url, ca_file = folder .. "/no.pem" }, "no%.pem")
      refused({ base_url = good.url, ca_file = folder .. "/none.pem" }, "none%.pem")
   end)

   it("that changes while a connection breaks is a config error, tried once", function()
      local stranger = server.start { authority = "stranger" }
      local relay = fault.start(
         ([[ relay("127.0.0.1", number == 1 and %d or %d) ]]):format(good.port, stranger.port))
      connect { base_url = "https://localhost:" .. relay.port, ca_file = good.ca_file }
      assert(client:request("GET", client.settings.base_url .. "/"))
      local body, err = client:request("GET", client.settings.base_url .. "/drop")
      assert.is_nil(body)
      is_config(err, err.sent)
      assert.is_truthy(err.sent) -- on the connection that broke
      relay:stop()
      stranger:stop()
   end)

   it("of the server that gives tokens is a config error of the call", function()
      connect { base_url = good.url, ca_file = certificate.authority "stranger" .. "/ca.pem", auth_token = nil,
         oauth = { client_id = "OQ1", client_secret = "s" } }
      local message, err = client.messages:create { to = "+1", from = "+1", body = "x" }
      assert.is_nil(message)
      is_config(err, false)
   end)
end)
