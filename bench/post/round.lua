-- One round of bench/post/run.lua in a process of its own: prints the seconds that the POSTs took,
-- after some that aren't counted.
--
--   lua bench/post/round.lua core|client <URL> <CA file> <count>

local core = require "twilio.core"
local twilio = require "twilio"

local subject, url, ca_file, count = arg[1], arg[2], arg[3], tonumber(arg[4])

local client = twilio.client {
   account_sid = "AC" .. ("0"):rep(32), auth_token = "token", base_url = url, ca_file = ca_file,
}
local message = {
   to = "+15558675310", from = "+14155552344", body = "Hello from the other side of the wire",
}

local WARM = 200 -- calls that aren't counted: connection, code and heap are what they will be

local subjects = {}

function subjects.client() assert(client.messages:create(message)) end

-- The request of a first call, sent again and again by the session itself.
local session, request
function subjects.core()
   if not session then
      session = require("twilio.core.http").session { ca_file = ca_file }
      local base = client.transports.base
      local send = base.send
      base.send = function(self, final)
         request = {
            method = final.method, url = final.url, headers = final.headers, body = final.body,
            timeout = final.timeout, connect_timeout = final.connect_timeout,
         }
         return send(self, final)
      end
      subjects.client()
   end
   assert(session:perform(request))
end

local run = subjects[subject]
for _ = 1, WARM do run() end
local start = core.now()
for _ = 1, count do run() end
local seconds = core.now() - start
assert(subject ~= "client" or client:stats().opened == 1, "more than one connection")
print(("%.6f"):format(seconds))
