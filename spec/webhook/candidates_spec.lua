-- lua/twilio/webhook/candidates.lua: the URLs that Twilio may have signed for one that was seen.
-- (spec/webhook_spec.lua has signatures of each; spec/webhook/hostile_spec.lua what must not be
-- among them.)

local candidates = require "twilio.webhook.candidates"

local function has(url, wanted)
   for _, candidate in ipairs(candidates(url)) do
      if candidate == wanted then return true end
   end
   return false
end

describe("the candidates", function()
   it("begin with the URL as it is, and hold each once", function()
      for _, url in ipairs {
         "https://a.com/x?y=1", "https://a.com", "HTTPS://A.com:443/%7e?q='&b=", "wss://a.com/x",
         "no URL", "",
      } do
         local list, seen = candidates(url), {}
         assert.equal(url, list[1])
         for _, candidate in ipairs(list) do
            assert.is_nil(seen[candidate], candidate)
            seen[candidate] = true
         end
      end
   end)

   it("are the URL alone where it isn't absolute", function()
      for _, url in ipairs { "", "/x", "a.com/x", "://a.com" } do
         assert.equal(1, #candidates(url))
      end
   end)

   it("have the port and haven't", function()
      assert.is_true(has("https://a.com/x", "https://a.com:443/x"))
      assert.is_true(has("https://a.com:443/x", "https://a.com/x"))
      assert.is_true(has("http://a.com/x", "http://a.com:80/x"))
      assert.is_true(has("wss://a.com/x", "wss://a.com:443/x"))
      assert.is_true(has("https://a.com:8443/x", "https://a.com/x"))
      assert.is_true(has("https://[::1]:8443/x", "https://[::1]/x"))
      assert.is_false(has("https://[::1]/x", "https://[/x"))
   end)

   it("have the user and haven't", function()
      assert.is_true(has("https://u:p@a.com/x", "https://a.com/x"))
      assert.is_true(has("https://u:p@a.com/x", "https://u:p@a.com:443/x"))
   end)

   it("have a slash at the end of a WebSocket's path, and of no other", function()
      assert.is_true(has("wss://a.com/x", "wss://a.com/x/"))
      assert.is_false(has("https://a.com/x", "https://a.com/x/"))
      assert.is_false(has("wss://a.com/x/", "wss://a.com/x//"))
   end)

   it("have scheme and host in lower case, and the path of a bare host", function()
      assert.is_true(has("HTTPS://A.com/X", "https://a.com/X"))
      assert.is_true(has("https://a.com", "https://a.com/"))
      assert.is_true(has("https://a.com?x=1", "https://a.com/?x=1"))
   end)

   it("have what parsers encode, and a query as twilio-node writes it", function()
      assert.is_true(has("https://a.com/a b?c=\"d\"", "https://a.com/a%20b?c=%22d%22"))
      assert.is_true(
         has("https://a.com/x?b=1&a=2&10=x&9=y&b=3", "https://a.com/x?9=y&10=x&b=1&b=3&a=2"))
      assert.is_true(has("https://a.com/x?a=1+2%2f", "https://a.com/x?a=1%202%2F"))
      assert.is_true(has("https://a.com/x?a='b'", "https://a.com/x?a=%27b%27"))
   end)

   it("are all of these, in this order", function()
      assert.same({
         "WSS://u@A.com:1/a'b?q=' x ", "WSS://u@A.com:1/a'b/?q=' x ", "WSS://u@A.com/a'b?q=' x ",
         "WSS://u@A.com/a'b/?q=' x ", "WSS://A.com:1/a'b?q=' x ", "WSS://A.com:1/a'b/?q=' x ",
         "WSS://A.com/a'b?q=' x ", "WSS://A.com/a'b/?q=' x ",
         "wss://u@A.com:1/a'b?q=' x ", "wss://u@A.com:1/a'b/?q=' x ", "wss://u@A.com/a'b?q=' x ",
         "wss://u@A.com/a'b/?q=' x ", "wss://A.com:1/a'b?q=' x ", "wss://A.com:1/a'b/?q=' x ",
         "wss://A.com/a'b?q=' x ", "wss://A.com/a'b/?q=' x ",
         "wss://u@a.com:1/a'b?q=%27%20x", "wss://u@a.com:1/a'b/?q=%27%20x",
         "wss://u@a.com/a'b?q=%27%20x", "wss://u@a.com/a'b/?q=%27%20x",
         "wss://a.com:1/a'b?q=%27%20x", "wss://a.com:1/a'b/?q=%27%20x",
         "wss://a.com/a'b?q=%27%20x", "wss://a.com/a'b/?q=%27%20x",
         "wss://u@a.com:1/a'b?q='%20x", "wss://u@a.com:1/a'b/?q='%20x",
         "wss://u@a.com/a'b?q='%20x", "wss://u@a.com/a'b/?q='%20x",
         "wss://a.com:1/a'b?q='%20x", "wss://a.com:1/a'b/?q='%20x",
         "wss://a.com/a'b?q='%20x", "wss://a.com/a'b/?q='%20x",
         "wss://u@A.com:1/a%27b?q=%27%20x%20", "wss://u@A.com:1/a%27b/?q=%27%20x%20",
         "wss://u@A.com/a%27b?q=%27%20x%20", "wss://u@A.com/a%27b/?q=%27%20x%20",
         "wss://A.com:1/a%27b?q=%27%20x%20", "wss://A.com:1/a%27b/?q=%27%20x%20",
         "wss://A.com/a%27b?q=%27%20x%20", "wss://A.com/a%27b/?q=%27%20x%20",
      }, { (table.unpack or unpack)(candidates "WSS://u@A.com:1/a'b?q=' x ") })
   end)

   it("take their parts apart at the first mark of each kind", function()
      for url, wanted in pairs {
         ["https://a/b?c=d/e"] = "https://a:443/b?c=d/e",
         ["https://a?c=d/e"] = "https://a:443/?c=d/e",
         ["https://a?c=d?e"] = "https://a:443/?c=d%3Fe",
         ["https://a#b?c"] = "https://a:443/",
         ["https://a/#b?c"] = "https://a:443/",
         ["https://a#b/c"] = "https://a:443/",
         ["https:///x"] = "https://:443/x",
         ["https://?x"] = "https://:443/?x=",
         ["https://#x"] = "https://:443/",
         ["https://:1/x"] = "https:///x",
         ["https://[::1]/x"] = "https://[::1]:443/x",
         ["https://[::1]:2/x"] = "https://[::1]/x",
         ["https://["] = "https://[:443/",
         ["ws://a/x"] = "ws://a:80/x/",
         ["http://a:80/x"] = "http://a/x",
      } do
         assert.is_true(has(url, wanted), url)
      end
   end)

   it("decode each byte, in upper and lower case, and each name's pairs", function()
      for code = 1, 255 do
         local byte = string.char(code)
         local wanted = byte:find "[A-Za-z0-9_.!~*'()-]" and byte or ("%%%02X"):format(code)
         for _, form in ipairs { "%%%02x", "%%%02X" } do
            local url = "https://a/?q=" .. form:format(code)
            assert.is_true(has(url, "https://a/?q=" .. wanted), url)
         end
      end
      assert.is_true(has("https://a/?q=%aF%Af", "https://a/?q=%AF%AF"))
      assert.is_true(has("https://a/?q=%00", "https://a/?q=%00"))
      assert.is_true(has("https://a/?a&b=c=d&=e", "https://a/?a=&b=c%3Dd&=e"))
      assert.is_true(has("https://a/?a", "https://a/?a="))
      assert.is_true(has("https://a/?", "https://a/?"))
   end)

   it("put JavaScript's array indexes first, by their value, and no other name", function()
      local function order(query) return "https://a/?" .. query end
      assert.is_true(has(order "x=&10=&9=&0=", order "0=&9=&10=&x="))
      assert.is_true(has(order "x=&4294967294=", order "4294967294=&x="))
      for _, name in ipairs { "4294967295", "8000000000", "01", "12345678901", "-1", "1a" } do
         local kept = order("x=1&" .. name .. "=2")
         assert.is_true(has(kept, kept))
         assert.is_false(has(kept, order(name .. "=2&x=1")), name)
      end
   end)

   it("lose the fragment, which is never signed, after the first", function()
      local list = candidates "https://a.com/x?y=1#z"
      assert.equal("https://a.com/x?y=1#z", list[1])
      assert.is_true(#list > 1)
      for i = 2, #list do assert.is_nil(list[i]:find("#", 1, true)) end
   end)

   it("never name another host or path", function()
      for _, url in ipairs {
         "https://a.com/x?@b.com/y", "https://a.com/x?q=http://b.com/", "https://u@a.com:1/x",
         "https://a.com/x/../y",
      } do
         for _, candidate in ipairs(candidates(url)) do
            local host, path = candidate:match "^%l+://([^/?]*)([^?]*)"
            assert.equal("a.com", (host:gsub("^.*@", ""):gsub(":%d+$", "")), candidate)
            assert.equal(url:match "^%l+://[^/?]*([^?]*)", path, candidate)
         end
      end
   end)

   it("are few, whatever the URL", function()
      for _, url in ipairs {
         "WSS://u:p@A.com:8443/a b'?c='d'&1=2", "https://a.com/?" .. ("a=1&"):rep(1000),
      } do
         assert.is_true(#candidates(url) <= 41)
      end
   end)
end)
