-- sandbox/lua/twilio/sandbox/http/arguments.lua: what a request says, by the parameters and by
-- schemas.

local arguments = require "twilio.sandbox.http.arguments"
local json = require "twilio.json"
local operation = require "twilio.call.operation"

local function read(op, request, schemas, ignored)
   request.headers = request.headers or {}
   request.query = request.query or ""
   return arguments.read(operation.parse(op), request, schemas or { parameters = {} }, ignored)
end

describe("sandbox.http.arguments", function()
   it("reads a form by the parameters' types", function()
      local out = assert(read("POST Name! Size:i Ratio:n Open:b Data:j Tags[] When:t", {
         body = "Name=a+b&Size=5&Ratio=0.5&Open=false&Data=%7B%22x%22%3A1%7D&Tags=1&Tags=2&When=2024-01-02T03:04:05Z",
      }))
      assert.same(
         {
            name = "a b", size = 5, ratio = 0.5, open = false, data = { x = 1 },
            tags = { "1", "2" }, when = "2024-01-02T03:04:05Z",
         },
         out)
   end)

   it("reads multipart forms", function()
      local out = assert(read("POST Name! Tags[]", {
         headers = { ["content-type"] = "multipart/form-data; boundary=b" },
         body = "--b\r\nContent-Disposition: form-data; name=\"Name\"\r\n\r\nx\r\n"
            .. "--b\r\nContent-Disposition: form-data; name=\"Tags\"\r\n\r\n1\r\n--b--\r\n",
      }))
      assert.same({ name = "x", tags = { "1" } }, out)
   end)

   it("lists the unknown parameters of a query and a form, where they aren't refused", function()
      local ignored = {}
      local out = assert(read("POST Name!", { query = "Q=1", body = "Name=x&More=1&Most=2" }, nil,
         ignored))
      assert.same({ name = "x" }, out)
      assert.same({ "Q", "More", "Most" }, ignored)
      assert.is_nil((read("POST Name!", { body = "Name=x&More=1" })))
   end)

   it("lets an empty text clear any field", function()
      assert.same({ size = "" }, assert(read("POST Size:i", { body = "Size=" })))
   end)

   it("reads headers, JSON and maps", function()
      local out = assert(read("PUT @json ^If-Match", { headers = {
         ["if-match"] = "*", ["content-type"] = "application/json",
      },
         body = '{"displayName":"x","n":null}' }))
      assert.same(
         { "*", "x", { displayName = "x" } }, { out.if_match, out.display_name, out.body_ })
      assert(read("GET AddOnsData:m", { query = "AddOns.a.b=1" }))
   end)

   it("says what is wrong, and which parameter is missing", function()
      local function refused(op, request)
         local out, err, name = read(op, request)
         assert.is_nil(out)
         assert.equal(400, err.status)
         return err.message, name
      end
      assert.same(
         { "Missing required parameter Name", "name" }, { refused("POST Name!", { body = "" }) })
      assert.same(
         { "Missing required parameter Url or Twiml", "url" },
         { refused("POST @any=Url|Twiml Url Twiml", {}) })
      assert.equal("Unknown parameter Nmae", (refused("POST Name", { body = "Nmae=1" })))
      assert.equal("Unknown parameter Name", (refused("POST Name", { query = "Name=1" })))
      for op, body in pairs {
         ["POST A:i"] = "A=1.5", ["POST A:n"] = "A=x", ["POST A:b"] = "A=yes", ["POST A:d"] = "A=x",
         ["POST A:j"] = "A={",
      } do
         assert.matches("^Parameter A must be ", (refused(op, { body = body })))
      end
      assert.matches(
         "not JSON",
         (refused("POST @json", { body = "{", headers = { ["content-type"] = "application/json" } })))
   end)
end)

describe("sandbox.http.arguments by schemas", function()
   local method = {
      kind = "enum", values = { GET = true, POST = true }, first = "GET", words = "GET, POST",
   }
   local list = { kind = "array", items = method }

   local function answer(op, request, parameters, body)
      return read(op, request, { parameters = parameters or {}, body = body })
   end

   local function refused(...)
      local out, err = answer(...)
      assert.is_nil(out)
      assert.same({ 400, 20001 }, { err.status, err.code })
      return err.message
   end

   it("are refused in form, query and headers", function()
      assert.equal(
         "Parameter Method must be one of GET, POST",
         refused("POST Method", { body = "Method=nonsense" }, { Method = method }))
      assert.equal(
         "Parameter Method must be one of GET, POST",
         refused("GET Method", { query = "Method=nonsense" }, { Method = method }))
      assert.matches(
         "^Parameter X%-M must be one of",
         refused("GET ^X-M", { headers = { ["x-m"] = "nonsense" } }, { ["X-M"] = method }))
      assert.matches(
         "at most 9",
         refused("POST Size:i", { body = "Size=10" }, { Size = { kind = "integer", high = 9 } }))
   end)

   it("are refused in lists, also joined by commas; URLs have commas of their own", function()
      assert(answer("POST M[]", { body = "M=GET&M=POST" }, { M = list }))
      assert(answer("POST M[]", { body = "M=GET,%20POST" }, { M = list }))
      assert.matches(
         "^Parameter M must be one of", refused("POST M[]", { body = "M=GET&M=x" }, { M = list }))
      assert.matches(
         "^Parameter M must be one of", refused("POST M[]", { body = "M=GET,x" }, { M = list }))
      assert(
         answer(
            "POST U[]", { body = "U=https://x/?a=1,2" },
            { U = { kind = "array", items = { kind = "uri" } } }))
   end)

   it("let an empty text clear a field, and alone what has no schema", function()
      assert.same(
         { method = "" }, (answer("POST Method", { body = "Method=" }, { Method = method })))
      assert.same({ m = { "" } }, (answer("POST M[]", { body = "M=" }, { M = list })))
      assert(answer("POST Other", { body = "Other=x" }, { Method = method }))
   end)

   it("check a JSON body, which is {} if there is none, and keep its nulls", function()
      local body = {
         kind = "object", required = { name = true },
         properties = { { name = "name", field = "name", schema = { kind = "string" } } },
      }
      local headers = { ["content-type"] = "application/json" }
      assert.equal(
         "Missing required parameter name",
         refused("POST @json", { body = "", headers = headers }, nil, body))
      assert.equal(
         "Parameter name must be a text",
         refused("POST @json", { body = '{"name":5}', headers = headers }, nil, body))
      local out = assert(
         answer(
            "PUT @json",
            { body = '{"name":"x","theNote":null,"deep":{"n":null,"m":1}}', headers = headers },
            nil, body))
      assert.same({ "x", json.null, { m = 1 } }, { out.name, out.the_note, out.deep })
      assert.same({ name = "x", deep = { m = 1 } }, out.body_)
   end)
end)
