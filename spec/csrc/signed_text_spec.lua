-- signed_text_spec.lua: the text that is signed after the URL, seen through the signatures made of
-- it.

local core = require "twilio.core"

-- base64(HMAC-SHA1(key, text)): what the validator makes of a URL without parameters.
local function hmac(key, text) return require "twilio.core.crypto".validator(key):sign(text) end

describe("the signed text", function()
   it("sorts by bytes, names before values, and takes each pair once", function()
      local v = require "twilio.core.crypto".validator "k"
      local function signs(params, text) assert.equal(hmac("k", text), v:sign("", params)) end
      signs(
         { b = "1", a = "2", ["a\0"] = "3", ["aa"] = "4", A = "5", ["é"] = "6" },
         "A5a2a\0" .. "3aa4b1é6")
      signs(
         { abcdefgh = "2", abcdefg = "1", abcdefghi = "3", abcdefgx = "4" },
         "abcdefg1abcdefgh2abcdefghi3abcdefgx4")
      signs({ a = { "b", "", "b", "a" } }, "aaaab")
      signs({ a = { "2", 10, true } }, "a10a2atrue")
      signs({ a = {} }, "")
      signs("b=2&a=1&b=1&b=2&=x", "xa1b1b2")
   end)

   it("sorts few and many alike", function()
      local v = require "twilio.core.crypto".validator "k"
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
      local v = require "twilio.core.crypto".validator "k"
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

   -- The last request's order is where the next sort starts: it must never show.
   it("doesn't depend on the request before", function()
      local v = require "twilio.core.crypto".validator "k"
      math.randomseed(5)
      local function shuffled(count)
         local pieces, sorted = {}, {}
         for i = 1, count do pieces[i] = ("n%02d=%d"):format(math.random(1, 99), i) end
         for i, piece in ipairs(pieces) do sorted[i] = piece end
         table.sort(sorted, function(a, b)
            local a_name, a_value = a:match("(.-)=(.*)")
            local b_name, b_value = b:match("(.-)=(.*)")
            if a_name ~= b_name then return a_name < b_name end
            return a_value < b_value
         end)
         return table.concat(pieces, "&"), (table.concat(sorted):gsub("=", ""))
      end
      for _ = 1, 300 do
         local form, text = shuffled(math.random(5, 8))
         assert.equal(hmac("k", text), v:sign("", form))
         assert.equal(hmac("k", text), v:sign("", form))
      end
   end)
end)
