-- sandbox/lua/twilio/sandbox/behaviour/taskrouter/expressions.lua

local expressions = require "twilio.sandbox.behaviour.taskrouter.expressions"

local scope = {
   language = "en", level = 3, rating = "4.5", vip = true, city = "New York",
   skills = { "support", "sales" }, customer = { name = "Ann", orders = { { id = 7 } } },
   worker = { sid = "WK1" }, task = { agents = { "WK1", "WK2" } },
}

local function holds(text) return expressions.matches(assert(expressions.read(text)), scope) end

describe("sandbox.behaviour.taskrouter.expressions", function()
   it("compares constants and attributes", function()
      for _, text in ipairs {
         "1 == 1", "1==1", "1 = 1", '"apple" != "orange"', "language == 'en'", "level > 2",
         "level >= 3", "level<4", "level <= 3", "vip == true", "vip = TRUE", "rating > 4",
         "level == '3'", "customer.name == 'Ann'", "customer.orders[0].id == 7",
         "'it\\'s' == \"it's\"", "-1 < 0", "language < 'fr'", "absent != 'x'", "1.50 == 1.5",
      } do
         assert.is_true(holds(text), text)
      end
      for _, text in ipairs {
         "1 == 2", "language != 'en'", "level > 3", "absent == 'x'", "absent == absent",
         "absent > 1", "level >= 'many'", "vip == 'true'", "customer.name.first == 'Ann'",
         "vip > 0",
      } do
         assert.is_false(holds(text), text)
      end
   end)

   it("looks into lists and texts", function()
      for _, text in ipairs {
         "skills HAS 'support'", "language IN ['en', 'es']", "'sales' IN skills",
         "language NOT IN ['fr']", "city CONTAINS 'York'", "worker.sid IN task.agents",
         "language in ['en']", "skills CONTAINS 'sales'", "3 IN [1, 2, level]",
         "skills NOT HAS 'art'",
      } do
         assert.is_true(holds(text), text)
      end
      for _, text in ipairs {
         "skills HAS 'art'", "language IN []", "language NOT IN ['en']", "city HAS 'York'",
         "absent IN ['x']", "language IN absent", "city CONTAINS 'Paris'",
      } do
         assert.is_false(holds(text), text)
      end
   end)

   it("joins by AND, which binds closer, and OR, with parentheses", function()
      assert.is_true(holds "1==1 OR 1==2 AND 1==2")
      assert.is_false(holds "(1==1 OR 1==2) AND 1==2")
      assert.is_true(holds "(language == 'en' OR language == 'fr') AND level >= 2.5")
      assert.is_true(holds "((((1==1))))")
      assert.is_false(holds "1==2 or 2==3 or 3==4")
      assert.is_true(holds "1==1 and 2==2 and 3==3")
   end)

   it("refuses what is no expression", function()
      for _, text in ipairs {
         "", "  ", "level", "true", "level ==", "== 1", "1 == 1 AND", "(1 == 1", "1 == 1)",
         "'open == 1", "level ~= 1", "a-b == 1", "level LIKE 1", "x IN [1, 2", "x IN [1 2]",
         "1 == 1 1 == 1", "a..b == 1", "a[ == 1", "NOT level == 1", "x[b] == 1", "() == 1",
      } do
         local read, message = expressions.read(text)
         assert.is_nil(read, text)
         assert.is_string(message, text)
      end
   end)

   it("bounds depth and length, and reads long chains in linear time", function()
      assert.is_nil((expressions.read(("("):rep(200) .. "1==1" .. (")"):rep(200))))
      assert.is_nil((expressions.read(("("):rep(30000))))
      assert.is_nil((expressions.read("x IN " .. ("["):rep(30000))))
      assert.is_nil((expressions.read("1==1 " .. ("OR 1==1 "):rep(10000))))
      assert.is_true(holds("1==2 " .. ("OR 1==2 "):rep(3000) .. "OR 1==1"))
      assert.is_true(holds(("("):rep(90) .. "1==1" .. (")"):rep(90)))
   end)
end)
