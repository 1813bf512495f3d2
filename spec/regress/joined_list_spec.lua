-- A list for a parameter whose value is one text, joined by commas, was refused: lookups v2's
-- `fields = { "caller_name", "sim_swap" }`.

local fake = require "support.fake"

local function query(call)
   local client, transport = fake.client()
   call(client)
   return fake.pairs_of(transport.last.url:match("%?(.*)$") or transport.last.body)
end

describe("a list that one text holds", function()
   it("is joined by commas", function()
      assert.same({ "Fields=caller_name,sim_swap" }, query(function(client)
         client.lookups.v2.phone_numbers("+1"):fetch { fields = { "caller_name", "sim_swap" } }
      end))
      assert.same({ "SplitByWaitTime=5,30" }, query(function(client)
         client.taskrouter.v1.workspaces("WS1").statistics():fetch {
            split_by_wait_time = { 5, 30 },
         }
      end))
      assert.same({ "traitGroups=a,b" }, query(function(client)
         client.memory.v1.profiles("S1", "P1"):fetch { trait_groups = { "a", "b" } }
      end))
   end)

   it("is taken as text, too", function()
      assert.same({ "Fields=caller_name,sim_swap" }, query(function(client)
         client.lookups.v2.phone_numbers("+1"):fetch { fields = "caller_name,sim_swap" }
      end))
   end)

   it("is joined by spaces where the API wants that", function()
      assert.same({
         "IdempotencyKey=k", "StatusCallback=https://x", "ValidCardTypes=visa amex",
      }, query(function(client)
         client.calls("CA1").payments:create {
            idempotency_key = "k", status_callback = "https://x",
            valid_card_types = { "visa", "amex" },
         }
      end))
   end)
end)
