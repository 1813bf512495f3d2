-- fields_spec.lua: tables of named values on their way into C: what is read, what raises and what
-- is returned, seen through core.session (unknown fields raise), its submit (others are passed
-- over) and core.credentials.

local core = require "twilio.core"
local http = require "twilio.core.http"

local function raises(f, ...)
   local ok, message = pcall(f, ...)
   assert.is_false(ok)
   return message
end

describe("a table of fields", function()
   it("may lack any of them, or all", function()
      http.session({}):close()
      http.session({ proxy = "", keepalive = false, idle_timeout = 1 }):close()
   end)

   it("raises for an unknown one, with its name or the type of its key", function()
      assert.matches("unknown option 'cafile'", raises(http.session, { cafile = "x" }))
      assert.matches("unknown option 'number'", raises(http.session, { "x" }))
      assert.matches("unknown option 'boolean'", raises(http.session, { [true] = "x" }))
   end)

   it("raises for a value of the wrong type, with the field's name and both types", function()
      assert.matches("ca_file must be a string, got number", raises(http.session, { ca_file = 1 }))
      assert.matches(
         "keepalive must be a boolean, got string", raises(http.session, { keepalive = "yes" }))
      assert.matches(
         "idle_timeout must be a number, got string", raises(http.session, { idle_timeout = "1" }))
      assert.matches(
         "resolve must be an array of strings, got string",
         raises(http.session, { resolve = "a:1:b" }))
      assert.matches(
         "username must be a string, got a boolean", raises(core.credentials, { username = true }))
   end)

   it("raises for a number below the least, and for none", function()
      assert.matches(
         "idle_timeout must be at least 1", raises(http.session, { idle_timeout = 0.5 }))
      assert.matches(
         "max_connections must be at least 0", raises(http.session, { max_connections = -1 }))
      assert.matches(
         "max_connections must be at least 0", raises(http.session, { max_connections = 0 / 0 }))
      http.session({ max_connections = 0, idle_timeout = 1 }):close()
   end)

   it("takes a number that is larger than C's for the largest", function()
      http.session(
         {
            max_connections = 1e300, idle_timeout = math.huge, max_response_bytes = math.huge,
         }):close()
   end)

   it("never shows a value", function()
      local message = raises(http.session, { ca_file = { "hush-1" } })
         .. raises(core.credentials, { password = { "hush-2" } })
      assert.is_nil(message:find("hush", 1, true))
      assert.matches("password must be a string, got a table", message)
   end)

   it("isn't read at all unless it is a table", function()
      assert.matches("table expected", raises(http.session, "ca_file"))
      assert.matches("table expected", raises(core.credentials))
   end)
end)

describe("a table with the fields of others", function()
   local session
   before_each(function() session = http.session { proxy = "" } end)
   after_each(function() session:close() end)

   it("is read for one's own", function()
      local exchange = session:submit {
         method = "GET", url = "http://127.0.0.1:1/", attempt = 2, [1] = "x", [true] = print,
      }
      assert.equal("twilio.exchange (running)", tostring(exchange))
   end)

   it("fails with the last of several reasons, and raises before it fails", function()
      local exchange, err = session:submit { method = "get", url = "x y" }
      assert.is_nil(exchange)
      assert.equal("config", err.kind)
      assert.matches("^url ", err.message)
      assert.matches("decompress must be a boolean, got number",
         raises(session.submit, session, { method = "get", url = "x y", decompress = 1 }))
   end)
end)

describe("a table that C writes", function()
   it("has numbers, whole ones as integers", function()
      local session = http.session { proxy = "" }
      local stats = session:stats()
      session:close()
      local names = {}
      for name, value in pairs(stats) do
         names[#names + 1] = name
         assert.equal(math.type and "integer" or "number", (math.type or type)(value))
      end
      table.sort(names)
      assert.same(
         { "cancelled", "connections", "done", "in_flight", "opened", "reused", "waiters" }, names)
   end)
end)
