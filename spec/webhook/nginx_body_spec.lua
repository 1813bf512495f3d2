-- lua/twilio/webhook/nginx_body.lua: which of nginx's ways gives the body, and how much of it. Its two
-- adapters' specs read bodies in a real nginx.

local nginx_body = require "twilio.webhook.nginx_body"
local process = require "support.process"

describe("nginx_body.read", function()
   local real, folder

   setup(function()
      real, folder = rawget(_G, "ngx"), process.folder()
   end)

   teardown(function()
      rawset(_G, "ngx", real)
      process.forget(folder)
   end)

   local function with(data, file)
      local has_read = false
      rawset(_G, "ngx", { req = {
         read_body = function() has_read = true end,
         get_body_data = function() return has_read and data or nil end,
         get_body_file = function() return has_read and file or nil end,
      } })
   end

   it("takes it from memory, from a file, or from nowhere", function()
      with("abc", nil)
      assert.equal("abc", nginx_body.read(10))
      with(nil, nil)
      assert.equal("", nginx_body.read(10))
      process.write(folder .. "/body", "abcdefghij")
      with(nil, folder .. "/body")
      assert.equal("abcdefghij", nginx_body.read(10))
      process.write(folder .. "/body", "")
      assert.equal("", nginx_body.read(10))
   end)

   it("reads one byte more than is allowed of a file, and no more", function()
      process.write(folder .. "/body", ("x"):rep(100000))
      with(nil, folder .. "/body")
      assert.equal(11, #nginx_body.read(10))
      assert.equal(1, #nginx_body.read(0))
   end)

   it("says why a file can't be read", function()
      with(nil, folder .. "/none")
      local body, why = nginx_body.read(10)
      assert.is_nil(body)
      assert.matches("No such file", why)
      with(nil, folder)
      body, why = nginx_body.read(10)
      assert.is_nil(body)
      assert.matches("directory", why)
   end)
end)
