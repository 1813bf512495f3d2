-- tools/soak/calls.lua: the program that a soak watches: many calls of one client, in plain Lua, in
-- a map, or in nginx. Needs the library alone.

local twilio = require "twilio"

local calls = {}

local TIMEOUT = 1 -- seconds: one call in 2,000 is never answered

--- A client of the server with the mixture of faults.
function calls.client(url, ca_file)
   return twilio.client {
      account_sid = "AC" .. ("0"):rep(32), auth_token = "hush-soak", base_url = url, proxy = "",
      ca_file = ca_file, timeout = TIMEOUT, max_retries = 1,
   }
end

-- The reads are tried once, as the pauses between attempts would be most of the time.
local ONCE = { max_retries = 0 }

-- @return value, err; and whether the answer belongs to the call
local function one(client, i)
   local kind = i % 4
   if kind == 0 then return client.messages("SM1"):fetch({}, ONCE) end
   if kind == 1 then return client.messages("SM1"):delete({}, ONCE) end
   local text = "n" .. i
   local value, err = client.messages:create {
      to = "+15558675310", from = "+14155552344", body = text,
   }
   if value and value.body ~= text then error("the answer of another call", 0) end
   return value, err
end

--- Makes calls.
-- @param concurrency (integer) 1: one after the other
-- @return (table) ok, failed: how many
function calls.make(client, first, last, concurrency)
   local count = { ok = 0, failed = 0 }
   local function take(value)
      local name = value and "ok" or "failed"
      count[name] = count[name] + 1
   end
   if concurrency == 1 then
      for i = first, last do take((one(client, i))) end
      return count
   end
   local numbers = {}
   for i = first, last do numbers[#numbers + 1] = i end
   local results = twilio.map(numbers, function(i) return one(client, i) end, {
      concurrency = concurrency,
   })
   for _, result in ipairs(results) do
      if type(result.err) == "string" then error(result.err, 0) end
      take(result.value)
   end
   return count
end

return calls
