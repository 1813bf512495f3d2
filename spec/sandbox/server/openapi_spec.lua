-- sandbox/lua/twilio/sandbox/server/openapi.lua, which is docs/sandbox-api.json: the description of
-- the commands says what they are, no more and no less.

local commands = require "twilio.sandbox.test.commands"
local console = require "twilio.sandbox.server.console"
local foreign = require "support.foreign"
local json = require "twilio.json"
local namespaces = require "twilio.sandbox.server.namespaces"
local process = require "support.process"
local sandbox = require "twilio.sandbox"
local sandbox_client = require "support.sandbox_client"

local NUMBER, OTHER = sandbox_client.NUMBER, sandbox_client.OTHER
local text = require "twilio.sandbox.server.openapi"
local document = assert(json.decode(text))

describe("sandbox.server.openapi", function()
   it("is docs/sandbox-api.json, to the letter (make sandbox-api)", function()
      assert.equal(process.read "docs/sandbox-api.json", text)
      assert.matches("^3%.1", document.openapi)
   end)

   it("has every command of the code, and no other", function()
      local described, seen = {}, {}
      for path, item in pairs(document.paths) do
         for method, operation in pairs(item) do
            if method ~= "parameters" then
               assert.is_nil(seen[operation.operationId], operation.operationId)
               seen[operation.operationId] = true
               described[#described + 1] = method:upper() .. " " .. path:sub(2)
            end
         end
      end
      table.sort(described)
      assert.same(console.names(), described)
   end)

   it("has every member of a command, and the same ones are required", function()
      local rules, count = { options = "configure" }, 0
      for path, item in pairs(document.paths) do
         local name = path:sub(2)
         if item.post and name ~= "load" and name ~= "outcomes" then
            local schema = item.post.requestBody.content["application/json"].schema
            local members, required = commands.members(rules[name] or name)
            local described, needed = {}, {}
            for member in pairs(schema.properties) do described[#described + 1] = member end
            for _, member in ipairs(schema.required or {}) do needed[member] = true end
            table.sort(described)
            assert.same({ name, members }, { name, described })
            assert.same({ name, required }, { name, needed })
            assert.is_false(schema.additionalProperties, name)
            count = count + 1
         end
      end
      assert.equal(12, count)
   end)

   -- Runs every command, with and without mistakes; -> the answers, as lines of JSON
   local function answers()
      local function make(name)
         return sandbox.new { seed = name, now = 1767225600, strict = false, webhook = function()
            return "<Response><Message>Hi</Message></Response>"
         end }
      end
      local all = namespaces.new(make "default", make, 3)
      local box, lines = all:get "default", {}
      local client = sandbox_client.of(box)
      local function ask(method, name, given, headers, path)
         local sent = given and (type(given) == "string" and given or json.encode(given)) or nil
         local request = {
            method = method, url = "/__sandbox/" .. name, body = sent,
            headers = { host = "localhost", ["content-type"] = "application/json" },
         }
         for header, value in pairs(headers or {}) do request.headers[header] = value end
         local response = console.answer(box, request, nil, all)
         if not response.events then
            lines[#lines + 1] = assert(json.encode {
               path = "/" .. (path or name), method = method, sent = sent,
               status = response.status, body = response.body,
            })
         end
         return json.decode(response.body or "{}")
      end

      local function empty(name) return ask("POST", name, json.object {}) end
      local function views()
         for _, name in ipairs(console.names()) do
            local view = name:match "^GET (.*)$"
            if view then ask("GET", view) end
         end
      end
      views()
      assert(client.incoming_phone_numbers:create {
         phone_number = NUMBER, sms_url = "http://app.example/", voice_url = "http://app.example/",
      })
      local service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
      assert(service.verifications:create { to = OTHER, channel = "sms" })
      client.messages:create { to = OTHER, from = NUMBER, body = "x", ["Unknown"] = "1" }
      client.messages:create { to = "garbage", from = NUMBER, body = "x" }
      client:request("GET", "https://api.twilio.com/nonsense")
      for _, body in ipairs { "Hello", "STOP", "START" } do
         ask("POST", "receive_message", { from = OTHER, to = NUMBER, body = body })
      end
      box.deliver = function() return "<Response/>" end
      ask("POST", "receive_message", { from = OTHER, to = NUMBER, media = { "https://x/a.png" } })
      box.deliver = function() return nil, "it is broken" end
      ask("POST", "receive_message", { from = OTHER, to = NUMBER, body = "Hello" })
      ask("POST", "receive_call", { from = OTHER, to = NUMBER, digits = { "1", 2 } })
      box.deliver = function() return "<Response><Say>Hi</Say></Response>" end
      ask("POST", "receive_call", { from = OTHER, to = NUMBER, dial = { status = "busy" } })
      ask("POST", "receive_call", { from = OTHER, to = "+1999" })
      ask("POST", "options", { strict = true, own_numbers = true, verification_code = "1" })
      ask("POST", "outcomes", { [OTHER] = "busy", ["+1"] = 30003, ["+2"] = false })
      ask("POST", "outcomes", { [OTHER] = "x" })
      ask("POST", "clock", { offset = 365 * 86400, frozen = true })
      ask("POST", "clock", { offset = -1 })
      ask("POST", "clock", { frozen = false })
      ask("POST", "advance", { seconds = 60 })
      ask("POST", "advance", { seconds = "x" })
      ask("POST", "add", {
         url = "https://video.twilio.com/v1/Rooms/RM" .. ("1"):rep(32), fields = { status = "x" },
      })
      ask("POST", "add", { url = "https://x/y" })
      ask("POST", "fail", {
         match = { method = "DELETE", path = "^/x$", params = { A = "1" } }, status = 503,
         headers = { ["X-A"] = 1 }, body = { a = 1 }, times = 1, delay = 0.5, retry_after = 1,
      })
      ask("POST", "fail", { status = 1 })
      for _, kind in ipairs { "message", "call", "request", "webhook" } do
         ask("POST", "wait", { kind = kind, timeout = 1 })
      end
      ask("POST", "wait", { kind = "message", match = { contains = "nothing of it" }, timeout = 0 })
      ask("POST", "wait", { kind = "letter" })
      ask("POST", "replay", { id = 1 })
      ask("POST", "replay", { id = 1, kind = "request" })
      ask("POST", "replay", { id = 999 })
      ask("POST", "namespaces", { name = "a", accounts = { sandbox_client.ACCOUNT } })
      ask("POST", "namespaces", { name = "a b" })
      ask("GET", "state?seen=" .. box.changes, nil, nil, "state")
      ask("GET", "state", nil, { ["x-sandbox"] = "a b" })
      ask("GET", "health", nil, { host = "evil.example" })
      ask("POST", "forget", "x", { ["content-type"] = "text/plain" })
      views()
      ask("POST", "load", (json.encode(ask("GET", "dump"))))
      ask("POST", "load", "{}")
      ask("DELETE", "namespaces/a", nil, nil, "namespaces/{name}")
      ask("DELETE", "namespaces/a", nil, nil, "namespaces/{name}")
      ask("DELETE", "namespaces/default", nil, nil, "namespaces/{name}")
      empty "forget"
      ask("POST", "reset", { real_time = true })
      empty "reset"
      views()
      return lines
   end

   it("is OpenAPI 3.1, and every answer and example matches it", function()
      local folder = foreign.npm "@seriousme/openapi-schema-validator@2.11.0"
      if not folder then return pending "@seriousme/openapi-schema-validator isn't here" end
      local lines = answers()
      local path = process.folder() .. "/answers.jsonl"
      process.write(path, table.concat(lines, "\n") .. "\n")
      local said = process.output("node spec/support/openapi_answers.mjs %s docs/sandbox-api.json %s 2>&1",
         folder, path)
      assert.is_true(#lines > 70)
      assert.equal(tostring(#lines), said)
   end)
end)
