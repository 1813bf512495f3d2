-- Sequential POSTs over one kept-alive TLS connection to a local nginx: client.messages:create
-- beside a bare libcurl loop (curl.c) that sends the same bytes, in the same run, and beside the C
-- core alone (session:perform). Prints the rates and their ratios to the bare loop's; exits with 1
-- if the client's is below 0.85. The time beyond the C core's is Lua's: arguments, JSON, objects;
-- nginx answers at once here, so it weighs more than it ever will against Twilio.
--
--   lua bench/post/run.lua [<requests a round>] [<rounds>]        (through bench/run.sh, which
--   builds and sets the paths)
--
-- Many short rounds, each subject once a round as a process of its own (bench/post/round.lua,
-- curl.c), so that whatever else the machine does meets all of a round alike: the ratio is the
-- median of the rounds' ratios.

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local process = require "support.process"
local results = require "support.results"
local server = require "support.server"
local twilio = require "twilio"

local COUNT, ROUNDS, LEAST = tonumber(arg[1]) or 2000, tonumber(arg[2]) or 31, 0.85

local answer = [[{"body":"Hello","num_segments":"1","direction":"outbound-api","from":"+14155552344","date_updated":null,"price":null,]]
   .. [["error_message":null,"uri":"/2010-04-01/Accounts/AC/Messages/SM.json","account_sid":"AC00000000000000000000000000000000",]]
   .. [["num_media":"0","to":"+15558675310","date_created":"Tue, 18 Aug 2015 19:04:39 +0000","status":"queued",]]
   .. [["sid":"SM00000000000000000000000000000000","date_sent":null,"messaging_service_sid":null,"error_code":null,"price_unit":"USD",]]
   .. [["api_version":"2010-04-01","subresource_uris":{"media":"/2010-04-01/Accounts/AC/Messages/SM/Media.json"}}]]

local nginx = server.start {
   locations = {
      ["/2010-04-01/"] = {
         directives = "default_type application/json; return 201 '" .. answer .. "';",
      },
   },
}

-- The request that client.messages:create makes, for those who send the same without it.
local function capture()
   local sent
   local client = twilio.client {
      account_sid = "AC" .. ("0"):rep(32), auth_token = "token", base_url = nginx.url,
      max_retries = 0,
      transport = { send = function(_, request)
         sent = request
         return nil, { kind = "cancelled", message = "not sent", sent = false }
      end },
   }
   client.messages:create {
      to = "+15558675310", from = "+14155552344", body = "Hello from the other side of the wire",
   }
   return sent
end

local function quoted(words)
   for i, word in ipairs(words) do words[i] = "'" .. word .. "'" end
   return table.concat(words, " ")
end

local function bare_command()
   local request = capture()
   local words = { "build/bench/post", request.url, nginx.ca_file, tostring(COUNT), request.body }
   for name, value in pairs(request.headers) do words[#words + 1] = name .. ": " .. value end
   return quoted(words)
end

local function lua_command(subject)
   return quoted {
      arg[-1], "bench/post/round.lua", subject, nginx.url, nginx.ca_file, tostring(COUNT),
   }
end

local subjects = {
   { "bare libcurl loop", bare_command() },
   { "the C core alone", lua_command "core" },
   { "client.messages:create", lua_command "client" },
}

local times, ratios = { {}, {}, {} }, { {}, {}, {} }
for round = 1, ROUNDS do
   for i, subject in ipairs(subjects) do
      times[i][round] = assert(
         tonumber((process.output("%s", subject[2]))), subject[1] .. " failed")
      ratios[i][round] = times[1][round] / times[i][round]
   end
end
nginx:stop()

for i, subject in ipairs(subjects) do
   print(
      ("%-24s %7.0f POSTs/s   ratio %.2f"):format(
         subject[1], COUNT / results.median(times[i]), results.median(ratios[i])))
end
local ratio = results.median(ratios[3])
print(("client.messages:create to a bare libcurl loop: %.3f (at least %.2f)"):format(ratio, LEAST))
results.record {
   name = "sequential POST over TLS", value = ratio, unit = "of a bare libcurl loop's rate",
   at_least = rawget(_G, "jit") and 0.94 or 0.90,
}
os.exit(ratio >= LEAST and 0 or 1, true)
