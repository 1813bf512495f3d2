-- app.lua: sends messages for whoever asks nginx to. See nginx.conf beside it.
--
-- Ordinary code: a call suspends its request and nothing else.

-- luacheck: globals ngx

local json = require "twilio.json"
local twilio = require "twilio"

local App = {}
App.__index = App

local function answer(status, body)
   ngx.status = status
   ngx.header["Content-Type"] = "application/json"
   ngx.print(json.encode(body))
end

local function arguments()
   ngx.req.read_body()
   return ngx.req.get_post_args()
end

local function failure(err)
   return { error = err.message, code = err.code, kind = err.kind }
end

--- to=&body= -> 201 { sid, status }, or the API's status and { error, code }
function App:send()
   local args = arguments()
   local message, err = self.client.messages:create {
      to = args.to, from = self.from, body = args.body,
   }
   if not message then return answer(err.status or 502, failure(err)) end
   answer(201, { sid = message.sid, status = message.status })
end

--- to=number,number,...&body= -> 200 [ { sid } | { error }, ... ]: light threads, twenty at a time
function App:send_many()
   local args, numbers = arguments(), {}
   for number in args.to:gmatch "[^,]+" do numbers[#numbers + 1] = number end
   local results = twilio.map(numbers, function(to)
      return self.client.messages:create { to = to, from = self.from, body = args.body }
   end, { concurrency = 20 })
   local list = {}
   for i, result in ipairs(results) do
      list[i] = result.value and { sid = result.value.sid } or failure(result.err)
   end
   answer(200, list)
end

--- to=&body= -> 202 at once; sent by a timer, as it must be in the phases that can't wait (log,
-- header_filter, ...)
function App:send_later()
   local args = arguments()
   assert(ngx.timer.at(0, function()
      local message, err = self.client.messages:create {
         to = args.to, from = self.from, body = args.body,
      }
      if not message then ngx.log(ngx.ERR, tostring(err)) end
   end))
   answer(202, { accepted = true })
end

--- -> 200 { opened, reused, in_flight, done, cancelled }: what this worker's client has done
function App:status() answer(200, self.client:stats()) end

local app = {}

--- For init_by_lua; the account is in the environment.
function app.new()
   local client = twilio.client { base_url = os.getenv "TWILIO_BASE_URL" }
   client:preload "api.v2010"
   return setmetatable({ client = client, from = os.getenv "TWILIO_FROM" or "+14155552344" }, App)
end

return app
