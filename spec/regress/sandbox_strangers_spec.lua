-- Any web page could send commands to a developer's served sandbox ("text/plain; application/json"
-- passed as JSON) and make it send signed requests to loopback addresses; its data file, which
-- holds tokens, was readable for everybody; and commands took anything: 14 kinds of 500, and
-- `advance "inf"` stopped the clock for good.

local process = require "support.process"
local server = require "support.server"

describe("a served sandbox", function()
   local box, session, folder

   setup(function()
      folder = process.folder()
      process.write(folder .. "/data.json", "")
      os.remove(folder .. "/data.json")
      session = assert(require "twilio.core.http".session { proxy = "" })
      box = server.start {
         tls = false, lua_path = process.output "pwd" .. "/lua/?.lua;;",
         lua_cpath = server.core_path(),
         http = ([[
            init_worker_by_lua_block { require("twilio.sandbox.openresty").start { file = "%s/data.json" } }
         ]]):format(folder),
         lua = 'require("twilio.sandbox.openresty").handle()',
      }
   end)
   teardown(function()
      session:close()
      box:stop()
      process.forget(folder)
   end)

   local function ask(method, path, body, headers)
      local all = { ["Content-Type"] = "application/json" }
      for name, value in pairs(headers or {}) do all[name] = value or nil end
      local status, err, text = session:perform {
         method = method, url = box.url .. path, body = body, headers = all, timeout = 20,
      }
      return assert(status, err and err.message), text
   end

   it("takes commands of programs", function()
      assert.equal(200, (ask("POST", "/__sandbox/advance", '{"seconds":1}')))
      assert.equal(200, (ask("GET", "/__sandbox/state")))
      assert.equal(200, (ask("GET", "/")))
   end)

   it("refuses what a page of another site can send", function()
      for _, content_type in ipairs {
         "text/plain; application/json", "text/plain", "application/x-www-form-urlencoded",
         "application/json-x", "",
         "application/json, text/plain",
      } do
         assert.equal(
            415,
            (ask("POST", "/__sandbox/advance", '{"seconds":1}', { ["Content-Type"] = content_type })),
            content_type)
      end
      for _, headers in ipairs {
         { Origin = "https://evil.example" }, { Origin = "null" }, { Host = "evil.example" },
         { Host = "localhost.evil.example:80" },
         { ["Sec-Fetch-Site"] = "cross-site" },
      } do
         for _, path in ipairs {
            "/__sandbox/state", "/__sandbox/dump", "/__sandbox/requests", "/",
         } do
            assert.equal(403, (ask("GET", path, nil, headers)), path)
         end
         assert.equal(403, (ask("POST", "/__sandbox/forget", "{}", headers)))
      end
   end)

   it("answers any command's body with 2xx or 4xx, and goes on", function()
      local deep = ("["):rep(2000) .. ("]"):rep(2000)
      local bodies = {
         "", "null", "1", '"x"', "[]", "[1,2]", "{", "{]", deep, '{"a":' .. deep .. "}",
         '{"seconds":"inf"}', '{"seconds":1e999}',
         '{"seconds":-1}', '{"seconds":null}', '{"seconds":[]}', '{"seconds":1e300}',
         '{"status":"x"}', '{"status":99}', '{"status":1e9}',
         '{"delay":-1}', '{"delay":1e9}', '{"times":0}', '{"times":"x"}', '{"headers":"x"}',
         '{"headers":{"a b":"c"}}',
         '{"headers":{"a":"b\\r\\nc"}}', '{"body":5}', '{"match":"x"}', '{"match":{"path":"%"}}',
         '{"match":{"path":"["}}',
         '{"match":{"params":1}}', '{"retry_after":"x"}', '{"code":"x"}', '{"message":{}}',
         '{"reset":1}', '{"unknown":1}',
         '{"from":1,"to":2}', '{"from":"+1","to":"+2"}', '{"from":"+1","to":"+2","media":"x"}',
         '{"from":"+1","to":"+2","digits":"1"}',
         '{"from":"+1","to":"+2","url":"x"}',
         '{"from":"+1","to":"+2","url":"http://127.0.0.1:1/\\r\\nx"}', '{"from":{},"to":[]}',
         '{"store":{},"clock":{},"ids":{},"accounts":{}}',
         '{"store":1,"clock":1,"ids":1,"accounts":1}',
         '{"store":{"records":[1],"gone":[]},"clock":{},"ids":{},"accounts":{}}',
         '{"x":"' .. ("x"):rep(1024 * 1024) .. '"}', "\255\254",
         '{"\\u0000":1}',
      }
      for _, name in ipairs {
         "fail", "advance", "receive_message", "receive_call", "load", "forget", "nonsense",
      } do
         for _, body in ipairs(bodies) do
            local status, text = ask("POST", "/__sandbox/" .. name, body)
            assert.is_true(
               status >= 200 and status < 500,
               name .. " " .. body:sub(1, 60) .. ": " .. status .. " " .. text:sub(1, 200))
         end
         ask("POST", "/__sandbox/forget", "{}")
      end
      for _, query in ipairs {
         "?seen=", "?seen=x", "?seen=1e99", "?seen=" .. ("9"):rep(400), "?%", "?seen=-1",
      } do
         assert.equal(200, (ask("GET", "/__sandbox/state" .. query)))
      end
      assert.equal(200, (ask("POST", "/__sandbox/advance", '{"seconds":1}')))
      assert.equal(404, (ask("GET", "/2010-04-01/nothing")))
      assert.is_nil(box:log():find("[error]", 1, true), box:log():match "%[error%][^\n]*")
   end)

   it("keeps its data where only its owner can read it", function()
      local path = folder .. "/data.json"
      local function mode() return process.output("stat -c %%a %s 2>/dev/null", path) end
      ask("POST", "/__sandbox/advance", '{"seconds":1}')
      for _ = 1, 600 do
         if mode() ~= "" then break end
         os.execute "sleep 0.1"
      end
      assert.equal("600", mode())
      -- A file that is there is replaced, whatever its mode, and a link isn't followed.
      process.run("chmod 666 %s && ln -s %s/elsewhere %s.new", path, folder, path)
      ask("POST", "/__sandbox/receive_message", '{"from":"+1"}')
      ask("GET", "/2010-04-01/Accounts.json")
      for _ = 1, 600 do
         if mode() == "600" then break end
         os.execute "sleep 0.1"
      end
      assert.equal("600", mode())
      assert.equal("", process.output("ls %s/elsewhere 2>/dev/null", folder))
   end)
end)

it("the folder of a served sandbox, which holds keys, is its owner's alone", function()
   local folder = process.folder()
   process.run("mkdir -m 755 %s/sandbox", folder)
   local port = process.output(
      "sh tools/nginx.sh start examples/sandbox/nginx.conf %s/sandbox", folder)
   assert.matches("^%d+$", port)
   assert.equal("700", process.output("stat -c %%a %s/sandbox", folder))
   for _, name in ipairs { "ca.key", "server.key" } do
      assert.equal("600", process.output("stat -c %%a %s/sandbox/%s", folder, name))
   end
   process.run("sh tools/nginx.sh stop %s/sandbox", folder)
   process.forget(folder)
end)
