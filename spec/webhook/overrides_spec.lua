-- lua/twilio/webhook/overrides.lua: how Twilio shall connect, written into a URL's fragment.

local overrides = require "twilio.webhook.overrides"

local URL = "https://x.com/"

local function mistake(given)
   local url, message = overrides(URL, given)
   assert.is_nil(url)
   return message
end

describe("overrides", function()
   it("are written in a fixed order, in place of an older fragment", function()
      assert.equal("https://x.com/a?b=1#ct=2000&rt=100&tt=15000&rc=0&rp=4xx,5xx&e=ashburn,dublin&sni=y",
         overrides("https://x.com/a?b=1#rc=5", {
            sni = true, edge = { "ashburn", "dublin" }, retry_policy = { "4xx", "5xx" },
            retry_count = 0, total_timeout_ms = 15000,
            read_timeout_ms = 100, connect_timeout_ms = 2000,
         }))
   end)

   it("that are none take an older fragment away", function()
      assert.equal(URL, overrides(URL, {}))
      assert.equal(URL, overrides(URL .. "#rc=5", {}))
   end)

   it("take one word in the place of a list", function()
      assert.equal(
         URL .. "#rp=all&e=dublin", overrides(URL, { retry_policy = "all", edge = "dublin" }))
      assert.equal(URL .. "#sni=n", overrides(URL, { sni = false }))
   end)

   it("take the least and the most that Twilio takes, and nothing beyond", function()
      for name, range in pairs {
         connect_timeout_ms = { 100, 10000 }, read_timeout_ms = { 100, 15000 },
         total_timeout_ms = { 100, 15000 }, retry_count = { 0, 5 },
      } do
         local expected = ("%s must be an integer from %d to %d"):format(name, range[1], range[2])
         for _, value in ipairs(range) do
            assert.matches("#%l+=" .. value .. "$", (overrides(URL, { [name] = value })))
         end
         for _, value in ipairs { range[1] - 1, range[2] + 1, range[1] + 0.5, 0 / 0, math.huge } do
            assert.equal(expected, mistake { [name] = value })
         end
         for _, value in ipairs { tostring(range[1]), true } do
            assert.matches(
               "^override '" .. name .. "' must be an integer, got a ", mistake { [name] = value })
         end
      end
   end)

   it("refuse words that could become another override or that Twilio doesn't know", function()
      for _, edge in ipairs {
         "a&b", "a#b", "", "A", "1a", "a,b", {}, { "dublin", "a&rc=5" }, { 1 }, 5,
      } do
         assert.equal("edge must be an edge's name or an array of them", mistake { edge = edge })
      end
      for _, policy in ipairs { "3xx", "4XX", "", {}, { "4xx", "no" } } do
         assert.matches("^retry_policy must be ", mistake { retry_policy = policy })
      end
      for _, sni in ipairs { "y", 1, {} } do
         assert.equal("sni must be true or false", mistake { sni = sni })
      end
   end)

   it("have known names", function()
      assert.equal(
         "unknown override 'retry_cuont' (did you mean 'retry_count'?)", mistake {
            retry_cuont = 1,
         })
   end)
end)
