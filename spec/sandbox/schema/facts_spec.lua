-- sandbox/lua/twilio/sandbox/schema/facts.lua: words of the API's examples, read and made into
-- values.

local facts = require "twilio.sandbox.schema.facts"
local json = require "twilio.json"

describe("sandbox.schema.facts", function()
   local maker = {
      now = 0, url_base = "https://api.twilio.com/v1/Things/TH1", uri_base = "/v1/Things/TH1",
      sid = function(prefix) return prefix .. "-new" end,
   }

   local function made(words) return facts.make(facts.read(words), maker) end

   it("makes values of each kind", function()
      assert.same({
         nothing = json.null, count = 12, share = 0.5, yes = true, no = false, kind = "a b{}",
         text = "", owner = "VA-new",
      }, made "nothing? count#12 share#0.5 yes!1 no!0 kind=a%20b%7B%7D text$ owner@VA")
   end)

   it("makes digits", function()
      assert.same({ code = "123456" }, facts.make(facts.read "code^6", {
         ids = { digits = function(_, count) return ("123456789"):sub(1, count) end },
      }))
   end)

   it("makes dates that count from now", function()
      assert.same({
         at = "1970-01-01T00:00:00Z", ["until"] = "1970-01-01T00:10:00Z", day = "1970-01-02",
         mail = "Thu, 01 Jan 1970 00:00:00 +0000",
      }, made "at~t until~t+600 day~d+86400 mail~r")
   end)

   it("makes addresses below the resource's own, and others with SIDs of the sandbox's", function()
      assert.same({
         parts = "https://api.twilio.com/v1/Things/TH1/Parts", media = "/v1/Things/TH1/Media.json",
         flow = "https://studio.twilio.com/v2/Flows/FW-new",
      }, made "parts+/Parts media-/Media.json flow&https://studio.twilio.com/v2/Flows/<FW>")
   end)

   it("makes objects and arrays, in each other", function()
      local value = made "a{b{c#1} d!1} e[] f[#2] g[{h=x}] i{}"
      assert.same({
         a = { b = { c = 1 }, d = true }, e = {}, f = { 2 }, g = { { h = "x" } }, i = {},
      }, value)
      assert.equal('{"e":[],"i":{}}', json.encode(json.object { e = value.e, i = value.i }))
   end)

   it("reads what is there only if a request asks", function()
      local fact = facts.read "caller?{name$} plain?"
      assert.equal("asked", fact.by_name.caller.kind)
      assert.same({ "name" }, { fact.by_name.caller.value.members[1].name })
      assert.equal("null", fact.by_name.plain.kind)
      assert.equal(json.null, made("caller?{name$}").caller)
   end)

   it("keeps names that aren't words", function()
      assert.same({ ["twilio/text"] = { ["a b"] = 1 } }, made "twilio/text{a%20b#1}")
   end)
end)
