-- lua/twilio/client/namespace.lua: the way from a client to its resources. (What is suggested for a
-- name that nothing has: spec/resource/suggestions_spec.lua.)

local namespace = require "twilio.client.namespace"
local fake = require "support.fake"
local raised = require "support.raised"

local bare = { settings = {} } -- a client without an account

describe("namespace.find", function()
   it("finds products, and resources of the client's own account", function()
      local client = fake.client()
      assert.equal("twilio product verify", tostring(namespace.find(client, "verify")))
      assert.equal(
         "twilio resource /2010-04-01/Accounts/{Sid}/Messages",
         tostring(namespace.find(client, "messages")))
   end)

   it("says why there is none", function()
      local found, message = namespace.find(bare, "messages")
      assert.is_nil(found)
      assert.equal("the client has no account_sid, which client.messages needs", message)
      found, message = namespace.find(fake.client(), "verfy")
      assert.is_nil(found)
      assert.matches("did you mean 'verify'", message)
   end)
end)

describe("a product", function()
   it("has its versions, each made once", function()
      local client = fake.client()
      for _, version in ipairs { "v1", "v2" } do
         assert.equal("twilio product numbers/" .. version, tostring(client.numbers[version]))
         assert.equal(client.numbers[version], rawget(client.numbers, version))
      end
   end)

   it("has a bare resource of its first version, or of any that has it", function()
      local client, transport = fake.client()
      client.lookups.phone_numbers("+1"):fetch()
      -- the data names v1 first, and v2 has it too
      assert.matches("^https://lookups%.twilio%.com/v1/", transport.last.url)
      client.numbers.bulk_eligibilities("B1"):fetch()
      assert.matches("^https://numbers%.twilio%.com/v1/", transport.last.url)
   end)

   it("of the API itself has the account's own resources", function()
      local client, transport = fake.client()
      client.api.messages("SM1"):fetch()
      assert.equal(
         "https://api.twilio.com/2010-04-01/Accounts/" .. fake.account_sid .. "/Messages/SM1.json",
         transport.last.url)
      client.api.account:fetch()
      assert.equal(
         "https://api.twilio.com/2010-04-01/Accounts/" .. fake.account_sid .. ".json",
         transport.last.url)
      client.api.accounts("AC2"):fetch()
      assert.matches("/Accounts/AC2%.json$", transport.last.url)
   end)

   it("raises at the caller's line for what it hasn't got", function()
      local client = fake.client()
      assert.equal("unknown version or resource 'v9'; see twilio.describe(\"verify\")", raised(function()
         return client.verify.v9
      end))
      assert.matches("unknown resource 'servces' %(did you mean 'services'", raised(function()
         return client.verify.v2.servces
      end))
      for _, name in ipairs { 5, true } do
         assert.matches("^unknown resource", raised(function() return client.verify.v2[name] end))
      end
   end)
end)

describe("a version", function()
   it("needs an account for what lies below the account", function()
      local product = namespace.find(bare, "api")
      assert.equal(
         "the client has no account_sid, which this resource's path needs",
         raised(function() return product.v2010.account end))
      assert.equal("twilio resource /2010-04-01/Accounts", tostring(product.v2010.accounts))
   end)

   it("has each resource once", function()
      local client = fake.client()
      assert.equal(client.verify.v2.services, client.verify.v2.services)
      assert.not_equal(client.verify.v2.services, fake.client().verify.v2.services)
   end)
end)
