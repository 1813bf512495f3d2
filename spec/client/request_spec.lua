-- lua/twilio/client/request.lua: any request: its bodies, its answers, and where it may go.

local json = require "twilio.json"
local fake = require "support.fake"
local raised = require "support.raised"

describe("client:request", function()
   local url = "https://api.twilio.com/2010-04-01/New.json"

   it("sends forms, JSON and queries", function()
      local client, transport = fake.client()
      local body, err, response = client:request(
         "POST", url, { form = { B = "2", A = { "x", true } }, query = { Q = "a b" } })
      assert.same({ sid = "XX1" }, body)
      assert.is_nil(err)
      assert.equal(200, response.status)
      assert.equal(url .. "?Q=a%20b", transport.last.url)
      assert.equal("A=x&A=true&B=2", transport.last.body)
      client:request(
         "PUT", url .. "?x=1#f",
         {
            json = { n = json.null }, query = { Q = 1 }, headers = { ["If-Match"] = "e" },
            timeout = 5,
         })
      assert.equal('{"n":null}', transport.last.body)
      assert.equal(url .. "?x=1&Q=1#f", transport.last.url)
      assert.same(
         { "application/json", "e", 5 },
         {
            transport.last.headers["Content-Type"], transport.last.headers["If-Match"],
            transport.last.timeout,
         })
   end)

   it("gives what isn't JSON as text, and true for nothing", function()
      local client = fake.client(
         nil, { status = 200, body = "<Response/>", headers = { ["content-type"] = "text/xml" } },
         fake.answer(204))
      assert.equal("<Response/>", (client:request("GET", url)))
      assert.is_true((client:request("DELETE", url)))
   end)

   it("returns the API's errors", function()
      local client = fake.client(nil, fake.answer(404, { code = 20404, message = "gone" }))
      local body, err, response = client:request("GET", url)
      assert.is_nil(body)
      assert.same({ 20404, 404 }, { err.code, response.status })
   end)

   it("moves the URL to the client's region", function()
      local client, transport = fake.client { region = "ie1" }
      client:request("GET", url)
      assert.equal("https://api.dublin.ie1.twilio.com/2010-04-01/New.json", transport.last.url)
   end)

   it("raises mistakes, and sends nothing", function()
      local client, transport = fake.client()
      for why, arguments in pairs {
         ["HTTP method"] = { "post", url }, ["must be text, got a nil"] = { "GET" },
         ["one table"] = { "GET", url, "x" },
         ["did you mean 'form'"] = { "POST", url, { from = {} } },
         ["'json' must be a table"] = { "POST", url, { json = "{}" } },
         ["give one of form, json, multipart and file"] = { "POST", url, { json = {}, form = {} } },
         ["'A' is a function"] = { "POST", url, { form = { A = print } } },
         ["names and values"] = { "POST", url, { form = { "A" } } },
         ["query 'A'"] = { "GET", url, { query = { A = print } } },
         ["JSON body holds"] = { "POST", url, { json = { print } } },
      } do
         local message = raised(function()
            client:request((table.unpack or unpack)(arguments, 1, 3))
         end)
         assert.is_truthy(message:find(why, 1, true), message)
      end
      assert.equal(0, #transport.requests)
   end)
end)

describe("client:request to a stranger", function()
   it("is refused before anything leaves", function()
      local client, transport = fake.client()
      for foreign, why in pairs {
         ["https://evil.com/?s=1"] = "isn't Twilio's", ["http://api.twilio.com/"] = "isn't https",
         ["/path"] = "absolute",
      } do
         local body, err = client:request("GET", foreign)
         assert.is_nil(body)
         assert.same({ "config", false }, { err.kind, err.sent })
         assert.is_truthy(err.message:find(why, 1, true), err.message)
      end
      assert.equal(0, #transport.requests)
   end)
end)
