-- With few descriptors left the POST was sent, and then "module 'twilio.response' not found" was
-- raised, as the code for answers and failures was loaded with the first of them. So it was where
-- lua-cjson isn't installed. Whatever an answer needs is there before anything is sent.

local fault = require "support.fault"
local process = require "support.process"

-- A program in a Lua of its own. answer: what the server says to each request.
local function run(answer, code)
   local f = fault.start(([[
      while read_request() do note "request" send(%q) end
   ]]):format(answer))
   local folder = process.folder()
   process.write(folder .. "/program.lua", ([[
      package.path, package.cpath = %q, %q
      local free, port, url = ...
      local use_up = require("support.descriptors").use_up
      local twilio = require "twilio"
      local client = twilio.client {
         account_sid = "AC" .. ("0"):rep(32), auth_token = "x", base_url = %q, proxy = "",
         timeout = 5, max_retries = 1,
      }
      local messages = client.messages
      local function tell(ok, message, err)
         if not ok then return print("raised", message) end
         print(message and "good" or err.kind, message and message.sid or tostring(err.sent),
            err and err.code or "", err and err.message or "")
      end
      %s
   ]]):format(package.path, package.cpath, f.url, code))
   local function start(count)
      return process.output("ulimit -n 64; %s %s/program.lua %d 2>&1",
         process.interpreter(), folder, count)
   end
   return start, function()
      local requests = f:count "request"
      f:stop()
      process.forget(folder)
      return requests
   end
end

local function http(status, body)
   return ("HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"):format(
      status, #body, body)
end

local create = [[
   local files = use_up(tonumber(free))
   tell(pcall(messages.create, messages, { to = "+1", from = "+1", body = "x" }))
]]

describe("with few descriptors left", function()
   for name, case in pairs {
      ["an answer"] = { http("201 Created", '{"sid":"SM1"}'), "good\tSM1" },
      ["a refusal"] = {
         http("400 Bad Request", '{"code":21211,"message":"no","status":400}'),
         "api\ttrue\t21211\tno",
      },
      ["a failure that may pass"] = {
         http("503 Service Unavailable", '{"message":"later","secret":"x"}'), "api\ttrue\t\tlater",
      },
      ["a broken answer"] = { http("201 Created", "{"), "decode\ttrue\t\t" },
   } do
      it(name .. " is taken in, or nothing was sent", function()
         local start, stop = run(case[1], create)
         local taken_in = 0
         for free = 0, 14 do
            local text = start(free)
            if text:find(case[2], 1, true) == 1 then
               taken_in = taken_in + 1
            else
               assert.matches("^config\tfalse\t\t.*ulimit %-n", text)
            end
         end
         assert.equal(taken_in, stop())
         assert.is_true(taken_in >= 5, taken_in)
      end)
   end

   it("a program goes on when it has some again", function()
      local start, stop = run(http("201 Created", '{"sid":"SM1"}'), create .. [[
         for _, file in ipairs(files) do file:close() end
         tell(pcall(messages.create, messages, { to = "+1", from = "+1", body = "x" }))
      ]])
      for free = 0, 6 do assert.matches("good\tSM1$", start(free)) end
      assert.is_true(stop() >= 7)
   end)
end)

it("without lua-cjson nothing is sent", function()
   local start, stop = run(http("201 Created", '{"sid":"SM1"}'), [[
      package.preload.cjson = function() error("module 'cjson' not found:\n\tno file", 0) end
      for _ = 1, 2 do
         tell(pcall(messages.create, messages, { to = "+1", from = "+1", body = "x" }))
         tell(pcall(client.request, client, "POST", "https://api.twilio.com/x", {}))
      end
   ]])
   local text = start(0)
   for line in text:gmatch "[^\n]+" do
      assert.matches("^config\tfalse\t\tan answer couldn't be taken in: .*lua%-cjson", line)
   end
   assert.equal(0, stop())
end)
