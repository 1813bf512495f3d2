-- lua/twilio/util/ip.lua: which texts are an IPv4 or an IPv6 address. That it is linear is in
-- spec/regress/backtracking_spec.lua and spec/transport/proxy_spec.lua.

local ip = require "twilio.util.ip"

describe("twilio.util.ip", function()
   it("knows IPv4 addresses", function()
      for _, good in ipairs { "0.0.0.0", "127.0.0.1", "255.255.255.255", "1.02.003.4" } do
         assert.is_true(ip.is_ipv4(good), good)
      end
      for _, bad in ipairs {
         "", ".", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.999", "1..3.4", ".1.2.3", "1.2.3.",
         "1.2.3.4 ", "-1.2.3.4", "0x1.2.3.4", "1.2.3.0004",
      } do
         assert.is_false(ip.is_ipv4(bad), bad)
      end
   end)

   it("knows IPv6 addresses", function()
      for _, good in ipairs {
         "::", "::1", "1::", "fe80::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
         "2001:DB8::a:0", "::ffff:192.0.2.1",
         "1:2:3:4:5:6:1.2.3.4", "::1.2.3.4", "1::1.2.3.4",
         "0000:0000:0000:0000:0000:ffff:255.255.255.255",
      } do
         assert.is_true(ip.is_ipv6(good), good)
      end
      for _, bad in ipairs {
         "", ":", ":::", "1", "1.2.3.4", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8",
         "1::2::3", "12345::", "g::1", ":1:2:3:4:5:6:7",
         "1:2:3:4:5:6:7:", "::1:", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "::1.2.3.4:1",
         "::1.2.3.4:1.2.3.4", "::256.2.3.4", "::1.2.3", "[::1]",
         "fe80::1%eth0", "::1 ", "1:2:3:4:5:6:" .. ("0"):rep(40) .. ":1",
      } do
         assert.is_false(ip.is_ipv6(bad), bad)
      end
   end)
end)
