-- Seconds that no calendar of four-digit years holds (NaN, 1e300, milliseconds taken for seconds)
-- became nonsense on Lua 5.1 and LuaJIT, where os.date takes anything, and a message without its
-- reason elsewhere. They raise, with the number.

local fake = require "support.fake"

it("a date that no calendar holds raises on every Lua", function()
   local client, transport = fake.client()
   for _, seconds in ipairs { 0 / 0, math.huge, -math.huge, 1e300, 1439924679000 } do
      local ok, why = pcall(function() client.messages:list { date_sent = seconds } end)
      assert.is_false(ok)
      assert.matches("parameter 'date_sent' is not a date", why)
   end
   assert.equal(0, #transport.requests)
end)
