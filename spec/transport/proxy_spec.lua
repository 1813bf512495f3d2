-- lua/twilio/transport/proxy.lua: which texts are a proxy's URL.

local proxy = require "twilio.transport.proxy"

local good = {
   "", "proxy", "proxy:3128", "127.0.0.1:8080", "[::1]:1080", "http://proxy", "http://proxy/",
   "HTTP://Proxy.Example.com:80/",
   "https://proxy.example.com:65535", "socks4://h:1", "socks4a://h:1", "socks5://h:1",
   "socks5h://h:1", "user@proxy", "user:pass@proxy:1",
   "http://user:pass@proxy", "http://user:p%40ss%2Fw%3Ard@proxy:3128/", "http://user:50%off@proxy",
   "http://us;er:p!$&'()*+,=[]\"^|pw@h",
   "http://:pass@proxy", "http://user:@proxy", "http://u:a:b:c@proxy:3128",
   "http://u:p\195\164ss@proxy", "http://[2001:db8::1]",
   "http://u:p@[2001:db8:0:0:0:0:0:1]:80/", "http://[fe80::1%25eth0]:3128", "http://[fe80::1%eth0]",
   "http://[::ffff:192.0.2.1]:80",
   "http://my_proxy.local:080", "http://proxy.:80", "http://xn--e1afmkfd.xn--p1ai:80",
   "http://3com.example:80",
}

local bad = {
   "http://", "://proxy", "ftp://proxy", "http:/proxy", "http:proxy", "h ttp://proxy",
   " http://proxy", "http://proxy ", "http://proxy\n",
   "http://pro\0xy", "http://user:pa ss@proxy", "http://user:pa/ss@proxy",
   "http://user:pa?ss@proxy", "http://user:pa#ss@proxy",
   "http://user:pa@ss@proxy", "http://user:pass@", "http://user:pass@:80", "http://@proxy",
   "http://:@proxy", "http://user:%00@proxy",
   "http://user:%0a@proxy", "http://user:%7F@proxy", "http://proxy:", "http://proxy:0",
   "http://proxy:65536", "http://proxy:123456",
   "http://proxy:80x", "http://proxy:-1", "http://proxy:80:80", "http://proxy/path",
   "http://proxy//", "http://proxy?x", "http://proxy#x",
   "http://[::1", "http://::1", "http://[::1]x", "http://[]", "http://[1:2:3:4:5:6:7:8:9]",
   "http://[1::2::3]", "http://[12345::]",
   "http://[g::1]", "http://[1:2:3]", "http://[:1:2:3:4:5:6:7]", "http://[::1.2.3.4:1.2.3.4]",
   "http://u:pass@[fe80::1%]",
   "http://[fe80::1%" .. ("a"):rep(100) .. "]", "http://256.0.0.1", "http://1.2.3",
   "http://1..2.3.4",
   "http://a..b", "http://-a", "http://.a", "http://a,b", "http://a\\b", "http://a%41", "user:pass",
   "http://user:pass", "user:pass@host:port",
   "http://http://proxy", "socks6://proxy", "socks://proxy", "http://" .. ("a"):rep(256),
}

describe("a proxy's URL", function()
   it("is accepted if libcurl can use it", function()
      for _, text in ipairs(good) do assert(proxy.check(text), text) end
   end)

   it("is refused otherwise, without its text", function()
      for _, text in ipairs(bad) do
         local ok, message = proxy.check(text)
         assert.is_nil(ok, text)
         assert.is_nil((message:gsub("password", "")):find("pass", 1, true), text)
      end
   end)

   it("is checked in a time that grows with its size only", function()
      for _, unit in ipairs { "@", ":", "a@", "[", "::", "1.", "%", "/", "a:", "://", "-" } do
         local began = os.clock()
         proxy.check("http://" .. unit:rep(1e5))
         proxy.check("http://[" .. unit:rep(1e5) .. "]")
         assert.is_true(os.clock() - began < 1, unit)
      end
   end)
end)
