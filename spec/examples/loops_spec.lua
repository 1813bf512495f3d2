-- The programs of examples/ that send many at once, run as they stand, against a Twilio in nginx.

local process = require "support.process"
local twilio_upstream = require "runtime.nginx.upstream"

describe("examples:", function()
   local upstream, folder

   setup(function()
      -- Refuses one number, and takes a moment for all.
      upstream = twilio_upstream.start { lua = [[
         ngx.req.read_body()
         local to = ngx.req.get_post_args().To
         ngx.sleep(0.05)
         ngx.header["Content-Type"] = "application/json"
         ngx.status = to == "+13" and 400 or 201
         ngx.print(to == "+13" and '{"code":21211,"message":"no such number","status":400}' or '{"sid":"SM' .. to:sub(2) .. '"}')
      ]] }
      folder = process.folder()
   end)
   teardown(function() upstream:stop() end)

   -- Asked in a program of its own: busted unloads what a spec has required, and luv doesn't bear
   -- being loaded a second time.
   local function is_installed(name)
      return process.output(
         "%s -e 'print(pcall(require, \"%s\"))' 2>&1", process.interpreter(), name):match "^true" ~= nil
   end

   -- -> what the program printed, on stdout and on stderr
   local function run(format, ...)
      os.execute(("TWILIO_ACCOUNT_SID=AC%s TWILIO_API_KEY=SK1 TWILIO_API_SECRET=s TWILIO_BASE_URL=%s TWILIO_CA_BUNDLE=%s LUA_PATH='%s' LUA_CPATH='%s' "
         .. "%s examples/%s >%s/out 2>%s/err"):format(("0"):rep(32), upstream.url, upstream.ca_file, package.path, package.cpath, process.interpreter(),
         format:format(...), folder, folder))
      return process.read(folder .. "/out"), process.read(folder .. "/err")
   end

   it("bulk.lua sends to everyone, shows how far it is, and says what failed", function()
      local numbers = {}
      for i = 1, 120 do numbers[i] = "+1" .. i end
      process.write(folder .. "/numbers", table.concat(numbers, "\n") .. "\n")
      local output, bar = run("bulk.lua +15550001 Hello <%s/numbers", folder)
      local lines = 0
      for number, outcome in output:gmatch "(%+%d+)\t([^\n]+)\n" do
         lines = lines + 1
         assert.equal(numbers[lines], number)
         if number == "+13" then assert.matches("no such number %(HTTP 400, code 21211%)", outcome)
         else assert.equal("SM" .. number:sub(2), outcome) end
      end
      assert.equal(120, lines)
      assert.matches("\r%[" .. ("="):rep(40) .. "%] 120 of 120, 1 failed\n$", bar)
      assert.equal(120, select(2, bar:gsub("\r", "")))
   end)

   for _, name in ipairs { "cqueues", "luv" } do
      it(name .. ".lua sends, and other things go on", function()
         if not is_installed(name) then return pending(name .. " isn't installed for this Lua") end
         local output, errors = run("%s.lua +15550001 +11 +12 +13", name)
         assert.equal("", errors)
         assert.matches("%+11\tSM11\n", output)
         assert.matches("%+12\tSM12\n", output)
         assert.matches("%+13\ttwilio: no such number", output)
         assert.is_true(tonumber(output:match "meanwhile\t(%d+)") > 2, output)
      end)
   end
end)
