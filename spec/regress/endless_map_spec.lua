-- A table that holds itself, given as lookups' add_ons_data (the one parameter that is flattened
-- into many), was flattened for ever: the program ate all memory within a minute. It is a caller's
-- mistake, and raises as one.

local fake = require "support.fake"

it("a map that holds itself raises", function()
   local client, transport = fake.client()
   local map = { name = "x" }
   map.again = map
   local ok, why = pcall(function()
      client.lookups.v1.phone_numbers("+1"):fetch { add_ons_data = map }
   end)
   assert.is_false(ok)
   assert.matches(
      "endless_map_spec.lua:%d+: phone_numbers:fetch: parameter 'add_ons_data' is nested too deeply, or holds itself",
      why)
   assert.equal(0, #transport.requests)
end)
