-- body_parts_spec.lua: bodies made of texts and pieces of files.

local fault = require "support.fault"
local process = require "support.process"
local server = require "support.server"

local nginx, session, folder

setup(function()
   folder = process.folder()
   nginx = server.start {
      tls = false, locations = { ["/size"] = server.COUNT_BODY .. "ngx.print(total)" },
   }
end)

teardown(function()
   nginx:stop()
   process.forget(folder)
end)

before_each(function() session = require "twilio.core.http".session {} end)
after_each(function() session:close() end)

local function file(text)
   process.write(folder .. "/file", text)
   return folder .. "/file"
end

local function post(body, where)
   local status, headers, text = session:perform {
      method = "POST", url = nginx.url .. (where or "/"), body = body,
   }
   return status and (text:match "\n\n(.*)$" or text), headers
end

describe("a body in parts", function()
   it("is sent as one", function()
      local path = file "0123456789"
      assert.equal(
         "head0123456789|34|tail",
         (post { "head", { file = path }, "|", { file = path, offset = 3, size = 2 }, "|", "tail" }))
   end)

   it("has its length in the header, and is not chunked", function()
      local _, _, text = session:perform {
         method = "POST", url = nginx.url, body = { "ab", { file = file "cde" } },
      }
      assert.matches("content%-length: 5\n", text)
      assert.is_nil(text:find "transfer-encoding")
   end)

   it("may be empty, or hold nothing in places", function()
      assert.equal("", (post {}))
      local path = file ""
      assert.equal("ab", (post { "", "a", { file = path }, { file = path, size = 0 }, "b", "" }))
   end)

   it("takes open files, whose own place doesn't move", function()
      local handle = assert(io.open(file "0123456789", "rb"))
      handle:read(4)
      assert.equal("456789", (post { { file = handle, offset = 4 } }))
      assert.equal("4", handle:read(1))
      handle:close()
   end)

   it("holds files of its own: they may be closed or removed before they are sent", function()
      local path = file "gone"
      local handle = assert(io.open(path, "rb"))
      local exchange = assert(
         session:submit {
            method = "POST", url = nginx.url, body = { { file = handle }, { file = path } },
         })
      handle:close()
      os.remove(path)
      while not exchange:ready() do session:step(1) end
      local _, _, text = exchange:result()
      assert.matches("\n\ngonegone$", text)
   end)

   it("needs no memory for its files", function()
      process.run("truncate -s 268435456 %s/sparse", folder)
      post({ { file = folder .. "/sparse", size = 1000000 } }, "/size")
      local before = process.resident()
      assert.equal("268435460", (post({ "ab", { file = folder .. "/sparse" }, "cd" }, "/size")))
      assert.is_true(process.resident() - before < 8192)
   end)

   it("is refused before anything is sent when a file isn't there, or isn't one", function()
      local path = file "x"
      local parts = {
         { file = folder .. "/none" }, { file = folder }, { file = "/dev/null" },
         { file = path, offset = 2 }, { file = path, size = 2 },
      }
      for _, part in ipairs(parts) do
         local text, err = post { part }
         assert.same({ nil, "config", false }, { text, err.kind, err.sent })
      end
   end)

   it("fails when a file has become shorter", function()
      local path = file(("x"):rep(1000000))
      local exchange = assert(
         session:submit { method = "POST", url = nginx.url .. "/size", body = { { file = path } } })
      file "short"
      while not exchange:ready() do session:step(1) end
      local _, err = exchange:result()
      assert.equal("config", err.kind)
      assert.matches("can't be read to its end", err.message)
   end)

   it("goes over a connection of its own, and never twice", function()
      local f = fault.start [[ read_request() note "request" send "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" read_request() note "again" ]]
      for _ = 1, 2 do session:perform { method = "POST", url = f.url .. "/", body = { "x" } } end
      assert.same({ 2, 0 }, { f:count "request", f:count "again" })
      f:stop()
   end)

   it("raises when it isn't one", function()
      local closed = assert(io.open(file "x"))
      closed:close()
      for _, body in ipairs {
         { 5 }, { {} }, { { file = 5 } }, { { file = closed } }, { { file = "x", offset = -1 } },
         { { file = "x", size = "1" } },
      } do
         assert.has_error(function()
            session:perform { method = "POST", url = nginx.url, body = body }
         end)
      end
   end)
end)
