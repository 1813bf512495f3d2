-- lua/twilio/webhook/grammar.lua: authorities, schemes, ports, lists and Forwarded headers. Whole
-- requests are in hostile_spec.lua and genuine_spec.lua.

local grammar = require "twilio.webhook.grammar"

describe("grammar.authority", function()
   it("gives the text, and its port", function()
      for text, port in pairs {
         ["a"] = false, ["a.b"] = false, ["a:1"] = "1", ["a.:65535"] = "65535",
         ["a_b-c~d.e"] = false,
         ["1.2.3.4"] = false, ["1.2.3.4:80"] = "80", ["[::]"] = false, ["[::1]:8443"] = "8443",
         ["[1:2:3:4:5:6:7:8]"] = false, ["[1::8]"] = false, ["[1:2:3:4:5:6:1.2.3.4]"] = false,
         ["[::1.2.3.4]"] = false, ["[1::1.2.3.4]:1"] = "1", ["[ABCD:EF01::]"] = false,
      } do
         local whole, found = grammar.authority(text)
         assert.equal(text, whole)
         assert.equal(port or nil, found)
      end
   end)

   it("gives nothing else", function()
      for _, text in ipairs {
         "", " ", "a ", " a", "a:", ":1", "a:b", "a:123456", "a/b", "a?b", "a#b", "a@b", "a,b",
         "a..b",
         ".a", "[::1", "::1", "[]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]",
         "[1:2:3:4:5:6:7:1.2.3.4]",
         "[1::2::3]", "[:::]", "[1:]", "[:1]", "[::1.2.3.4.5]", "[::256.1.1.1]", "[::1.2.3.4:5]",
         "a\0",
      } do
         assert.is_nil((grammar.authority(text)))
      end
   end)

   -- Every IPv6 address of up to nine groups, a gap at any place or at none, against a count.
   it("counts the groups of IPv6", function()
      for groups = 0, 9 do
         for gap = 0, groups + 1 do -- after so many groups; the last one: none
            local before, after = {}, {}
            for i = 1, groups do table.insert(i <= gap and before or after, ("%x"):format(i)) end
            local has_gap = gap <= groups
            local text = table.concat(before,
               ":") .. (has_gap and "::" or "") .. table.concat(after, ":")
            local good = has_gap and groups < 8 or not has_gap and groups == 8
            assert.equal(good, grammar.authority("[" .. text .. "]") ~= nil, text)
         end
      end
   end)
end)

describe("grammar.scheme and grammar.port", function()
   it("know what may be", function()
      assert.equal("https", grammar.scheme "HTTPS")
      assert.equal("wss", grammar.scheme "Wss")
      assert.is_nil(grammar.scheme "")
      assert.is_nil(grammar.scheme "https ")
      assert.is_nil(grammar.scheme(("https"):rep(1000)))
      assert.equal("00080", grammar.port "00080")
      for _, text in ipairs { "", "123456", "1 ", "-1", "1.0",
         "a" } do assert.is_nil(grammar.port(text)) end
   end)
end)

describe("grammar.list", function()
   local function list(text) return grammar.list(text, grammar.port) end

   it("gives the first element that isn't empty", function()
      assert.equal("1", list "1")
      assert.equal("1", list " 1\t, 2")
      assert.equal("1", list ",, 1,,2,")
      assert.is_false(list "")
      assert.is_false(list " , ,\t")
      assert.equal("1", list(("1,"):rep(32)))
   end)

   it("refuses all if one isn't right, or there are too many", function()
      for _, text in ipairs { "a", "1,a", "1 2", "1;2", "1,2,3,x", "1\n" } do
         local value, why = list(text)
         assert.is_nil(value)
         assert.equal("breaks its grammar", why)
      end
      assert.equal("has too many elements", select(2, list(("1,"):rep(33))))
   end)
end)

describe("grammar.forwarded", function()
   it("gives what the first element says", function()
      for text, expected in pairs {
         [""] = {}, [" \t"] = {}, [",,;,"] = {}, ["for=1.2.3.4"] = {},
         ["proto=http"] = { proto = "http" },
         ["PROTO=HTTP;HOST=A.b"] = { proto = "http", host = "A.b" },
         ['host="a:1"'] = { host = "a:1" }, [", host=a, host=b"] = { host = "a" },
         ['for="a,host=b;c=\\"";host=c'] = { host = "c" }, ["for=a;;host=b;"] = { host = "b" },
         ["for=a,host=b"] = {},
         [' host = a ; proto = "https" , x=y'] = { host = "a", proto = "https" },
      } do
         assert.same(expected, grammar.forwarded(text))
      end
   end)
end)
