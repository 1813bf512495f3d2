-- A validator turns numbers among the parameters into texts, and an allocation in Lua may run
-- finalizers. One that closed the same validator made it sign with no key (a crash); one that used
-- it left another request's parameters in the text that was signed.

local finalizers = require "support.finalizers"

local URL = "https://example.com/sms"
local round = 0

-- Numbers that haven't been texts before; as many as make the collector's steps fall everywhere.
local function parameters()
   round = round + 1
   local params = {}
   for i = 1, 10 + round * 7919 % 97 do
      params["n" .. i] = { round * 1000 + i + 0.5, round * 1000 + i + 0.25 }
   end
   return params
end

it("a validator that a finalizer uses signs what it was given", function()
   local v, other = require "twilio.core.crypto".validator "token", require "twilio.core.crypto".validator "token"
   finalizers.during(5, parameters,
      function() v:sign("https://example.com/", { other = "1", n1 = "2" }) end,
      function(params) return v:sign(URL, params) end,
      function(signature, params) assert.equal(other:sign(URL, params), signature) end)
   finalizers.during(5, parameters, function() v:match("https://example.com/", "other=1", "x") end,
      function(params) return v:sign(URL, params) end,
      function(signature, params) assert.equal(1, (v:match(URL, params, signature))) end)
end)

it("a validator that a finalizer closes is closed", function()
   local v
   for _, method in ipairs { "sign", "match" } do
      local closed = 0
      finalizers.during(5, function()
         v = require "twilio.core.crypto".validator "token"
         return parameters()
      end, function() v:close() end, function(params)
         local ok, why = pcall(v[method], v, URL, params, "x")
         return not ok and why
      end, function(why)
         if not why then return end
         assert.matches("validator is closed", why)
         closed = closed + 1
      end)
      assert.is_true(closed > 0)
   end
end)
