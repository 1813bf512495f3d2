-- A task's priority or a queue's MaxReservedWorkers of 1e23 was taken: no dump could be loaded any
-- more, and statistics raised. So did statistics of a window that begins before the calendar.

local contact_centre = require "support.contact_centre"

local HUGE = "99999999999999999999999"

describe("numbers beyond all use", function()
   local centre

   before_each(function() centre = contact_centre.simple() end)

   it("are refused by tasks and queues, and a dump can be loaded", function()
      local task = centre:task(nil, { priority = 2147483647 })
      for name, call in pairs {
         Priority = function() return centre.space.tasks:create { Priority = HUGE } end,
         ["Priority "] = function() return task:update { Priority = "-" .. HUGE } end,
         MaxReservedWorkers = function()
            return centre.everybody:update { MaxReservedWorkers = HUGE }
         end,
      } do
         local _, err = call()
         assert.matches("Parameter " .. name:gsub(" ", ""), err.message)
      end
      assert(centre.box:load(centre.box:dump()))
      assert(centre.space.statistics():fetch())
   end)

   it("are no window of statistics, which begins at the calendar's beginning", function()
      for _, minutes in ipairs { HUGE, "-" .. HUGE } do
         assert(centre.space.statistics():fetch { Minutes = minutes })
      end
   end)
end)
