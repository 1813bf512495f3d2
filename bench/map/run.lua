-- twilio.map: 5,000 messages, 50 in flight, beside a bare curl_multi loop (curl.c) and twilio-node
-- (node.js, where Node finds it: npm install twilio, or TWILIO_NODE) in the same run; then with a
-- server that takes 20 ms, beside what 50 in flight can be at most. Prints rates, ratios and
-- limits; exits with 1 if one is missed.
--
--   make && mkdir -p build/bench && cc -std=c11 -D_GNU_SOURCE -O2 -o build/bench/map
--   bench/map/curl.c -lcurl
--   LUA_PATH="lua/?.lua;spec/?.lua;;" LUA_CPATH="./?.so;;" lua5.4 bench/map/run.lua [<messages a
--   round>] [<rounds>]
--
-- Rounds of them alternate, so that whatever else the machine does meets all; the medians are
-- compared.

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local process = require "support.process"
local results = require "support.results"
local server = require "support.server"
local twilio = require "twilio"

local COUNT, ROUNDS, IN_FLIGHT, DELAY = tonumber(arg[1]) or 5000, tonumber(arg[2]) or 5, 50, 0.02
local OF_BARE, OF_NODE, OF_IDEAL = 0.6, 6, 0.9

local answer = [[{"body":"Hello","num_segments":"1","direction":"outbound-api","from":"+14155552344","date_updated":null,"price":null,]]
   .. [["error_message":null,"uri":"/2010-04-01/Accounts/AC/Messages/SM.json","account_sid":"AC00000000000000000000000000000000",]]
   .. [["num_media":"0","to":"+15558675310","date_created":"Tue, 18 Aug 2015 19:04:39 +0000","status":"queued",]]
   .. [["sid":"SM00000000000000000000000000000000","date_sent":null,"messaging_service_sid":null,"error_code":null,"price_unit":"USD",]]
   .. [["api_version":"2010-04-01","subresource_uris":{"media":"/2010-04-01/Accounts/AC/Messages/SM/Media.json"}}]]

local nginx = server.start { locations = {
   ["/2010-04-01/"] = {
      directives = "default_type application/json; return 201 '" .. answer .. "';",
   },
   ["/slow/"] = (
      [[ ngx.sleep(%g) ngx.status = 201 ngx.header["Content-Type"] = "application/json" ngx.print %q ]]):format(DELAY, answer),
} }

local account = "AC" .. ("0"):rep(32)
local now = require("twilio.core").now
local numbers = {}
for i = 1, COUNT do numbers[i] = "+1" .. i end

local function new_client(base_url)
   return twilio.client {
      account_sid = account, auth_token = "token", base_url = base_url, ca_file = nginx.ca_file,
      proxy = "",
   }
end

local function map(client)
   local start = now()
   local all = twilio.map(numbers, function(to)
      return client.messages:create {
         to = to, from = "+14155552344", body = "Hello from the other side of the wire",
      }
   end, { concurrency = IN_FLIGHT })
   for _, result in ipairs(all) do assert(result.value, result.err) end
   return now() - start
end

local bare_command = (
   "build/bench/map '%s/2010-04-01/Accounts/%s/Messages.json' '%s' %d %d '%s'"):format(nginx.url, account,
   nginx.ca_file, COUNT, IN_FLIGHT, "Body=Hello+from+the+other+side+of+the+wire&From=%2B14155552344&To=%2B15558675310")

local function bare()
   return assert(tonumber(process.output("%s", bare_command)), "the bare loop failed")
end

local node_command = (
   "NODE_EXTRA_CA_CERTS='%s' node bench/map/node.js '%s' %d %d 2>/dev/null"):format(nginx.ca_file, nginx.url, COUNT,
   IN_FLIGHT)

local function node() return tonumber(process.output("%s", node_command)) end

local quick, slow = new_client(nginx.url), new_client(nginx.url .. "/slow")
map(quick)
local times = { bare = {}, quick = {}, slow = {}, node = {} }
for round = 1, ROUNDS do
   times.bare[round], times.quick[round] = bare(), map(quick)
   times.slow[round], times.node[round] = map(slow), node()
end
nginx:stop()

local missed = false
local function report(what, ratio, least)
   missed = missed or ratio < least
   print(("   ratio %5.2f to %s (at least %.1f)"):format(ratio, what, least))
end

local rates, ideal = {}, IN_FLIGHT / DELAY
for name, list in pairs(times) do rates[name] = #list > 0 and COUNT / results.median(list) or nil end
print(("%d messages, %d in flight"):format(COUNT, IN_FLIGHT))
print(("bare curl_multi loop    %7.0f POSTs/s"):format(rates.bare))
print(("twilio.map              %7.0f POSTs/s"):format(rates.quick))
report("the bare loop", rates.quick / rates.bare, OF_BARE)
if times.node[1] then
   print(("twilio-node             %7.0f POSTs/s"):format(rates.node))
   report("twilio-node", rates.quick / rates.node, OF_NODE)
end
print(("twilio.map, %.0f ms delay %7.0f POSTs/s"):format(DELAY * 1000, rates.slow))
report(("the %.0f that %d in flight can be"):format(ideal, IN_FLIGHT), rates.slow / ideal, OF_IDEAL)
results.record {
   name = "map, 50 in flight", value = rates.quick / rates.bare, at_least = 0.80,
   unit = "of bare curl_multi's rate",
}
if rates.node then
   results.record {
      name = "map, 50 in flight, beside twilio-node", value = rates.quick / rates.node,
      unit = "times as fast", at_least = 8,
   }
end
os.exit(missed and 1 or 0)
