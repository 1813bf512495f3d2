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
