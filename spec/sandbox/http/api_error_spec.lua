-- sandbox/lua/twilio/sandbox/http/api_error.lua: refusals, and how products report them.

local api_error = require "twilio.sandbox.http.api_error"
local json = require "twilio.json"

describe("sandbox.http.api_error", function()
   it("has the codes and statuses of Twilio", function()
      local function both(err) return err.status .. " " .. err.code end
      assert.same({
         "401 20003", "404 20404", "405 20004", "409 20409", "400 20001", "400 20001", "400 20001",
      }, {
         both(api_error.unauthorized "x"), both(api_error.not_found "/x"),
         both(api_error.wrong_method "PUT"), both(api_error.taken "x"),
         both(api_error.missing "X"), both(api_error.unknown "X"),
         both(api_error.invalid("X", "is odd")),
      })
      assert.equal("Parameter X is odd", api_error.invalid("X", "is odd").message)
   end)

   it("is reported as the product does", function()
      local err = api_error.new(404, 20404, "Gone")
      local function read(endpoint)
         local response = api_error.response(err, endpoint)
         return json.decode(response.body), response
      end
      local plain, response = read()
      assert.same(
         {
            code = 20404, message = "Gone", more_info = "https://www.twilio.com/docs/errors/20404",
            status = 404,
         },
         plain)
      assert.same(
         { 404, "application/json" }, { response.status, response.headers["content-type"] })
      local standard
      standard, response = read { file = "memory_v1", op = {} }
      assert.same(
         { "Gone", "Not Found", 404, 20404 },
         { standard.detail, standard.title, standard.status, standard.code })
      assert.equal("application/problem+json", response.headers["content-type"])
      local scim = read { file = "preview_iam_versionless", op = { media = "scim" } }
      assert.same({ "Gone", "404" }, { scim.detail, scim.status })
   end)

   it("says when to come again, and how to authenticate", function()
      local err = api_error.new(429, 20429, "Later")
      err.retry_after = 3
      assert.equal("3", api_error.response(err).headers["retry-after"])
      assert.equal(
         'Basic realm="Twilio API"',
         api_error.response(api_error.unauthorized "x").headers["www-authenticate"])
   end)
end)
