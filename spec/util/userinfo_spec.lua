-- lua/twilio/util/userinfo.lua: the user and password of a URL, found also where the URL is
-- malformed.
-- (spec/regress/malformed_userinfo_spec.lua has the story; spec/util/redact_spec.lua what is shown
-- instead.)

local userinfo = require "twilio.util.userinfo"

describe("userinfo.around", function()
   it("gives what stands before and after them", function()
      for url, around in pairs {
         ["https://user:pass@host/x"] = { "https://", "host/x" },
         ["https://user@host"] = { "https://", "host" },
         ["https://user:pass@host:1/x?y=a@b#c@d"] = { "https://", "host:1/x?y=a@b#c@d" },
         ["https://a@b@host/"] = { "https://", "host/" },
         ["http://:@[::1]:80/"] = { "http://", "[::1]:80/" },
         ["user:pass@host"] = { "", "host" },
      } do
         assert.same(around, { userinfo.around(url) }, url)
      end
   end)

   it("finds none where there is none", function()
      for _, url in ipairs {
         "", "host", "a@b", "https://host/", "https://host:80/a@b", "https://host/?q=a@b",
         "https://[::1]/a@b", "/path:a@b", "/x?u=http://a:b@c",
         "https://host#a@b",
      } do
         assert.is_nil((userinfo.around(url)), url)
      end
   end)

   it("finds a password that cuts the authority short", function()
      for url, rest in pairs {
         ["https://user:pa/ss@host/x"] = "host/x", ["https://user:pa?ss@host"] = "host",
         ["https://user:pa#ss@host"] = "host",
         ["user:pa/ss@host"] = "host",
      } do
         assert.equal(rest, (select(2, userinfo.around(url))), url)
      end
   end)

   it("takes time that grows with the text only", function()
      local clock = os.clock()
      for _, text in ipairs { "@", ":", "/", "://", "a:", "://@" } do
         userinfo.around("https://" .. text:rep(200000)) userinfo.around(text:rep(200000))
      end
      assert.is_true(os.clock() - clock < 2, os.clock() - clock)
   end)
end)
