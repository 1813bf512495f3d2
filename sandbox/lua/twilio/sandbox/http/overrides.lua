-- sandbox/http/overrides.lua: how to connect to a webhook, as its URL's fragment says:
-- #rc=2&rp=5xx,ct&ct=500&rt=2000&tt=10000.
--
-- Names, bounds and defaults are Twilio's; lua/twilio/webhook/overrides.lua writes them. A number
-- out of bounds counts as the nearest bound, and a fragment with other names as none.

local overrides = {}

-- name -> lowest, highest, default; times in milliseconds
local numbers = {
   ct = { 100, 10000, 5000 }, rt = { 100, 15000, 15000 }, tt = { 100, 15000, 15000 },
   rc = { 0, 5, 1 },
}

-- The policies that cover a failure: webhook.lua's kinds, "4xx" and "5xx".
local policies = {
   ["4xx"] = { "4xx" }, ["5xx"] = { "5xx" }, ct = { "connect", "host", "tls" },
   rt = { "timeout", "protocol" },
   all = { "4xx", "5xx", "none", "connect", "host", "tls", "timeout", "protocol" },
}

local function read_number(text, bounds)
   local value = tonumber(text and text:match("^%d+$"))
   if not value then return bounds[3] end
   return math.max(bounds[1], math.min(value, bounds[2]))
end

--- Reads a URL's fragment.
-- @return (string) the URL without it; (table) { connect_timeout, read_timeout, total_timeout =
--    seconds, retries, on = set of the failures after which it is tried again }
function overrides.read(url)
   local bare, fragment = url:match("^([^#]*)#?(.*)$")
   local given = {}
   for name, value in fragment:gmatch("([^&=]+)=([^&]*)") do given[name] = value end
   local on = {}
   for word in (given.rp or "ct"):gmatch("[^,]+") do
      for _, kind in ipairs(policies[word] or {}) do on[kind] = true end
   end
   return bare, {
      connect_timeout = read_number(given.ct, numbers.ct) / 1000,
      read_timeout = read_number(given.rt, numbers.rt) / 1000,
      total_timeout = read_number(given.tt, numbers.tt) / 1000,
      retries = read_number(given.rc, numbers.rc), on = on,
   }
end

return overrides
