-- lua/twilio/client/rare_settings.lua: checks of the options that few clients have.

local process = require "support.process"
local rare_settings = require "twilio.client.rare_settings"

-- The message of one check, or nil. No message holds a part of a secret.
local function mistake(check, value, given)
   local ok, message = rare_settings[check](value, given or {})
   if ok then return nil end
   assert.is_nil(message:find("hush", 1, true), message)
   return message
end

describe("rare_settings", function()
   it("takes labels of host names only", function()
      for _, check in ipairs { "region", "edge" } do
         for _, good in ipairs { "ie1", "dublin", "a-b", "1" } do
            assert.is_nil(mistake(check, good))
         end
         for _, bad in ipairs { "", "a.b", "-x", "a/b", "a b", "a\0", "é" } do
            assert.equal(
               "must be one label of a host name, such as 'ie1' or 'dublin'", mistake(check, bad))
         end
      end
   end)

   it("takes a base URL of a host, a port and a path", function()
      for _, good in ipairs {
         "http://127.0.0.1:1", "https://localhost/a/b", "https://[::1]:443",
         "https://a_b.example:65535/", "http://{x}/", "https://bücher.example",
      } do
         assert.is_nil(mistake("base_url", good), good)
      end
      for _, bad in ipairs {
         "", "x.com", "ftp://x.com", "https://", "https:///x", "https://x.com?a", "https://x.com#a",
         "https://x.com/a b", "https://x.com/a\n",
         "https://x.com\\a", "https://x.com:0", "https://x.com:65536", "https://x.com:1:2",
         "https://[::1", "https://:80",
      } do
         assert.matches("^must be an http or https URL", mistake("base_url", bad), bad)
      end
      assert.matches(
         "^can't hold a user name and password", mistake("base_url", "https://user:hush@x.com"))
      assert.matches(
         "^can't hold a user name and password", mistake("base_url", "https://user:hu/sh@x.com"))
   end)

   it("checks the proxy, unless the transport is the caller's", function()
      assert.is_nil(mistake("proxy", ""))
      assert.is_nil(mistake("proxy", "http://user:hush@proxy:3128"))
      assert.matches("can't be parsed", mistake("proxy", "http://user:hu/sh@proxy"))
      assert.is_nil(mistake("proxy", "http://user:hu/sh@proxy", { transport = {} }))
   end)

   it("takes paths of files, not their text, and says when one can't be read", function()
      local folder = process.folder()
      process.write(folder .. "/cert.pem", "x")
      for _, good in ipairs { folder .. "/cert.pem", "pkcs11:token=x" } do
         assert.is_nil(mistake("readable", good))
      end
      assert.is_nil(mistake("path", "/none"))
      for _, check in ipairs { "path", "readable" } do
         for _, text in ipairs { "-----BEGIN hush-----", "hush\nhush" } do
            assert.equal("must be a path: PEM text isn't taken", mistake(check, text))
         end
      end
      assert.equal(
         "can't be read: No such file or directory", mistake("readable", folder .. "/none"))
      assert.matches("^can't be read: it is no regular file", mistake("readable", folder))
      assert.is_nil(mistake("readable", folder .. "/none", { transport = {} }))
      process.forget(folder)
   end)

   it("takes texts without control characters for the User-Agent", function()
      assert.is_nil(mistake("user_agent_extensions", { "shop/1", "(test)" }))
      for _, bad in ipairs { { "a\r\nEvil: 1" }, { 5 }, { "ok", "\0" } } do
         assert.matches("^must be a list of texts", mistake("user_agent_extensions", bad))
      end
   end)
end)
