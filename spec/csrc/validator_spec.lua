-- validator_spec.lua: the userdata itself; what Twilio's signatures are is webhook_spec's.

local core = require "twilio.core"

-- base64(HMAC-SHA1(key, text)): what the validator makes of a URL without parameters.
local function hmac(key, text) return core.validator(key):sign(text) end

local function hex(base64)
   return (core.base64_decode(base64):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

describe("core.validator", function()
   it("makes HMAC-SHA1 for keys of any length", function()
      -- RFC 2202, cases 1, 2 and 6 (a key longer than a block)
      assert.equal("b617318655057264e28bc0b6fb378c8ef146be00", hex(hmac(("\11"):rep(20), "Hi There")))
      assert.equal("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", hex(hmac("Jefe", "what do ya want for nothing?")))
      assert.equal("aa4ae5e15272d00e95705637ce8a3b55ed402112",
         hex(hmac(("\170"):rep(80), "Test Using Larger Than Block-Size Key - Hash Key First")))
   end)

   it("says which URL and which token matched", function()
      local v = core.validator { "one", "two" }
      local url, token = v:match({ "a", "b", "c" }, nil, hmac("two", "b"))
      assert.equal(2, url)
      assert.equal(2, token)
      local found, count = v:match({ "a", "b" }, "x=1&y=2&y=3", "nothing")
      assert.is_false(found)
      assert.equal(3, count)
      assert.is_false((v:match({}, nil, hmac("one", ""))))
   end)

   it("sorts by bytes, names before values, and takes each pair once", function()
      local v = core.validator "k"
      local function signs(params, text) assert.equal(hmac("k", text), v:sign("", params)) end
      signs({ b = "1", a = "2", ["a\0"] = "3", ["aa"] = "4", A = "5", ["é"] = "6" }, "A5a2a\0" .. "3aa4b1é6")
      signs({ abcdefgh = "2", abcdefg = "1", abcdefghi = "3", abcdefgx = "4" }, "abcdefg1abcdefgh2abcdefghi3abcdefgx4")
      signs({ a = { "b", "", "b", "a" } }, "aaaab")
      signs({ a = { "2", 10, true } }, "a10a2atrue")
      signs({ a = {} }, "")
      signs("b=2&a=1&b=1&b=2&=x", "xa1b1b2")
   end)

   it("sorts few and many alike", function()
      local v = core.validator "k"
      for _, count in ipairs { 2, 49, 50, 51, 52, 400 } do
         local pieces, sorted = {}, {}
         for i = 1, count do
            local name = ("n%03d"):format((i * 7919) % 1000)
            pieces[i], sorted[i] = name .. "=v", name .. "v"
         end
         table.sort(sorted)
         assert.equal(hmac("k", table.concat(sorted)), v:sign("", table.concat(pieces, "&")))
      end
   end)

   it("takes the same from a table and from a form", function()
      local v = core.validator "k"
      math.randomseed(3)
      for _ = 1, 200 do
         local flat, params = {}, {}
         for i = 1, math.random(0, 30) do
            local name, value = "n" .. math.random(1, 20), ("v+&%"):rep(math.random(0, 12)) .. i
            flat[#flat + 1], flat[#flat + 2] = name, value
            params[name] = params[name] or {}
            table.insert(params[name], value)
         end
         assert.equal(v:sign("u", params), v:sign("u", core.form_encode(flat)))
      end
   end)

   it("isn't disturbed by what it did before", function()
      local v = core.validator "k"
      local big = ("a=" .. ("x"):rep(1000) .. "&"):rep(500)
      local before = v:sign("u", "a=1")
      assert.is_string(v:sign("u", big))
      assert.is_nil(v:sign("u", { a = {}, b = print }))
      assert.equal(before, v:sign("u", "a=1"))
   end)

   it("refuses tokens that aren't", function()
      for _, bad in ipairs { "", 7, {}, { "" }, { "a", "" }, { {} } } do
         assert.is_false(pcall(core.validator, bad))
      end
      assert.is_false(pcall(core.validator))
   end)

   it("is closed once and for all", function()
      local v = core.validator "secret"
      assert.equal("twilio.validator (1)", tostring(v))
      v:close()
      v:close()
      assert.equal("twilio.validator (closed)", tostring(v))
      assert.has_error(function() v:sign("u") end)
      assert.has_error(function() v:match("u", nil, "s") end)
      assert.is_false(getmetatable(v))
   end)

   it("takes only its own kind", function()
      local v, credentials = core.validator "k", core.credentials {}
      assert.has_error(function() v.sign(credentials, "u") end)
      assert.has_error(function() v.sign(io.stdout, "u") end)
      assert.has_error(function() v.close {} end)
   end)
end)
