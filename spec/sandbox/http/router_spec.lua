-- sandbox/lua/twilio/sandbox/http/router.lua: which operation a path means.

local model = require "twilio.call.model"
local router = require "twilio.sandbox.http.router"

describe("sandbox.http.router", function()
   local function find(host, path, verb)
      local found = router.find(host, path)
      return found and found.place.verbs[verb], found
   end

   it("finds an operation and its path values", function()
      local endpoint, found = find(
         "verify.twilio.com", "/v2/Services/VA1/Verifications/VE2", "POST")
      assert.same({
         "update", "item", "verify/Services/{}/Verifications",
         "POST /v2/Services/{}/Verifications/{}",
      },
         { endpoint.method, endpoint.side, endpoint.name, endpoint.schema_key })
      assert.same({ "VA1", "VE2" }, found.values)
      assert.same({ "service_sid", "verification_sid" }, endpoint.fields)
      assert.equal("POST", endpoint.op.verb)
   end)

   it("takes a literal segment before a placeholder, and goes back where it leads nowhere", function()
      assert.equal("fetch", find("messaging.twilio.com", "/v1/Services/Usecases", "GET").method)
      assert.equal(
         "messaging/Services/Usecases",
         find("messaging.twilio.com", "/v1/Services/Usecases", "GET").name)
      assert.equal(
         "voice/Configurations/{}",
         find("voice.twilio.com", "/v2/Configurations/Other/abc", "GET").name)
      assert.equal(
         "voice/Configurations/Recording",
         find("voice.twilio.com", "/v2/Configurations/Recording/abc", "GET").name)
   end)

   it("knows the extension of api v2010", function()
      assert.is_table(find("api.twilio.com", "/2010-04-01/Accounts.json", "GET"))
      assert.is_nil(router.find("api.twilio.com", "/2010-04-01/Accounts"))
      assert.is_table(find("messaging.twilio.com", "/v2/Indicators/Typing.json", "POST"))
   end)

   it("knows hosts with regions, edges and ports, and no others", function()
      assert.equal("api", router.product("api.dublin.ie1.twilio.com:443"))
      assert.equal("flex_api", router.product("flex-api.twilio.com"))
      assert.is_nil(router.product("nonsense.twilio.com"))
      assert.is_nil(router.product("api.example.com"))
   end)

   it("knows the hosts that take files", function()
      assert.equal("serverless", router.product "serverless-upload.twilio.com")
      local path = "/v1/Services/ZS1/Functions/ZH1/Versions"
      local found = router.find("serverless-upload.twilio.com", path)
      assert.same({ "create", "GET" },
         { found.place.verbs.POST.method, found.place.verbs.GET.verb })
   end)

   it("has every operation of the API, each where it is", function()
      local count = 0
      local function visit(place)
         for verb, endpoint in pairs(place.verbs) do
            count = count + 1
            assert.equal(verb, endpoint.op.verb)
         end
         for _, child in pairs(place.children) do visit(child) end
         if place.any then visit(place.any) end
      end
      for _, domain in ipairs(model.domains()) do
         for version in pairs(model.domain(domain)) do
            local data = type(version) == "string" and model.version(domain, version)
            if data then assert.equal(domain, router.product(data.host .. ".twilio.com")) end
         end
         for _, tree in ipairs(router.trees(domain)) do visit(tree.root) end
      end
      assert.equal(1592 + 2, count) -- and two that take files, which the API's files leave out
   end)
end)
