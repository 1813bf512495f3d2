-- lua/twilio/client/rare_settings.lua: checks of the options that few clients have.

local process = require "support.process"
local rare_settings = require "twilio.client.rare_settings"

local function mistake(settings, proxies)
   local message = rare_settings.check(settings, proxies or {})
   if message then assert.is_nil(message:find("hush", 1, true), message) end
   return message
end

describe("rare_settings.check", function()
   it("finds nothing wrong with nothing", function() assert.is_nil(mistake {}) end)

   it("finds credentials of OAuth that were copied with what stood around them", function()
      assert.equal("oauth.client_secret holds a line end (was it copied from a file?)", mistake { oauth = { client_secret = "hush\n" } })
      assert.equal("oauth.client_id is empty", mistake { oauth = { client_id = "", client_secret = "hush" } })
   end)

   it("takes labels of host names only", function()
      for _, good in ipairs { "ie1", "dublin", "a-b", "1" } do assert.is_nil(mistake { region = good, edge = good }) end
      for _, bad in ipairs { "", "a.b", "-x", "a/b", "a b", "a\0", "é" } do
         assert.equal("region must be one label of a host name, such as 'ie1' or 'dublin'", mistake { region = bad })
         assert.matches("^edge must be one label", mistake { edge = bad })
      end
   end)

   it("takes a base URL of a host, a port and a path", function()
      for _, good in ipairs {
         "http://127.0.0.1:1", "https://localhost/a/b", "https://[::1]:443", "https://a_b.example:65535/", "http://{x}/", "https://bücher.example",
      } do
         assert.is_nil(mistake { base_url = good }, good)
      end
      for _, bad in ipairs {
         "", "x.com", "ftp://x.com", "https://", "https:///x", "https://x.com?a", "https://x.com#a", "https://x.com/a b", "https://x.com/a\n",
         "https://x.com\\a", "https://x.com:0", "https://x.com:65536", "https://x.com:1:2", "https://[::1", "https://:80",
      } do
         assert.matches("^base_url must be an http or https URL", mistake { base_url = bad }, bad)
      end
      assert.matches("^base_url can't hold a user name and password", mistake { base_url = "https://user:hush@x.com" })
      assert.matches("^base_url can't hold a user name and password", mistake { base_url = "https://user:hu/sh@x.com" })
   end)

   it("checks the proxy, or else those of the environment, unless the transport is the caller's", function()
      assert.is_nil(mistake { proxy = "" })
      assert.is_nil(mistake { proxy = "http://user:hush@proxy:3128" })
      assert.matches("^proxy ", mistake { proxy = "http://user:hu/sh@proxy" })
      local environment = { https_proxy = "http://user:hu/sh@proxy", ALL_PROXY = "http://proxy" }
      assert.matches("^the environment's https_proxy ", mistake({}, environment))
      assert.is_nil(mistake({ proxy = "" }, environment))
      assert.is_nil(mistake({ transport = {} }, environment))
   end)

   it("takes paths of files, not their text, and says when one can't be read", function()
      local folder = process.folder()
      process.write(folder .. "/cert.pem", "x")
      assert.is_nil(mistake { client_cert = folder .. "/cert.pem", client_key = "pkcs11:token=x", ca_file = "/none", ca_path = "/none" })
      for _, name in ipairs { "ca_file", "ca_path", "client_cert", "client_key" } do
         for _, text in ipairs { "-----BEGIN hush-----", "hush\nhush" } do
            assert.equal(name .. " must be a path: PEM text isn't taken", mistake { [name] = text })
         end
      end
      assert.equal("client_key can't be read: No such file or directory", mistake { client_key = folder .. "/none" })
      assert.matches("^client_cert can't be read: it is no regular file", mistake { client_cert = folder })
      assert.is_nil(mistake { client_key = folder .. "/none", transport = {} })
      process.forget(folder)
   end)

   it("takes texts without control characters for the User-Agent", function()
      assert.is_nil(mistake { user_agent_extensions = { "shop/1", "(test)" } })
      for _, bad in ipairs { { "a\r\nEvil: 1" }, { 5 }, { "ok", "\0" } } do
         assert.matches("^user_agent_extensions must be", mistake { user_agent_extensions = bad })
      end
   end)

   it("names the first mistake of several, always the same one", function()
      for _ = 1, 20 do
         assert.matches("^region", mistake { region = "a.b", base_url = "x", proxy = "x", user_agent_extensions = { 5 } })
      end
   end)
end)
