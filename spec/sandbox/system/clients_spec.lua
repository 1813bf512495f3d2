-- Other clients against the served sandbox: twilio-node 6.2.0 from npm, as it is but for its host,
-- runs its quickstarts (examples/sandbox/quickstart.mjs). Pending where there is no node or npm
-- can't fetch it.

local process = require "support.process"
local server = require "support.server"

local FOLDER = "build/clients"

local function succeeds(command)
   local result = os.execute(command)
   return result == true or result == 0
end

local function has_node_client()
   if not succeeds "command -v node npm >/dev/null" then return false end
   if succeeds("test -d " .. FOLDER .. "/node_modules/twilio") then return true end
   return succeeds(
      "npm install --silent --no-audit --no-fund --prefix " .. FOLDER
         .. " twilio@6.2.0 >/dev/null 2>&1")
end

describe("other clients", function()
   it("twilio-node runs its quickstarts", function()
      if not has_node_client() then return pending "twilio-node isn't here" end
      local here = process.output "pwd"
      local box = server.start {
         lua_path = here .. "/lua/?.lua;;", lua_cpath = server.core_path(),
         http = 'init_worker_by_lua_block { require("twilio.sandbox.openresty").start() }',
         lua = 'require("twilio.sandbox.openresty").handle()',
      }
      local output = process.output("NODE_EXTRA_CA_CERTS=%s node examples/sandbox/quickstart.mjs %s %s 2>&1",
         box.ca_file, box.url, here .. "/" .. FOLDER)
      box:stop()
      assert.matches(
         "create message SM%x+\nfetch message\nlist messages, over pages\nverify VE%x+\ncall CA%x+\nerrors$",
         output)
   end)
end)
