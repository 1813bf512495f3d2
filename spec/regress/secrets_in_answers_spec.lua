-- The secret of a newly made API key, in the answer, was shown to on_response, kept by the
-- recorder, and in an error's body; so were secrets among the parameters. Copies that are shown are
-- redacted now, and the program's own result isn't.

local fake = require "support.fake"
local recorder = require "twilio.transport.recorder"
local twilio = require "twilio"

local function dump(value, seen, out)
   if type(value) == "table" and not seen[value] then
      seen[value] = true
      for name, content in next, value do
         dump(name, seen, out)
         dump(content, seen, out)
      end
   elseif type(value) == "string" then
      out[#out + 1] = value
   end
   return out
end

local function text_of(...) return table.concat(dump({ ... }, {}, {}), "\n") end

local function watched(answer)
   local seen, rec = {}, recorder.new(fake.transport(answer))
   local client = twilio.client {
      account_sid = fake.account_sid, auth_token = "t", transport = rec, max_retries = 0,
      on_request = function(r)
         seen[#seen + 1] = r
      end, on_response = function(...) seen[#seen + 1] = { ... } end,
      log = function(e) seen[#seen + 1] = e end,
   }
   return client, function() return text_of(seen, rec.exchanges) end
end

it("the secret of a new API key is the program's alone", function()
   local client, shown = watched(
      fake.answer(201, { sid = "SK1", secret = "hush-secret", flags = { "a" } }))
   assert.equal(
      "hush-secret", assert(client.new_keys:create { friendly_name = "shown-name" }).secret)
   assert.is_nil(shown():find("hush", 1, true))
   assert.matches("shown%-name", shown())
   assert.matches('"secret":"%(hidden%)"', shown())
end)

it("secret parameters are on the wire only", function()
   local sent
   local client, shown = watched(function(request)
      sent = request.body
      return fake.answer(201, { sid = "CR1" })
   end)
   assert(
      client.notify.v1.credentials:create {
         type = "apn", private_key = "hush-key", certificate = "c", secret = "hush-secret",
      })
   assert.matches("Secret=hush%-secret", sent)
   assert.is_nil(shown():find("hush", 1, true))
end)

it("an error's body has none", function()
   for _, body in ipairs {
      '{"code":1,"message":"no","auth_token":"hush"}', '{"secret":"hush', "<html>'token': 'hush'",
   } do
      local client, shown = watched { status = 400, headers = {}, body = body }
      local _, err = client.messages("SM1"):fetch()
      assert.equal("api", err.kind)
      assert.is_nil(text_of(err):find("hush", 1, true))
      assert.is_nil(shown():find("hush", 1, true))
   end
   local long = ('{"a":"%s","secret":"hush-%s"}'):format(("x"):rep(4000), ("y"):rep(200))
   local _, err = fake.client(
      { max_retries = 0 }, { status = 400, headers = {}, body = long }).messages("SM1"):fetch()
   assert.is_nil(err.body:find("hush", 1, true))
   assert.is_true(#err.body <= 4096)
end)
