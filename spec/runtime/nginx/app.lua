-- app.lua: a program in nginx that uses the library as any would, for the specs of OpenResty. Runs
-- in nginx only.
--
-- One client for each upstream, made before the workers are forked; the functions below are what
-- its locations do. A call's outcome as text: what the API echoed, or "kind sent message".

local app = {}

--- In init_by_lua. @param urls (table) name -> base URL; "main" is used where no other is asked for
function app.init(urls, ca_file)
   local twilio = require "twilio"
   app.twilio, app.clients = twilio, {}
   for name, url in pairs(urls) do
      app.clients[name] = twilio.client {
         account_sid = "AC" .. ("a"):rep(32), auth_token = "secret", base_url = url,
         ca_file = ca_file, proxy = "", timeout = 60,
      }
      app.clients[name]:preload("api.v2010", "verify.v2")
   end
end

local function outcome(message, err)
   if message then return message.body end
   return ("%s %s %s"):format(err.kind, tostring(err.sent), err.message)
end

--- Sends one message. @return (string) its outcome
function app.send(nonce, how, options, client)
   return outcome(
      app.clients[client or "main"].messages:create(
         { to = "+15558675310", from = how or "0", body = nonce }, options))
end

--- ?n=nonce&how=&timeout=&client=
function app.one()
   local options = { timeout = tonumber(ngx.var.arg_timeout) }
   ngx.print(
      app.send(
         ngx.var.arg_n, ngx.unescape_uri(ngx.var.arg_how or "0"), options, ngx.var.arg_client))
end

--- ?n=prefix&calls=&in_flight=&how=&client= -> how many replies were another's, and one of them
function app.many()
   local numbers, how, prefix, client = {}, ngx.unescape_uri(
      ngx.var.arg_how or "0"), ngx.var.arg_n, ngx.var.arg_client
   for i = 1, tonumber(ngx.var.arg_calls) do numbers[i] = i end
   local wrong, example = 0, ""
   local results = app.twilio.map(numbers, function(i)
      return app.send(prefix .. "-" .. i, how, nil, client)
   end,
      { concurrency = tonumber(ngx.var.arg_in_flight) })
   for i, result in ipairs(results) do
      if result.value ~= prefix .. "-" .. i then
         wrong, example = wrong + 1, tostring(result.value or result.err)
      end
   end
   ngx.print(wrong, " ", example)
end

--- A map whose function has a mistake. @return what it raises
function app.mistake()
   local client = app.clients.main
   local _, mistake = pcall(app.twilio.map, { "+1", "+2" }, function(to)
      return client.messages:create { to = to, form = "+1" }
   end)
   ngx.print(tostring(mistake))
end

--- Half of the light threads are killed at random moments, the others must be answered.
-- ?n=prefix&calls=
-- @return how many of the others weren't, and how many were killed before their end
function app.storm()
   local calls, prefix, wrong, killed = tonumber(ngx.var.arg_calls), ngx.var.arg_n, 0, 0
   local victims, others = {}, {}
   for i = 1, calls do
      victims[i] = ngx.thread.spawn(app.send, prefix .. "-victim-" .. i, "0.01")
      others[i] = ngx.thread.spawn(app.send, prefix .. "-other-" .. i, "0.01")
      if i % 50 == 0 then
         ngx.sleep(math.random() * 0.02)
         for j = i - 49, i do
            if math.random() < 0.7 and ngx.thread.kill(victims[j]) then killed = killed + 1 end
         end
      end
   end
   for i = 1, calls do
      local _, reply = ngx.thread.wait(others[i])
      if reply ~= prefix .. "-other-" .. i then wrong = wrong + 1 end
   end
   ngx.print(wrong, " ", killed)
end

--- Tries once to send where it may not be possible, and remembers the outcome.
function app.try(phase)
   if not ngx.shared.outcomes:add(phase, "") then return end
   ngx.shared.outcomes:set(phase, app.send("phase-" .. phase))
end

--- One light thread that sends is killed, or the request ends under it.
function app.kill()
   local light = ngx.thread.spawn(app.send, ngx.var.arg_n, "silent")
   ngx.sleep(0.05)
   ngx.thread.kill(light)
   ngx.print "killed"
end

function app.exit()
   ngx.thread.spawn(app.send, ngx.var.arg_n, "silent")
   ngx.sleep(0.05)
   ngx.print "leaving"
   ngx.exit(ngx.HTTP_OK)
end

--- task:cancel() and task:wait() of the library.
function app.cancel()
   local task = app.twilio.spawn(app.send, ngx.var.arg_n, "silent")
   app.twilio.sleep(0.05)
   task:cancel()
   local ok, err = pcall(task.wait, task)
   ngx.print(tostring(ok), " ", err.kind)
end

--- in flight, cancelled
function app.stats()
   local stats = app.clients.main:stats()
   ngx.print(stats.in_flight, " ", stats.cancelled)
end

--- The descriptors that a program started by this worker has.
function app.descriptors_of_a_child()
   local pipe = io.popen "ls -l /proc/self/fd"
   ngx.print(pipe:read "*a")
   pipe:close()
end

return app
