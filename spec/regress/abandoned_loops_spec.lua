-- A cqueues controller that was left in the middle of a call blocked the client for ever for all
-- others, as its coroutine was the only one that ran the session. With luv, coroutine.close of a
-- waiting coroutine ended the process when its answer came.

local fake = require "support.fake"
local server = require "support.server"
local twilio = require "twilio"

local nginx

setup(function()
   nginx = server.start { locations = { ["/slow"] = [[
      ngx.sleep(0.1)
      ngx.header["Content-Type"] = "application/json"
      ngx.print '{"n":1}'
   ]] } }
end)

teardown(function() nginx:stop() end)

local function new_client(runtime)
   return twilio.client {
      account_sid = fake.account_sid, auth_token = "x", base_url = nginx.url,
      ca_file = nginx.ca_file,
      proxy = "", runtime = runtime, timeout = 5,
   }
end

local function slow(client) return client:request("GET", nginx.url .. "/slow", {}) end

local has_cqueues, cqueues = pcall(require, "cqueues")
if has_cqueues then
   it("a cqueues controller that is left blocks nobody", function()
      local client, left, right = new_client(require "twilio.runtime.cqueues"), nil, nil
      local abandoned, other = cqueues.new(), cqueues.new()
      abandoned:wrap(function() left = slow(client) end)
      abandoned:step(0.02)
      other:wrap(function() right = slow(client) end)
      assert(other:loop(10))
      assert.equal(1, right and right.n)
      assert.is_nil(left)
      -- And one that is taken up again goes on.
      assert(abandoned:loop(10))
      assert.equal(1, left and left.n)
      client:close()
   end)
end

-- Debian's luv keeps the coroutine of the first require, and busted has one for each file: on Luas
-- that can't run this case, luv_spec must be the first to require it.
local has_luv, uv = false, nil
if coroutine.close then has_luv, uv = pcall(require, "luv") end
if has_luv then
   it("a luv coroutine may be closed while it waits, and others go on", function()
      local client, answer = new_client(require "twilio.runtime.luv"), nil
      local closed = coroutine.create(function() slow(client) end)
      assert(coroutine.resume(closed))
      coroutine.wrap(function() answer = slow(client) end)()
      assert(coroutine.close(closed))
      uv.run()
      assert.equal(1, answer and answer.n)
      client:close()
   end)
end
