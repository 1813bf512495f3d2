local call = require "twilio.call"
local fake = require "support.fake"
local twilio = require "twilio"

local function recorded(answer)
   local sent = {}
   return { send = function(_, request)
      sent[#sent + 1] = request
      return answer or { status = 201, headers = {}, body = '{"sid":"SM1"}' }
   end }, sent
end

local function new_client(transport, options)
   local all = { account_sid = fake.account_sid, auth_token = "secret", transport = transport }
   for name, value in pairs(options or {}) do all[name] = value end
   return twilio.client(all)
end

describe("call.prepare", function()
   local operation = require "twilio.call.operation"
   local client, sent, messages, create
   before_each(function()
      local transport
      transport, sent = recorded()
      client = new_client(transport)
      messages, create = client.messages, operation.parse "POST To! Body StatusCallback"
   end)

   it("makes a request and sends nothing", function()
      local request = assert(
         call.prepare(messages, create, { to = "+1", body = "x" }, { timeout = 5 }))
      assert.same(
         { "POST", "To=%2B1&Body=x", 5, false },
         { request.method, request.body, request.timeout, request.idempotent })
      assert.matches("/Accounts/" .. fake.account_sid .. "/Messages.json$", request.url)
      assert.is_nil(request.headers.Authorization)
      assert.equal(0, #sent)
   end)

   it("changes neither the arguments nor the options", function()
      local arguments, options = { to = "+1" }, { headers = { ["X-A"] = "b" } }
      assert(call.prepare(messages, create, arguments, options))
      assert.same({ { to = "+1" }, { headers = { ["X-A"] = "b" } } }, { arguments, options })
   end)

   it("returns the caller's mistake as a text", function()
      local function mistake(...)
         local request, message = call.prepare(messages, create, ...)
         assert.is_nil(request)
         assert.is_string(message)
         return message
      end
      assert.matches("one table", mistake "x")
      assert.matches("missing required parameter 'to'", mistake {})
      assert.matches("unknown parameter 'too'", mistake { too = 1 })
      assert.matches("unknown option 'tiemout'", mistake({ to = "+1" }, { tiemout = 1 }))
      assert.matches("header", mistake({ to = "+1" }, { headers = { ["X-A"] = "a\r\nb" } }))
   end)

   it("knows the type of each option", function()
      for name, expected in pairs {
         timeout = "number", connect_timeout = "number", max_retries = "number",
         retry_unsafe = "boolean", retry_not_found = "boolean", headers = "table",
      } do
         local request, message = call.prepare(messages, create, { to = "+1" }, { [name] = "x" })
         assert.is_nil(request)
         assert.matches(name .. "' must be a " .. expected, message)
      end
   end)
end)

describe("call.send", function()
   it("puts in the client's Authorization, unless the call has its own", function()
      local transport, sent = recorded()
      local client = new_client(transport)
      client.messages:create { to = "+1" }
      assert.matches("^Basic ", sent[1].headers.Authorization)
      client.messages:create({ to = "+1" }, { headers = { authorization = "Own x" } })
      assert.same(
         { "Own x", nil }, { sent[2].headers.authorization, sent[2].headers.Authorization })
   end)

   it("sends nothing without credentials that can be had", function()
      local transport, sent = recorded()
      local client = new_client(transport, { credentials = { authorization = function()
         return nil, "no token"
      end } })
      local message, err = client.messages:create { to = "+1" }
      assert.is_nil(message)
      assert.same({ "auth", false, 0 }, { err.kind, err.sent, #sent })
   end)

   it("returns payload, nil, response; or nil, err, response", function()
      local client = new_client((recorded()))
      local message, err, response = client.messages:create { to = "+1" }
      assert.same({ "SM1", 201 }, { message.sid, response.status })
      assert.is_nil(err)
      client = new_client(
         (recorded { status = 400, headers = {}, body = '{"code":21211,"message":"bad"}' }))
      message, err, response = client.messages:create { to = "+1" }
      assert.is_nil(message)
      assert.same({ 21211, 400 }, { err.code, response.status })
   end)

   it("returns the transport's failure", function()
      local client, transport = fake.client(
         { max_retries = 0 }, { kind = "network", message = "reset", sent = false })
      local message, err, response = client.messages:create { to = "+1" }
      assert.is_nil(message)
      assert.is_nil(response)
      assert.same({ "network", false, "POST" }, { err.kind, err.sent, err.method })
      assert.matches("reset", err.message)
      assert.equal(1, #transport.requests)
   end)

   it("sends nothing more once the client is closed", function()
      local client, transport
      client, transport = fake.client(nil, function()
         client:close()
         return fake.answer(200, { messages = { { sid = "SM1" } }, next_page_uri = "/n?Page=1" })
      end)
      local items, err = client.messages:list()
      assert.is_nil(items)
      assert.same(
         { "cancelled", "the client was closed", false, false, 1 },
         { err.kind, err.message, err.sent, err.retryable, #transport.requests })
   end)
end)

describe("before anything is sent, call.send", function()
   local core = require "twilio.core"
   local keep_spare = core.keep_spare
   local fresh, sent, client, spares

   -- The module as a new program has it, with descriptors to be had or not.
   before_each(function()
      spares = true
      core.keep_spare = function() return spares end
      package.loaded["twilio.call"] = nil
      fresh = require "twilio.call"
      package.loaded["twilio.call"] = call
      sent = 0
      client = {
         authorization = function() return "Basic x" end,
         transport = { send = function()
            sent = sent + 1
            return { status = 200, headers = {}, body = "{}" }
         end },
      }
   end)
   after_each(function() core.keep_spare = keep_spare end)

   local function send()
      return fresh.send(client, { method = "GET", url = "https://x/", headers = {} })
   end

   it("sees to a descriptor for the answer, each time", function()
      spares = false
      local payload, err = send()
      assert.is_nil(payload)
      assert.same({ "config", false, false, 0 }, { err.kind, err.sent, err.retryable, sent })
      assert.matches("^no descriptor is left for an answer", err.message)
      spares = true
      assert.same({}, (send()))
      spares = false
      assert.equal("config", select(2, send()).kind)
      assert.equal(1, sent)
   end)
end)
