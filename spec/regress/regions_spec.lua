-- A region without an edge went to product.region.twilio.com, which Twilio stopped serving on 28
-- April 2026: api.ie1.twilio.com. It goes to the region's own edge; a region whose edge isn't
-- known, and the retired names gll and roaming, are mistakes that are told when the client is made.

local fake = require "support.fake"
local raised = require "support.raised"
local twilio = require "twilio"

local own_edge = {
   au1 = "sydney", br1 = "sao-paulo", de1 = "frankfurt", ie1 = "dublin", jp1 = "tokyo",
   jp2 = "osaka", sg1 = "singapore",
   us1 = "ashburn", us2 = "umatilla",
}

describe("a client's region and edge", function()
   local environment = {}
   local real = os.getenv

   before_each(function()
      environment = {}
      os.getenv = function(name) return environment[name] end -- luacheck: ignore 122
   end)
   after_each(function() os.getenv = real end) -- luacheck: ignore 122

   local services = fake.answer(200, {
      services = { { sid = "VA1" } },
      meta = { key = "services", next_page_url = "https://verify.twilio.com/v2/Services?Page=1" },
   })
   local last_page = fake.answer(
      200, { services = require("twilio.json").array {}, meta = { key = "services" } })

   -- Every way to a host: a call, a later page, any request, a download, an upload, a token.
   local function hosts_of(options)
      local hosts = {}
      local function visit(transport)
         for _, request in ipairs(transport.requests) do
            hosts[#hosts + 1] = request.url:match("^https://([^/]+)/")
         end
      end
      local client, transport = fake.client(options, services, last_page)
      assert(client.verify.v2.services:list())
      visit(transport)
      client, transport = fake.client(options, fake.answer(200, { sid = "XX1" }))
      assert(client:request("GET", "https://verify.twilio.com/v2/New"))
      assert(client:download("https://verify.twilio.com/v2/File", function() return true end))
      visit(transport)
      return hosts
   end

   local function all_at(host, options)
      local hosts = hosts_of(options)
      assert.equal(4, #hosts)
      for _, found in ipairs(hosts) do assert.equal(host, found) end
   end

   it("lead to the edge of the region, or the edge that is given", function()
      all_at("verify.twilio.com", {})
      for region, edge in pairs(own_edge) do
         all_at(("verify.%s.%s.twilio.com"):format(edge, region), { region = region })
         environment = { TWILIO_REGION = region }
         all_at(("verify.%s.%s.twilio.com"):format(edge, region), {})
         environment = {}
         for _, other in pairs(own_edge) do
            local host = ("verify.%s.%s.twilio.com"):format(other, region)
            all_at(host, { region = region, edge = other })
            environment = { TWILIO_REGION = region, TWILIO_EDGE = other }
            all_at(host, {})
            environment = {}
         end
      end
      for _, edge in pairs(own_edge) do
         all_at(("verify.%s.us1.twilio.com"):format(edge), { edge = edge })
      end
      all_at("verify.dublin.xx1.twilio.com", { region = "xx1", edge = "dublin" })
   end)

   it("move an upload and the fetch of a token too", function()
      local token = fake.answer(200, { access_token = "t", expires_in = 3600 })
      local client, transport = fake.client(
         { region = "de1", oauth = { client_id = "OQ1", client_secret = "s" } }, token,
         fake.answer(201, { sid = "ZN1" }))
      assert(require("twilio.upload").asset_version(client, {
         service_sid = "ZS1", asset_sid = "ZH1", path = "/a", visibility = "public",
         content = { text = "x", filename = "a" },
      }))
      for _, request in ipairs(transport.requests) do
         local product = request.url:match("^https://([%w-]+)%.frankfurt%.de1%.twilio%.com/")
         assert.is_truthy(product == "oauth" or product == "serverless-upload", request.url)
      end
   end)

   it("move a bare regional host in a URL, but for us1", function()
      local client, transport = fake.client()
      for given, expected in pairs {
         ["https://api.ie1.twilio.com/x"] = "https://api.dublin.ie1.twilio.com/x",
         ["https://api.us1.twilio.com/x"] = "https://api.us1.twilio.com/x",
         ["https://api.sydney.ie1.twilio.com/x"] = "https://api.sydney.ie1.twilio.com/x",
      } do
         client:request("GET", given)
         assert.equal(expected, transport.last.url)
      end
   end)

   it("are what a gateway behind a base_url is told", function()
      local client, transport = fake.client {
         region = "br1", base_url = "https://{host}.gateway.test",
      }
      client.calls("CA1"):fetch()
      assert.matches(
         "^https://api%.sao%-paulo%.br1%.twilio%.com%.gateway%.test/", transport.last.url)
      assert.equal("api.sao-paulo.br1.twilio.com", transport.last.headers["X-Original-Host"])
   end)

   local function mistake(options)
      options.account_sid, options.auth_token = fake.account_sid, "token"
      local message = raised(function() twilio.client(options) end) -- Lua 5.1 forgets a tail call's frame
      return message
   end

   it("are told when they can't be used", function()
      assert.equal("region 'xx1' has no edge that is known (the regions with one are au1, br1, de1, ie1, jp1, jp2, sg1, us1, us2):"
         .. " give the edge too", mistake { region = "xx1" })
      assert.matches("^region 'gll' is retired: leave it out", mistake { region = "gll" })
      assert.matches("^region 'gll' is retired", mistake { region = "gll", edge = "dublin" })
      assert.matches("^edge 'roaming' is retired", mistake { edge = "roaming" })
      assert.matches("^edge 'roaming' is retired", mistake { region = "ie1", edge = "roaming" })
      environment = { TWILIO_REGION = "xx1" }
      assert.matches("^the environment's TWILIO_REGION 'xx1' has no edge", mistake {})
      environment = { TWILIO_EDGE = "roaming" }
      assert.matches("^the environment's TWILIO_EDGE 'roaming' is retired", mistake {})
      environment = { TWILIO_REGION = "gll" }
      assert.matches("^the environment's TWILIO_REGION 'gll' is retired", mistake {})
   end)

   it("show no secret that stands in their place", function()
      assert.matches("^region '...' has no edge", mistake { region = ("0123456789abcdef"):rep(2) })
   end)
end)
