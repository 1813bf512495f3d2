-- A call in twilio.map where nothing may yield (a callback of gsub or sort, a module being
-- required) sent its POST, and then raised "attempt to yield across a C-call boundary". Now it is
-- refused before anything is sent.

local fake = require "support.fake"
local server = require "support.server"
local twilio = require "twilio"

local nginx, client

setup(function()
   nginx = server.start {
      http = "lua_shared_dict counted 1m;", locations = {
         ["/post"] = [[
            ngx.shared.counted:incr("n", 1, 0)
            ngx.header["Content-Type"] = "application/json"
            ngx.print '{"n":1}'
         ]],
         ["/count"] = [[
            ngx.header["Content-Type"] = "application/json"
            ngx.print('{"count":', ngx.shared.counted:get("n") or 0, "}")
         ]],
      },
   }
   client = twilio.client {
      account_sid = fake.account_sid, auth_token = "x", base_url = nginx.url,
      ca_file = nginx.ca_file, proxy = "",
   }
end)

teardown(function()
   client:close()
   nginx:stop()
end)

local function post()
   return client:request("POST", nginx.url .. "/post", { form = { a = "1" } })
end
local function count() return client:request("GET", nginx.url .. "/count", {}).count end

local places = {
   gsub = function(call) ("x"):gsub("x", function() call() end) end,
   sort = function(call)
      table.sort({ 2, 1 }, function(a, b)
         call()
         return a < b
      end)
   end,
   require = function(call)
      package.preload["spec.unyieldable"] = function()
         call()
         return true
      end
      require "spec.unyieldable"
      package.loaded["spec.unyieldable"] = nil
   end,
}

for name, place in pairs(places) do
   it("a call in a callback of " .. name .. " sends nothing", function()
      local before, answer, err = count(), nil, nil
      local results = twilio.map({ 1 }, function()
         place(function() answer, err = post() end)
         return "went on"
      end)
      assert.same({ "went on" }, { results[1].value, results[1].err })
      assert.is_nil(answer)
      assert.same({ "config", false }, { err.kind, err.sent })
      assert.equal(before, count())
   end)

   it("a call in a callback of " .. name .. " blocks outside of run", function()
      local answer
      place(function() answer = post() end)
      assert.equal(1, answer.n)
   end)
end

if _VERSION ~= "Lua 5.1" or type(jit) == "table" then
   it("a call in a metamethod waits", function()
      local lazy = setmetatable({}, { __index = function() return post() end })
      local results = twilio.map({ 1, 2 }, function() return lazy.answer.n end)
      assert.same({ 1, 1 }, { results[1].value, results[2].value })
   end)
end

-- Some Luas can yield in these, others can't: a call in them works, or sends nothing.
local others = {
   tostring = function(call)
      tostring(setmetatable({}, { __tostring = function() call() return "" end }))
   end,
   index = function(call) return setmetatable({}, { __index = function() call() return 1 end }).x end,
   concat = function(call)
      return setmetatable({}, { __concat = function() call() return "" end }) .. "x"
   end,
   pcall = function(call) pcall(call) end,
   load = function(call)
      local is_read = false
      load(function()
         if is_read then return nil end
         is_read = true
         call()
         return "return 1"
      end)
   end,
}

for name, place in pairs(others) do
   it("a call in " .. name .. " in a task works or sends nothing", function()
      local before, answer, err = count(), nil, nil
      twilio.run(function()
         local beside = twilio.spawn(post)
         place(function() answer, err = post() end)
         assert.equal(1, beside:wait().n)
      end)
      local sent = count() - before - 1
      if answer then
         assert.same({ 1, 1 }, { answer.n, sent })
      else
         assert.same({ "config", false, 0 }, { err.kind, err.sent, sent })
      end
   end)
end
