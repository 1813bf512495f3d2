-- bench/nginx/worker.lua: the part of the bench that runs in an nginx worker: four ways to send one
-- request, and a driver that keeps so many of them in flight and counts what they cost.
--
-- All are transports, so that what differs is how the bytes travel and nothing else.

local ffi = require "ffi"
local json = require "twilio.json"
local twilio = require "twilio"

local worker = {}

ffi.cdef [[
   typedef struct { long sec, nsec; } twilio_bench_time;
   int clock_gettime(int clock, twilio_bench_time *time);
]]

local MONOTONIC, PROCESS, THREAD = 1, 2, 3

-- The thread's clock is the event loop's: nginx runs Lua nowhere else.
local function clock(which)
   local time = ffi.new "twilio_bench_time"
   ffi.C.clock_gettime(which, time)
   return tonumber(time.sec) + tonumber(time.nsec) / 1e9
end

-- nginx's own proxy, asked by a subrequest.
local proxy = {}
function proxy:send(request) -- luacheck: ignore 212/self
   local path = request.url:match "^https?://[^/]+(/.*)$"
   local answer = ngx.location.capture(
      "/proxy" .. path, { method = ngx["HTTP_" .. request.method], body = request.body })
   local headers = {}
   for name, value in pairs(answer.header) do headers[name:lower()] = value end
   return { status = answer.status, headers = headers, body = answer.body }
end

local transports = { proxy = function() return proxy end }
function transports.cosocket() return require("cosocket_client").new "127.0.0.1" end
function transports.lean() return require("cosocket_transport").new { address = "127.0.0.1" } end

--- Makes the clients, before the workers are forked.
function worker.init(url, ca_file)
   worker.clients = {}
   for _, way in ipairs { "engine", "cosocket", "lean", "proxy" } do
      worker.clients[way] = twilio.client {
         account_sid = "AC" .. ("a"):rep(32), auth_token = "secret", base_url = url,
         ca_file = ca_file, timeout = 60,
         transport = transports[way] and transports[way](),
      }
   end
   worker.clients.engine:preload "api.v2010"
end

-- One call at each level: the transport alone, with a request that is there, or the whole client.
local levels = {}

function levels.transport(client)
   local url = client.settings.base_url .. "/2010-04-01/Accounts/AC/Messages.json"
   local headers = {
      ["Content-Type"] = "application/x-www-form-urlencoded", Accept = "application/json",
      Authorization = "Basic eDp5",
   }
   return function(nonce)
      local response, err = client.transports.base:send {
         method = "POST", url = url, timeout = 60, headers = headers,
         body = "To=%2B15558675310&From=%2B14155552344&Body=" .. nonce,
      }
      if not response then return nil, err end
      return response.body:match '"body":"([^"]*)"'
   end
end

function levels.client(client)
   return function(nonce)
      local message, err = client.messages:create {
         to = "+15558675310", from = "+14155552344", body = nonce,
      }
      if not message then return nil, err end
      return message.body
   end
end

local function run(call, calls, in_flight)
   local started, wrong, why = 0, 0, nil
   local function work()
      while started < calls do
         started = started + 1
         local nonce = "n" .. started
         local reply, err = call(nonce)
         if reply ~= nonce then
            wrong, why = wrong + 1, err and (err.message or tostring(err)) or tostring(reply)
         end
      end
   end
   local threads = {}
   for i = 1, in_flight do threads[i] = ngx.thread.spawn(work) end
   for i = 1, in_flight do
      local ok, raised = ngx.thread.wait(threads[i])
      if not ok then wrong, why = wrong + 1, raised end
   end
   return wrong, why
end

--- The content of a location: ?way=&level=&calls=&in_flight= -> JSON: wrong, why, seconds, loop and
-- all (CPU seconds)
function worker.drive()
   local args = ngx.req.get_uri_args()
   local call = levels[args.level](worker.clients[args.way])
   collectgarbage()
   local seconds, all, loop = clock(MONOTONIC), clock(PROCESS), clock(THREAD)
   local wrong, why = run(call, tonumber(args.calls), tonumber(args.in_flight))
   ngx.print(json.encode {
      wrong = wrong, why = why, seconds = clock(MONOTONIC) - seconds, all = clock(PROCESS) - all,
      loop = clock(THREAD) - loop,
   })
end

return worker
