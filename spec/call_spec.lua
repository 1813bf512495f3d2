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
end)
