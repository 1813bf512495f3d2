-- tools/openapi/request.lua: an operation in, what its requests may say out, as far as the API data
-- doesn't tell.

package.path = "tools/?.lua;" .. package.path

local request = require "openapi.request"

local string = { type = "string" }
local method = { type = "string", enum = { "GET", "POST" } }

local function form(properties)
   return {
      content = {
         ["application/x-www-form-urlencoded"] = { schema = { properties = properties } },
      },
   }
end

local function parameter(place, name, schema)
   return { ["in"] = place, name = name, schema = schema }
end

describe("a request", function()
   it("is what a value can break, by wire name", function()
      local op = { requestBody = form {
         Method = method, Name = string, Url = { type = "string", format = "uri" },
         Size = { type = "integer", minimum = 0, maximum = 9 },
         Sid = { type = "string", pattern = "^CA[0-9a-f]{32}$" }, ["Configuration.Method"] = method,
         Open = { type = "boolean" },
         When = { type = "string", format = "date-time" },
         To = { type = "string", format = "phone-number" }, Data = {},
         Tags = { type = "array", items = string }, Events = { type = "array", items = method },
         Count = { type = "integer" },
      } }
      assert.equal('{ ["Configuration.Method"] = "enum GET|POST", Events = { "array", "enum GET|POST" }, Method = "enum GET|POST", '
         .. 'Sid = "sid CA", Size = "integer 0..9", Url = "uri" }', request({}, {}, op, {}, {}))
   end)

   it("is nothing where the data tells all", function()
      assert.is_nil(request({}, {}, { requestBody = form { Name = string } }, {}, {}))
      assert.is_nil(request({}, {}, {}, {}, {}))
   end)

   it("takes parameters of the path item, too, but neither the path's, nor those of paging, nor HTTP's headers", function()
      local item = {
         parameters = { parameter("query", "Status", method), parameter("path", "Sid", method) },
      }
      local op = { parameters = {
         parameter("query", "PageSize", { type = "integer", minimum = 1 }),
         parameter("header", "X-Own", method),
         parameter("header", "Content-Encoding", method),
      } }
      assert.equal(
         '{ Status = "enum GET|POST", ["X-Own"] = "enum GET|POST" }', request({}, item, op, {}, {}))
   end)

   it("begins with the schema of a JSON body, whose schemas are kept", function()
      local used = {}
      local op = {
         parameters = { parameter("query", "refresh", method) },
         requestBody = {
            content = {
               ["application/json"] = { schema = { ["$ref"] = "#/components/schemas/Thing" } },
            },
         },
      }
      assert.equal('{ "=Thing", refresh = "enum GET|POST" }', request({}, {}, op, {}, used))
      assert.same({ Thing = true }, used)
   end)

   it("is corrected by hand", function()
      local op = { requestBody = form { Method = method, Status = method } }
      assert.equal('{ Status = "enum GET|POST" }', request({}, {}, op, { Method = string }, {}))
   end)
end)
