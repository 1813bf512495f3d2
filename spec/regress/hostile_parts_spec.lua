-- Parts of a body: an offset near 2^63 overflowed a signed sum; a path with a NUL was cut short
-- there and named another file; a FIFO kept the program waiting for its writer.

local fake = require "support.fake"
local multipart = require "twilio.file.multipart"
local process = require "support.process"
local twilio = require "twilio"

describe("a part of a body", function()
   local folder, session, path
   setup(function()
      folder = process.folder()
      path = folder .. "/file"
      process.write(path, "0123456789")
      process.run("mkfifo %s/fifo", folder)
   end)
   teardown(function() process.forget(folder) end)
   before_each(function() session = assert(require "twilio.core.http".session { proxy = "" }) end)
   after_each(function() session:close() end)

   local function refused(part)
      local exchange, err = session:submit {
         method = "POST", url = "http://127.0.0.1:1/", body = { part },
      }
      assert.is_nil(exchange)
      assert.same({ "config", false }, { err.kind, err.sent })
      return err.message
   end

   for _, span in ipairs {
      { 2 ^ 62, 2 ^ 62 }, { 1e300, 1 }, { 5, 1e300 }, { math.huge, math.huge }, { 11 }, { 5, 6 },
      { 2 ^ 63, nil },
   } do
      it((
         "is refused beyond its file: offset %s, size %s"):format(
            tostring(span[1]), tostring(span[2])), function()
         assert.matches("shorter", refused { file = path, offset = span[1], size = span[2] })
      end)
   end

   it("is refused if its path holds a NUL", function()
      refused { file = path .. "\0.txt" }
      assert.matches(
         "NUL",
         select(2, multipart.body(assert(multipart.fields { File = { path = path .. "\0.txt" } }))))
   end)

   it("is refused at once if it is a FIFO or a folder", function()
      for _, name in ipairs { "/fifo", "" } do
         refused { file = folder .. name }
         assert.matches(
            "no regular file",
            select(
               2, multipart.body(assert(multipart.fields { File = { path = folder .. name } }))))
      end
   end)

   it("is a config error of a call, and nothing is sent", function()
      local client = twilio.client {
         account_sid = fake.account_sid, auth_token = "x", base_url = "http://127.0.0.1:1",
         proxy = "",
      }
      for _, name in ipairs { "/fifo", "/absent", "/file\0", "" } do
         local _, err = client:request(
            "POST", "https://api.twilio.com/x", {
               multipart = { File = { path = folder .. name } },
            })
         assert.same({ "config", false }, { err.kind, err.sent })
      end
      client:close()
   end)
end)

it("the option resolve is refused if it holds a NUL", function()
   assert.has_error(function()
      require "twilio.core.http".session { resolve = { "a.test:443:127.0.0.1\0" } }
   end)
end)
