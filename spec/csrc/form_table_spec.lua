-- form_table_spec.lua: the table that a webhook's form becomes in the same pass as its signature,
-- against a decoder in plain Lua, which shares nothing with it.

local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local finalizers = require "support.finalizers"

local URL = "https://example.com/sms"

local function unescape(text)
   return (text:gsub("+", " "):gsub("%%(%x%x)", function(hex)
      return string.char(tonumber(hex, 16))
   end))
end

local function decode(form)
   local params = {}
   for piece in form:gmatch "[^&]+" do
      local name, value = piece:match "^([^=]*)=(.*)$"
      name, value = unescape(name or piece), unescape(value or "")
      local before = params[name]
      if type(before) == "table" then
         before[#before + 1] = value
      else
         params[name] = before and { before, value } or value
      end
   end
   return params
end

local validator = crypto.validator "k"

local function table_of(form)
   local url, secret, _, params = validator:match(URL, form, validator:sign(URL, form), true)
   assert.equal(1, url)
   assert.equal(1, secret)
   return params
end

describe("the table of a form", function()
   it("is the one that a decoder in Lua makes", function()
      for _, form in ipairs {
         "", "&", "&&", "=", "=x", "a", "a=1", "a=1&b=x+y&c", "a=1&a=2&a=1", "&a=1&&b=2&", "a=b=c",
         "%41=%42&A=C", "a=%&b=%4&c=%zz&d=%%2541", "%00=%00",
         "a%00=1&a=2", "a=" .. ("x"):rep(5000), ("n"):rep(5000) .. "=1", ("a=1&"):rep(51),
         ("a=%E2%98%83&"):rep(400) .. "b=2",
      } do
         assert.same(decode(form), table_of(form))
         assert.same(decode(form), core.form_decode(form))
      end
   end)

   it("is so for any bytes", function()
      math.randomseed(23)
      local alphabet = {
         "%", "+", "&", "=", "a", "b", "From", "Body", "%61", "%2B", "\0", "\255", "&a=", "&a=",
         "x", "%0", "%C3%BC", "&&", "0123456789abcdef",
      }
      for _ = 1, 4000 do
         local text = {}
         for i = 1, math.random(0, 60) do text[i] = alphabet[math.random(#alphabet)] end
         text = table.concat(text)
         assert.same(decode(text), table_of(text))
      end
   end)

   it("is so for many parameters, repeated or not", function()
      for _, count in ipairs { 1, 20, 49, 50, 51, 52, 1000, 9999, 10000 } do
         local single, repeated = {}, {}
         for i = 1, count do
            single[i] = ("n%d=v+%d"):format(i, i)
            repeated[i] = ("n%d=v+%d"):format(i % 7, i)
         end
         for _, pieces in ipairs { single, repeated } do
            local form = table.concat(pieces, "&")
            assert.same(decode(form), table_of(form))
         end
      end
   end)

   -- Names are recognised by their places in the form before: that must never show.
   it("doesn't depend on the form before", function()
      for _ = 1, 3 do
         for _, form in ipairs {
            "From=1&To=2&Body=3", "To=1&From=2&Body=3", "From=1", "Fro=1&To=2", "Fron=1&To=2",
            "From%00=1&To=2", "=1&To=2", "&To=1&=2",
            ("F"):rep(40) .. "=1", ("F"):rep(41) .. "=1", ("F"):rep(39) .. "G=1",
            ("F"):rep(41) .. "=1&To=2",
            "abcdefgh=1", "abcdefgi=1", "abcdefghi=1", "bbcdefgh=1", "abcdefghijklmnop=1",
            "abcdefghijklmnoq=1",
         } do
            assert.same(decode(form), table_of(form))
         end
      end
   end)

   it("comes only where it is asked for, of a raw form that matches", function()
      local form = "a=1"
      local signature = validator:sign(URL, form)
      assert.is_nil((select(4, validator:match(URL, form, signature))))
      assert.is_nil((select(4, validator:match(URL, { a = "1" }, signature, true))))
      assert.is_nil((select(4, validator:match(URL, nil, validator:sign(URL), true))))
      assert.same(
         { false, 1, n = 2 },
         {
            n = select("#", validator:match(URL, form, "x", true)),
            validator:match(URL, form, "x", true),
         })
      local url, secret, bare, params = validator:match(
         { "x", URL }, "&=&", validator:sign(URL), true)
      assert.same({ 2, 1, true, { [""] = "" } }, { url, secret, bare, params })
   end)

   it("is right though finalizers use the validator meanwhile", function()
      local round = 0
      local function form()
         round = round + 1
         local pieces = {}
         for i = 1, 10 + round * 7919 % 97 do
            pieces[i] = ("n%d_%d=%d%s"):format(round, i, i, ("v"):rep(round * 31 % 90))
         end
         return table.concat(pieces, "&")
      end
      for _, other in ipairs { "other=1&n1=2", ("x=1&"):rep(300), "" } do
         local signature = validator:sign(URL, other)
         finalizers.during(5, form, function() validator:match(URL, other, signature, true) end,
            function(body)
               return table_of(body)
            end, function(params, body) assert.same(decode(body), params) end)
      end
   end)

   it("is refused if a finalizer closes the validator meanwhile", function()
      local closed, v = 0, nil
      -- Most finalizers run when the table is filled, after the copy that it is made from.
      local rounds = _VERSION == "Lua 5.5" and 2000 or math.huge -- 5.5 seldom collects there
      finalizers.during(rounds, function()
         v = crypto.validator "k"
         return ("a=1&b=2&"):rep(1000)
      end, function() v:close() end, function(form)
         local ok, _, _, _, params = pcall(v.match, v, URL, form, validator:sign(URL, form), true)
         return ok and params or "closed"
      end, function(result, form)
         if result == "closed" then closed = closed + 1 else assert.same(decode(form), result) end
         return closed == 3
      end)
      if closed == 0 and rounds < math.huge then
         pending("no finalizer ran in between in " .. rounds .. " rounds")
      end
      assert.is_true(closed > 0)
   end)

   it("keeps no memory of forms", function()
      local function used()
         collectgarbage()
         collectgarbage()
         return collectgarbage "count"
      end
      table_of "warm=1"
      local before = used()
      for i = 1, 2000 do table_of(("n%d=%d&m%d=%s"):format(i, i, i, ("x"):rep(2000))) end
      assert.is_true(used() - before < 100)
      for _ = 1, 500 do
         local v = crypto.validator "k"
         assert(select(4, v:match(URL, "a=1", v:sign(URL, "a=1"), true)))
         v:close()
      end
      assert.is_true(used() - before < 150)
   end)
end)
