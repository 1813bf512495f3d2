-- Other clients against the served sandbox, each as its package registry has it: twilio-node,
-- twilio-run's deploy and notifme-sdk from npm, python3-twilio from Debian. By way of the CONNECT
-- proxy nothing but their environment tells them of the sandbox. Pending where a package or luv
-- can't be had.

local connect_proxy = require "support.connect_proxy"
local foreign = require "support.foreign"
local json = require "twilio.json"
local process = require "support.process"
local server = require "support.server"

local TWILIO = "twilio@6.3.1"
local PYTHON = {
   "python3-twilio", "python3-requests", "python3-jwt", "python3-tz", "python3-urllib3",
   "python3-certifi", "python3-idna", "python3-charset-normalizer", "python3-chardet",
   "python3-six",
}
local ACCOUNT, TOKEN = "AC" .. ("c"):rep(32), ("d"):rep(32)

describe("other clients", function()
   local here, box, proxy

   setup(function()
      here = process.output "pwd"
      box = server.start {
         lua_path = here .. "/lua/?.lua;;", lua_cpath = server.core_path(),
         hosts = { "localhost", "127.0.0.1", "*.twilio.com", "*.dublin.ie1.twilio.com" },
         http = 'init_worker_by_lua_block { require("twilio.sandbox.openresty").start() }',
         lua = 'require("twilio.sandbox.openresty").handle()',
      }
      proxy = connect_proxy.start(box.port)
   end)

   teardown(function()
      if proxy then proxy.stop() end
      box:stop()
   end)

   -- Runs a command with the environment that leads to the sandbox; -> what it prints
   local function run(command)
      local variables = (
         "HTTP_PROXY=%s HTTPS_PROXY=%s NODE_EXTRA_CA_CERTS=%s SANDBOX_CA=%s"):format(
         proxy.url, proxy.url, box.ca_file, box.ca_file)
      return process.output(
         "env -u TWILIO_ACCOUNT_SID -u TWILIO_AUTH_TOKEN %s NO_PROXY=localhost "
            .. "timeout 120 sh -c '%s' 2>&1", variables, command)
   end

   local function requests()
      local text = process.output(
         "curl -s --noproxy '*' --cacert %s %s/__sandbox/requests", box.ca_file, box.url)
      return assert(json.decode(text))
   end

   it("twilio-node runs its quickstarts", function()
      local folder = foreign.npm(TWILIO)
      if not folder then return pending "twilio-node isn't here" end
      local output = process.output(
         "NODE_EXTRA_CA_CERTS=%s node examples/sandbox/quickstart.mjs %s %s 2>&1",
         box.ca_file, box.url, folder)
      assert.matches("create message SM%x+\nfetch message\nlist messages, over pages\n"
         .. "verify VE%x+\ncall CA%x+\nerrors$", output)
   end)

   it("twilio-node tests a TaskRouter assignment, in under 40 lines", function()
      local folder = foreign.npm(TWILIO)
      if not folder then return pending "twilio-node isn't here" end
      local path = "examples/sandbox/taskrouter.test.mjs"
      local output = run(("MODULES=%s node --test --test-reporter=tap %s"):format(folder, path))
      assert.matches("ok 1 %- a task goes to a worker who speaks its language", output)
      assert.matches("# pass 1", output)
      local count = 0
      for line in io.lines(path) do
         if line ~= "" and not line:find "^//" then count = count + 1 end
      end
      assert.is_true(count < 40)
   end)

   it("node tests an IVR, in under 40 lines", function()
      if not process.output("command -v node"):find "%S" then return pending "node isn't here" end
      local path = "examples/sandbox/ivr.test.mjs"
      local output = run(("SANDBOX=%s node --test --test-reporter=tap %s"):format(box.url, path))
      assert.matches("ok 1 %- the menu asks again after a wrong key", output)
      assert.matches("# pass 1", output)
      local _, count = process.read(path):gsub("\n", "")
      assert.is_true(count < 40)
   end)

   it("twilio-run deploys functions and assets", function()
      local folder = proxy and foreign.npm "twilio-run@5.0.1"
      if not folder then return pending "twilio-run or lua-luv isn't here" end
      local project = process.folder()
      process.run("mkdir -p %s/functions %s/assets", project, project)
      process.write(project .. "/package.json",
         '{"name":"shop","version":"0.0.0","dependencies":{"twilio":"^5"}}')
      process.write(
         project .. "/functions/hello.js", 'exports.handler = (c, e, done) => done(null, "Hello");')
      process.write(project .. "/assets/logo.txt", "Logo")
      local deploy = "cd %s && node %s/node_modules/.bin/twilio-run deploy "
         .. "--username %s --password %s"
      local output = run(deploy:format(project, folder, ACCOUNT, TOKEN))
      process.forget(project)
      assert.matches("successfully deployed", output)
      assert.matches("https://shop%-%d+%-dev%.twil%.io/hello", output)
      -- It sends a parameter that the operation doesn't know.
      local ignored = {}
      for _, request in ipairs(requests()) do
         for _, name in ipairs(request.ignored or {}) do ignored[name] = true end
      end
      assert.is_true(ignored.FriendlyName)
   end)

   it("notifme-sdk sends its multipart forms", function()
      local folder = proxy and foreign.npm "notifme-sdk@1.16.25"
      if not folder then return pending "notifme-sdk or lua-luv isn't here" end
      -- It reads no proxy from the environment: Node's own agent gets one before it starts.
      local scripts = process.folder()
      process.write(scripts .. "/proxy.cjs", ([[
const { HttpsProxyAgent } = require("%s/node_modules/https-proxy-agent");
require("https").globalAgent = new HttpsProxyAgent(process.env.HTTPS_PROXY);
]]):format(folder))
      process.write(scripts .. "/send.js", ([[
const Sdk = require("%s/node_modules/notifme-sdk").default;
const sdk = new Sdk({ channels: { sms: { providers: [
   { type: "twilio", accountSid: "%s", authToken: "%s" } ] } } });
sdk.send({ sms: { from: "+14155550100", to: "+15558675312", text: "From notifme & friends" } })
   .then(result => console.log(result.status, result.channels.sms.id));
]]):format(folder, ACCOUNT, TOKEN))
      local output = run(("node -r %s/proxy.cjs %s/send.js"):format(scripts, scripts))
      process.forget(scripts)
      assert.matches("^success SM%x+$", output)
      local all = requests()
      assert.equal("From notifme & friends", all[#all].params.Body)
      assert.matches("^multipart/form%-data", all[#all].headers["content-type"])
   end)

   it("python3-twilio sends, reads back and is refused", function()
      local has_python = process.can "test -x /usr/bin/python3"
      local modules = proxy and has_python and foreign.debian(PYTHON)
      if not modules then return pending "python3-twilio or lua-luv isn't here" end
      local script = process.folder() .. "/send.py"
      -- This release doesn't look at REQUESTS_CA_BUNDLE: its session is told of the authority.
      process.write(script, ([[
import os
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
client = Client("%s", "%s")
client.http_client.session.verify = os.environ["SANDBOX_CA"]
message = client.messages.create(to="+15558675313", from_="+14155550100", body="From Python")
print(client.messages(message.sid).fetch().body)
print(len(client.messages.list(to="+15558675313")))
try:
    client.messages.create(to="garbage", from_="+14155550100", body="x")
except TwilioRestException as error:
    print(error.status, error.code)
]]):format(ACCOUNT, TOKEN))
      assert.equal("From Python\n1\n400 21211",
         run(("PYTHONPATH=%s /usr/bin/python3 %s"):format(modules, script)))
   end)

   it("node:test runs the example's tests, with twilio-node as it is", function()
      local folder = proxy and foreign.npm(TWILIO)
      if not folder then return pending "twilio-node or lua-luv isn't here" end
      local project = process.folder()
      process.run("ln -s %s/node_modules %s && cp examples/sandbox/messages.test.mjs %s",
         folder, project, project)
      local output = run(
         ("cd %s && SANDBOX=%s node --test --test-reporter=tap"):format(project, box.url))
      process.forget(project)
      assert.matches("\n# pass 3\n# fail 0\n", output)
   end)

   it("unittest runs the example's tests, with python3-twilio as it is", function()
      local modules = proxy and process.can "test -x /usr/bin/python3" and foreign.debian(PYTHON)
      if not modules then return pending "python3-twilio or lua-luv isn't here" end
      local output = run(("SANDBOX=%s PYTHONPATH=%s PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "
         .. "examples/sandbox/test_messages.py"):format(box.url, modules))
      assert.matches("\nRan 2 tests in [%d.]+s\n\nOK%f[%A]", output)
   end)

   it("the examples of tests have less than 40 lines", function()
      for _, name in ipairs { "messages.test.mjs", "test_messages.py", "webhook_spec.lua" } do
         local _, count = process.read("examples/sandbox/" .. name):gsub("\n", "")
         assert.is_true(count < 40, name .. " has " .. count)
      end
   end)

   -- The last one, as it moves the clock.
   it("twilio-node runs without a change, by way of the proxy", function()
      local folder = proxy and foreign.npm(TWILIO)
      if not folder then return pending "twilio-node or lua-luv isn't here" end
      assert.equal("delivered\nrefusals\nopt-out\nverify\npages\nregions",
         run(("node examples/sandbox/unmodified.mjs %s %s"):format(box.url, folder)))
   end)
end)
