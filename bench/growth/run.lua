-- Growth: the cost of a call after 10 to 100,000 calls, with 1 to 1,000 in flight, with one to all
-- products loaded; and of a call that the sandbox answers, from 1,000 to 100,000 records. Each is
-- the greatest cost by the smallest, CPU only, medians of batches.
--
--   lua bench/growth/run.lua        (through bench/run.sh, which sets the paths)

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local model = require "twilio.call.model"
local results = require "support.results"
local server = require "support.server"
local twilio = require "twilio"

local AT_MOST = 1.25 -- batches of the same code differ by about a tenth

local account = "AC" .. ("0"):rep(32)
local message = { to = "+15558675310", from = "+14155552344", body = "Hello" }

-- The median cost of a call in microseconds: batches of `size` calls.
local function cost(size, call)
   local times = {}
   for batch = 1, 9 do
      times[batch] = results.cpu(size, function() for _ = 1, size do call() end end) * 1e6
   end
   return results.median(times)
end

local function growth(name, costs)
   local least, most, texts = math.huge, 0, {}
   for i, entry in ipairs(costs) do
      least, most = math.min(least, entry[2]), math.max(most, entry[2])
      texts[i] = ("%s: %.1f"):format(entry[1], entry[2])
   end
   print(name .. ", us a call: " .. table.concat(texts, ", "))
   results.record {
      name = name .. ", dearest", value = most / least, unit = "of the cheapest", at_most = AT_MOST,
   }
end

local answer = '{"sid":"SM00000000000000000000000000000000","status":"queued","body":"Hello"}'

local function new_client()
   return twilio.client {
      account_sid = account, auth_token = "token",
      transport = { send = function() return { status = 201, headers = {}, body = answer } end },
   }
end

local function by_calls()
   local client, costs, done = new_client(), {}, 0
   local function call()
      done = done + 1
      assert(client.messages:create(message))
   end
   cost(1000, call) -- code and heap are what they will be
   for _, count in ipairs { 10, 1000, 10000, 100000 } do
      while done < count do call() end
      costs[#costs + 1] = { count .. " calls", cost(1000, call) }
   end
   growth("growth by calls", costs)
end

local function by_products()
   local client, costs = new_client(), {}
   local function call() assert(client.messages:create(message)) end
   call()
   costs[1] = { "one product", cost(1000, call) }
   for _, domain in ipairs(model.domains()) do
      for version in pairs(model.domain(domain)) do
         if type(version) == "string" then client:preload(domain .. "." .. version) end
      end
   end
   collectgarbage()
   costs[2] = { "all products", cost(1000, call) }
   growth("growth by products", costs)
end

local function by_flight()
   local nginx = server.start { locations = {
      ["/2010-04-01/"] = {
         directives = "default_type application/json; return 201 '" .. answer .. "';",
      },
   } }
   local client = twilio.client {
      account_sid = account, auth_token = "token", base_url = nginx.url, ca_file = nginx.ca_file,
      proxy = "",
   }
   local numbers, costs = {}, {}
   for i = 1, 3000 do numbers[i] = "+1" .. i end
   for _, in_flight in ipairs { 1, 10, 100, 1000 } do
      local function map()
         local all = twilio.map(numbers, function(to)
            return client.messages:create { to = to, from = message.from, body = "Hello" }
         end, { concurrency = in_flight })
         for _, one in ipairs(all) do assert(one.value, one.err) end
      end
      map()
      local times = {}
      for round = 1, 5 do times[round] = results.cpu(#numbers, map) * 1e6 end
      costs[#costs + 1] = { in_flight .. " in flight", results.median(times) }
   end
   nginx:stop()
   growth("growth by calls in flight", costs)
end

local function by_records()
   local sandbox = require("twilio.sandbox").new()
   local client = twilio.client { account_sid = account, auth_token = "token", transport = sandbox }
   local costs, made = {}, 0
   local function call()
      made = made + 1
      assert(client.messages:create(message))
   end
   cost(1000, call)
   for _, count in ipairs { 1000, 10000, 100000 } do
      while made < count do call() end
      costs[#costs + 1] = { count .. " records", cost(1000, call) }
   end
   growth("growth of the sandbox by records", costs)
   results.record {
      name = "a POST that the sandbox answers", value = costs[1][2] / 1000, unit = "ms",
      at_most = 0.3,
   }
end

by_calls()
by_products()
by_flight()
by_records()
