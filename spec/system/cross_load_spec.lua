-- Lua 5.1 and LuaJIT look for modules in one folder, lib/lua/5.1: a module that was built for
-- either loads and works in the other. The one for LuaJIT failed in Lua 5.1 with "undefined symbol:
-- luaL_setfuncs".

local process = require "support.process"

local function has(lua) return process.output("command -v %s", lua) ~= "" end

-- A call's whole way: the form in C, the engine, the credentials; and a webhook's signature.
local PROGRAM = [[
   local twilio = require "twilio"
   local sid = "AC" .. ("0"):rep(32)
   local client = twilio.client {
      account_sid = sid, auth_token = "token", base_url = "http://127.0.0.1:1", timeout = 5, max_retries = 0,
   }
   local _, err = client.messages:create { to = "+15558675310", from = "+14155552344", body = "x" }
   assert(err.kind == "network" and err.sent == false, tostring(err))
   local webhook = twilio.webhook { auth_token = "token" }
   local url = "https://example.com/sms"
   assert(webhook:validate(url, { a = "b" }, webhook:signature(url, { a = "b" })))
   client:close()
   print(tostring(client) ~= nil and (jit and "luajit" or "lua5.1"))
]]

for _, pair in ipairs { { "luajit", "lua5.1" }, { "lua5.1", "luajit" } } do
   local built_for, runs_in = pair[1], pair[2]
   it("a module built for " .. built_for .. " works in " .. runs_in, function()
      if not (has "lua5.1" and has "luajit") then return pending "only one of them is here" end
      process.run("make -s LUA=%s modules", built_for)
      local folder = process.folder()
      process.write(folder .. "/program.lua", PROGRAM)
      assert.equal(runs_in, process.output(
         "LUA_PATH='lua/?.lua;;' LUA_CPATH='build/%s/?.so;;' %s %s/program.lua 2>&1",
         built_for, runs_in, folder))
      process.forget(folder)
   end)
end
