-- A served sandbox's wait slept for what was left of its time. ngx.sleep takes less than half a
-- millisecond for 0, and an nginx without OpenResty's patches comes back from that at once, with
-- the time that it had: the loop never ended, the worker answered nobody any more, and each round
-- wrote a line into error.log (2.5 GB in a minute). It took a wait whose rest was that short.

local process = require "support.process"
local server = require "support.server"

it("a wait of less than a millisecond ends", function()
   local box = server.start {
      tls = false, lua_path = process.output "pwd" .. "/lua/?.lua;;", lua_cpath = server.core_path(),
      http = 'init_worker_by_lua_block { require("twilio.sandbox.openresty").start() }',
      lua = 'require("twilio.sandbox.openresty").handle()',
   }
   local function command(name, body)
      return process.output("curl -s --noproxy '*' --max-time 5 -o /dev/null -w '%%{http_code}' "
         .. "-H 'Content-Type: application/json' -d '%s' %s/__sandbox/%s", body, box.url, name)
   end
   for _, seconds in ipairs { "0.0004", "0.0001", "0.0005" } do
      assert.equal("408", command("wait", ('{"kind":"call","timeout":%s}'):format(seconds)))
   end
   assert.equal("200", command("fail", '{"delay":0.0001,"status":503,"times":1}'))
   assert.equal("200", command("advance", '{"seconds":1}'))
   box:stop()
end)
