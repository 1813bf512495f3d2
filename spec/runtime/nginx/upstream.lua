-- upstream.lua: a Twilio for the specs of OpenResty: answers POSTs of messages, slowly or badly as
-- the caller asks, and counts.
--
--   local upstream = require("runtime.nginx.upstream").start()     -- options as those of
--   support.server
--
-- A message's From says what is done: a number (seconds to wait), "silent", "cut" (read, then hang
-- up without an answer), "half" (an answer that breaks off), "once 429 after N" (the first time,
-- with N seconds in Retry-After, and then isn't counted). Its Body is echoed. /seen?n= tells how
-- often a Body came, /refused?n= how often it met a 429, /twice how many came more than once and how
-- many at all.

local server = require "support.server"

local upstream = {}

local answer = [[
   ngx.req.read_body()
   local form = ngx.req.get_post_args()
   local nonce, how = form.Body, form.From
   local after = tostring(how):match "^once 429 after (%d+)$"
   if after and ngx.shared.refused:incr(nonce, 1, 0) == 1 then
      ngx.status = 429
      ngx.header["Retry-After"] = after
      return ngx.print('{"code":20429,"message":"Too Many Requests","status":429}')
   end
   ngx.shared.seen:incr(nonce, 1, 0)
   if how == "silent" then ngx.sleep(600) end
   if how == "cut" then return ngx.exit(444) end
   if tonumber(how) and tonumber(how) > 0 then ngx.sleep(tonumber(how)) end
   local text = '{"sid":"SM1","body":"' .. nonce .. '"}'
   ngx.status = 201
   ngx.header["Content-Type"] = "application/json"
   ngx.header["Content-Length"] = how == "half" and #text + 50 or #text
   ngx.print(text)
   if how == "half" then
      ngx.flush(true)
      ngx.exit(ngx.ERROR)
   end
]]

local locations = {
   ["= /seen"] = [[ ngx.print(ngx.shared.seen:get(ngx.var.arg_n) or 0) ]],
   ["= /refused"] = [[ ngx.print(ngx.shared.refused:get(ngx.var.arg_n) or 0) ]],
   ["= /twice"] = [[
      local twice, all = 0, 0
      for _, nonce in ipairs(ngx.shared.seen:get_keys(0)) do
         all = all + 1
         if ngx.shared.seen:get(nonce) > 1 then twice = twice + 1 end
      end
      ngx.print(twice, " ", all)
   ]],
}

function upstream.start(options)
   local all = {
      lua = answer, locations = locations,
      http = "lua_shared_dict seen 20m; lua_shared_dict refused 1m;",
   }
   for name, value in pairs(options or {}) do all[name] = value end
   return server.start(all)
end

return upstream
