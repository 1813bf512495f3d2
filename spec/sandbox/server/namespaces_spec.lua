-- sandbox/lua/twilio/sandbox/server/namespaces.lua: which sandbox a request is for, and that none
-- has anything of another's.

local console = require "twilio.sandbox.server.console"
local core = require "twilio.core"
local json = require "twilio.json"
local namespaces = require "twilio.sandbox.server.namespaces"
local sandbox = require "twilio.sandbox"

local ONE, TWO = "AC" .. ("1"):rep(32), "AC" .. ("2"):rep(32)
local KEY = "SK" .. ("3"):rep(32)
local SHOP, CUSTOMER = "+14155550100", "+15558675310"

describe("sandbox.server.namespaces", function()
   local all, removed

   before_each(function()
      local function make(name) return sandbox.new { seed = name, webhook = function()
         return "<Response/>"
      end } end
      all, removed = namespaces.new(make "default", make, 4), {}
      all.forget = function(box) removed[#removed + 1] = box end
   end)

   local function basic(user) return "Basic " .. core.base64_encode(user .. ":secret") end

   -- The name of the namespace that a request is for.
   local function name_of(headers, url, is_command)
      local _, name = all:of({ headers = headers, url = url or "/v2/Services" }, is_command)
      return name
   end

   local function ask(method, path, fields, name)
      local response = console.answer(all:get "default", {
         method = method, url = "/__sandbox/" .. path, body = fields and json.encode(fields),
         headers = {
            host = "localhost", ["content-type"] = "application/json", ["x-sandbox"] = name,
         },
      }, nil, all)
      return response.status, json.decode(response.body)
   end

   -- Sends a request of the API to the sandbox that it is for.
   local function send(method, path, body, name, user)
      local request = {
         method = method, url = "https://api.twilio.com/2010-04-01/Accounts/" .. ONE .. path,
         body = body,
         headers = {
            authorization = basic(user or ONE), ["x-sandbox"] = name,
            ["content-type"] = "application/x-www-form-urlencoded",
         },
      }
      local response = assert(all:of(request)):send(request)
      return response.status, json.decode(response.body)
   end

   it("are chosen by the header, and made when they are first named", function()
      assert.equal("default", name_of {})
      assert.equal("worker-1", name_of { ["x-sandbox"] = "worker-1" })
      assert.same({ "default", "worker-1" }, all.names)
      assert.equal(all:get "worker-1", (all:of { headers = { ["x-sandbox"] = "worker-1" }, url = "/" }))
      assert.is_not_equal(all:get "worker-1", all:get "default")
   end)

   it("are named in the query of a command, but not in the API's", function()
      assert.equal("a", name_of({}, "/__sandbox/state?seen=1&sandbox=a", true))
      assert.equal("b", name_of({ ["x-sandbox"] = "b" }, "/__sandbox/state?sandbox=a", true))
      assert.equal("default", name_of({}, "/v2/Services?sandbox=c"))
   end)

   it("are bound to accounts and keys, for programs that send no header", function()
      all:open "a"
      all:bind("a", { TWO, KEY })
      assert.equal("a", name_of { authorization = basic(TWO) })
      assert.equal("a", name_of { authorization = "basic  " .. basic(KEY):sub(7) })
      assert.equal("a", name_of({ authorization = basic("SK" .. ("4"):rep(32)) },
         "/2010-04-01/Accounts/" .. TWO .. "/Messages.json"))
      assert.equal("default", name_of { authorization = basic(ONE) })
      assert.equal("b", name_of { authorization = basic(TWO), ["x-sandbox"] = "b" })
      all:bind("a", { KEY })
      assert.equal("default", name_of { authorization = basic(TWO) })
      for _, header in ipairs { "", "Basic", "Basic ?", "Basic " .. core.base64_encode "x", "Bearer x" } do
         assert.equal("default", name_of { authorization = header })
      end
   end)

   it("have the keys and subaccounts that were made in them", function()
      all:open "a"
      all:bind("a", { ONE })
      local _, key = send("POST", "/Keys.json", "")
      assert.equal("a", name_of { authorization = basic(key.sid) })
      local account = all:get("a"):send {
         method = "POST", url = "https://api.twilio.com/2010-04-01/Accounts.json", body = "",
         headers = { Authorization = basic(ONE) },
      }
      local sid = json.decode(account.body).sid
      assert.equal("a", name_of({}, "/2010-04-01/Accounts/" .. sid .. "/Messages.json"))
   end)

   it("have names of letters, digits, _ and -", function()
      for _, name in ipairs { "", "a b", "a/b", "..", "ä", ("x"):rep(65), "a\0" } do
         local box, message = all:of { headers = { ["x-sandbox"] = name }, url = "/" }
         assert.is_nil(box)
         assert.matches("X%-Sandbox.*must be 1 to 64 letters", message)
         assert.equal(400, (ask("GET", "health", nil, name)))
      end
      assert.is_nil((all:of { headers = { ["x-sandbox"] = { "a", "b" } }, url = "/" }))
      assert.equal(("x"):rep(64), name_of { ["x-sandbox"] = ("x"):rep(64) })
      local status, body = ask("POST", "namespaces", { name = "a b" })
      assert.equal(400, status)
      assert.matches("^namespaces.name must be ", body.error)
   end)

   it("are bounded in number, and say so", function()
      for _, name in ipairs { "a", "b", "c" } do assert(all:open(name)) end
      local status, body = ask("GET", "state", nil, "d")
      assert.equal(400, status)
      assert.matches("there are 4 sandboxes already, which is the most", body.error)
      assert.equal(200, (ask("GET", "state", nil, "c")))
      assert.equal(200, (ask("DELETE", "namespaces/c")))
      assert.equal(200, (ask("GET", "state", nil, "d")))
   end)

   it("keep everything apart", function()
      all:open "a"
      local function number(name)
         return send("POST", "/IncomingPhoneNumbers.json",
            "PhoneNumber=%2B14155550100&SmsUrl=http%3A%2F%2Fapp.example%2F" .. name, name)
      end
      assert.equal(201, (number "a"))
      -- The same number can be bought in the other one, too.
      assert.equal(201, (number "b"))
      ask("POST", "fail", { status = 503, match = { method = "DELETE" } }, "a")
      ask("POST", "outcomes", { [CUSTOMER] = 30003 }, "a")
      ask("POST", "options", { verification_code = "7777", strict = false }, "a")
      assert.equal(200, (ask("POST", "receive_message", { from = CUSTOMER, to = SHOP, body = "STOP" }, "a")))
      ask("POST", "advance", { seconds = 3600 }, "a")
      local _, message = send("POST", "/Messages.json",
         "To=%2B15558675311&From=%2B14155550100&Body=Secret", "a")
      assert.matches("^SM", message.sid)

      local function everything(name)
         local _, dump = ask("GET", "dump", nil, name)
         local out = { dump = json.encode(dump) }
         for _, view in ipairs { "requests", "webhooks", "options", "state" } do
            out[view] = json.encode((select(2, ask("GET", view, nil, name))))
         end
         return out
      end
      local b = everything "b"
      for _, text in pairs(b) do
         for _, secret in ipairs { "Secret", message.sid, "7777", CUSTOMER:sub(2), "app.example/a" } do
            assert.is_nil(text:find(secret, 1, true), secret)
         end
      end
      assert.equal(404, (send("GET", "/Messages/" .. message.sid .. ".json", nil, "b")))
      assert.equal(404, (send("DELETE", "/Messages/" .. message.sid .. ".json", nil, "b")))
      assert.equal(503, (send("DELETE", "/Messages/" .. message.sid .. ".json", nil, "a")))
      assert.equal(201, (send("POST", "/Messages.json",
         "To=%2B15558675310&From=%2B14155550100&Body=x", "b")))
      assert.is_true(all:get("a"):now() >= all:get("b"):now() + 3600)
      -- A reset or a load of one is none of the other.
      local before = everything "a"
      ask("POST", "reset", {}, "b")
      ask("POST", "load", (select(2, ask("GET", "dump", nil, "default"))), "b")
      assert.same(before.dump, everything("a").dump)
   end)

   it("are listed, described, and removed with all that they hold", function()
      local status, made = ask("POST", "namespaces", { name = "a", accounts = { ONE } })
      assert.same({ 200, "a", { ONE } }, { status, made.name, made.accounts })
      send("GET", "/Messages.json")
      local _, list = ask("GET", "namespaces")
      assert.same({ "default", 0, "a", 1 },
         { list[1].name, list[1].requests, list[2].name, list[2].requests })
      local box = all:get "a"
      assert.equal(200, (ask("DELETE", "namespaces/a")))
      assert.is_true(box.is_removed)
      assert.same({ box }, removed)
      assert.equal("default", name_of { authorization = basic(ONE) })
      assert.is_not_equal(box, (all:open "a"))
      assert.equal(0, all:describe("a").requests)
      assert.equal(404, (ask("DELETE", "namespaces/nobody")))
      local refused, body = ask("DELETE", "namespaces/default")
      assert.same({ 400, "the sandbox default stays: reset it" }, { refused, body.error })
      assert.equal(404, (ask("DELETE", "state")))
   end)

   it("say which member of the command is wrong", function()
      for member, given in pairs {
         accounts = { name = "a", accounts = { "AC1" } }, name = { name = 5 },
      } do
         local status, body = ask("POST", "namespaces", given)
         assert.equal(400, status)
         assert.matches("namespaces%." .. member .. "'? must be ", body.error)
      end
      assert.is_nil(all:get "a")
   end)
end)
