-- examples/sandbox/container: the files for containers. No container is built here: the files are
-- linted, and what they start is started with their environment.

local connect_proxy = require "support.connect_proxy"
local foreign = require "support.foreign"
local process = require "support.process"

local FOLDER = "examples/sandbox/container/"

local function lints(package, command)
   local folder = foreign.npm(package)
   if not folder then return pending("npm can't install " .. package) end
   local text = process.output("%s/node_modules/.bin/%s 2>&1; echo \"ended with $?\"", folder, command)
   assert.matches("ended with 0$", text)
end

describe("the files for containers", function()
   it("have nothing that their linters find", function()
      lints("dockerfile-utils@0.16.3", "dockerfile-utils lint " .. FOLDER .. "Containerfile")
      lints("dclint@3.1.0", "dclint --max-warnings 0 " .. FOLDER .. "compose.yaml")
   end)

   it("install what tools/deps.sh does", function()
      local installed = {}
      for word in process.read(FOLDER .. "Containerfile"):gmatch "%S+" do installed[word] = true end
      local deps = process.read "tools/deps.sh"
      local count = 0
      for _, list in ipairs { "build", "demo" } do
         for name in deps:match("\n" .. list .. '="([^"]*)"'):gmatch "[^%s$]+" do
            if name ~= "build" then
               local package = name == "luajit-headers" and "libluajit2-5.1-dev" or name
               assert.is_true(installed[package], package)
               count = count + 1
            end
         end
      end
      assert.is_true(count >= 9, count)
   end)

   it("name files and ports that are there", function()
      local file, compose = process.read(FOLDER .. "Containerfile"), process.read(FOLDER .. "compose.yaml")
      local program = process.read "tools/sandbox.sh"
      for variable in file:match("\nENV ([^\n]*)"):gmatch "([A-Z_]+)=" do
         local from_nginx = variable == "SANDBOX_HOSTS" and process.read "tools/nginx.sh"
         assert.is_truthy((from_nginx or program):find(variable, 1, true), variable)
      end
      for port in compose:gmatch ":(%d+)[\"']?\n" do
         assert.is_truthy(file:find("EXPOSE[^\n]*" .. port), port)
      end
      assert.is_string(process.read "examples/sandbox/messages.test.mjs")
   end)
end)

describe("a sandbox for other machines", function()
   local folder, port, proxy

   setup(function()
      process.run "make -s LUA=luajit"
      folder, port = process.folder(), process.free_port()
      process.output("LISTEN=127.0.0.2 SANDBOX_HOSTS='sandbox other' tools/nginx.sh start"
         .. " examples/sandbox/nginx.conf %s %d", folder, port)
      proxy = connect_proxy.start(port, "127.0.0.2")
   end)
   teardown(function()
      if proxy then proxy.stop() end
      process.output("tools/nginx.sh stop %s", folder)
      process.forget(folder)
   end)

   -- The status of a request by a name that leads to the address.
   local function status(name, more)
      return process.output("curl --silent --max-time 20 --output /dev/null --write-out '%%{http_code}'"
         .. " --cacert %s/ca.pem --resolve %s:%d:127.0.0.2 %s https://%s:%d/__sandbox/health",
         folder, name, port, more or "", name, port)
   end

   it("is called by its names, which its certificate has", function()
      assert.equal("200", status "sandbox")
      assert.equal("200", status "other")
   end)

   it("refuses other names", function()
      assert.equal("000", status "stranger")
      assert.equal("403", status("stranger", "--insecure"))
   end)

   it("listens at the address that it was told, and its proxy too", function()
      assert.equal("", process.output("curl --silent --max-time 5 --insecure https://127.0.0.1:%d/", port))
      if not proxy then return pending "lua-luv isn't here" end
      assert.equal("200", process.output("curl --silent --max-time 20 --output /dev/null"
         .. " --write-out '%%{http_code}' --cacert %s/ca.pem --proxy http://127.0.0.2:%d"
         .. " https://api.twilio.com/__sandbox/health", folder, proxy.port))
   end)
end)
