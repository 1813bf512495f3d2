local multipart = require "twilio.file.multipart"
local process = require "support.process"

local folder

setup(function() folder = process.folder() end)
teardown(function() process.forget(folder) end)

local function file(name, text)
   process.write(folder .. "/" .. name, text)
   return folder .. "/" .. name
end

local function body_of(given) return assert(multipart.body(assert(multipart.fields(given)))) end

-- { { headers as text, content }, ... }
local function parse(body)
   local text, parts = assert(body:text()), {}
   local boundary = body.content_type:match("^multipart/form%-data; boundary=(%S+)$")
   assert.equal("--" .. boundary .. "--\r\n", text:sub(-#boundary - 6))
   local from = 1
   while true do
      local first, last = text:find("--" .. boundary .. "\r\n", from, true)
      if not first then return parts end
      local head_end, content_start = text:find("\r\n\r\n", last, true)
      local content_end = text:find("\r\n--" .. boundary, content_start, true)
      parts[#parts + 1] = {
         text:sub(last + 1, head_end - 1), text:sub(content_start + 1, content_end - 1),
      }
      from = content_end + 2
   end
end

describe("a multipart body", function()
   it("has plain fields, sorted by name", function()
      assert.same({
         { 'Content-Disposition: form-data; name="Flag"', "true" },
         { 'Content-Disposition: form-data; name="List"', "a" },
         { 'Content-Disposition: form-data; name="List"', "b" },
         { 'Content-Disposition: form-data; name="Path"', "/x" },
      }, parse(body_of { Path = "/x", Flag = true, List = { "a", "b" } }))
   end)

   it("has items in their order before them", function()
      local parts = parse(
         body_of { { name = "B", text = "1" }, { name = "A", text = "2" }, C = "3" })
      assert.same({ "1", "2", "3" }, { parts[1][2], parts[2][2], parts[3][2] })
   end)

   it("has files, under their names and media types", function()
      local parts = parse(body_of { Content = { path = file("hello.js", "exports.x = 1\n") } })
      assert.same({
         {
            'Content-Disposition: form-data; name="Content"; filename="hello.js"\r\nContent-Type: application/javascript',
            "exports.x = 1\n",
         },
      }, parts)
   end)

   it("has texts that are to look like files", function()
      local parts = parse(
         body_of {
            Content = {
               text = "\0\1\r\n--x", filename = "a.bin", content_type = "application/x-test",
            },
         })
      assert.same({
         {
            'Content-Disposition: form-data; name="Content"; filename="a.bin"\r\nContent-Type: application/x-test',
            "\0\1\r\n--x",
         },
      }, parts)
   end)

   it("calls unknown types octets", function()
      assert.matches(
         "Content%-Type: application/octet%-stream$",
         parse(body_of { F = { path = file("noext", "x") } })[1][1])
   end)

   it("has open files from where they stand, and leaves them there", function()
      local handle = assert(io.open(file("place.txt", "0123456789"), "rb"))
      handle:read(4)
      local body = body_of { F = { handle = handle, filename = "p.txt" } }
      assert.equal("456789", parse(body)[1][2])
      assert.equal("4", handle:read(1))
      assert.equal("456789", parse(body)[1][2])
      assert.equal("5", handle:read(1))
      handle:close()
   end)

   it("has empty files", function()
      assert.equal("", parse(body_of { F = { path = file("empty", "") } })[1][2])
   end)

   it("keeps names from breaking out", function()
      local parts = parse(
         body_of { ['a"\r\nX: y'] = { path = file("e.txt", "x"), filename = 'f"; x="y' } })
      assert.matches('name="a%%22%%0D%%0AX: y"; filename="f%%22; x=%%22y"', parts[1][1])
      assert.equal(1, #parts)
   end)

   it("has a boundary of its own each time", function()
      assert.not_equal(body_of { A = "x" }.content_type, body_of { A = "x" }.content_type)
   end)

   it("doesn't hold its files", function()
      local body = body_of { F = { path = file("big", ("x"):rep(100000)) } }
      for _, part in ipairs(body) do assert.is_true(type(part) == "table" or #part < 300) end
      assert.equal("twilio.multipart: 4 parts", tostring(body))
   end)

   it("is nothing, with a reason, when a file can't be read", function()
      local body, err = multipart.body(
         assert(multipart.fields { F = { path = folder .. "/none" } }))
      assert.is_nil(body)
      assert.equal("config", err.kind)
      assert.is_false(err.sent)
      assert.matches("none: No such file", err.message)
      assert.is_nil((multipart.body(assert(multipart.fields { F = { path = folder } }))))
   end)

   it("is no text when a file has become shorter", function()
      local path = file("short", "0123456789")
      local body = body_of { F = { path = path } }
      file("short", "")
      local text, err = body:text()
      assert.is_nil(text)
      assert.equal("a file ended early", err.message)
   end)
end)

describe("the fields of a multipart body", function()
   local function refused(given, pattern)
      local fields, why = multipart.fields(given)
      assert.is_nil(fields)
      assert.matches(pattern, why)
   end

   it("name the caller's mistakes", function()
      refused({}, "at least one")
      refused({ F = { path = "a", text = "b" } }, "field 'F' needs one of")
      refused({ F = { path = "a", mime = "b" } }, "unknown option 'mime'")
      refused({ F = { path = 1 } }, "field 'F': option 'path' must be a string, got a number")
      refused({ F = { handle = io.stdout, content_type = "a\r\nb" } }, "line break")
      refused({ F = print }, "field 'F' is a function")
      refused({ { text = "x" } }, "are named")
      refused({ "x" }, "item 1 needs a name")
      local closed = io.open(file("closed", ""))
      closed:close()
      refused({ F = { handle = closed } }, "open file")
   end)
end)

describe("a body that is one file", function()
   it("is the file, with its type", function()
      local body = assert(
         multipart.body(assert(multipart.file { text = "bytes", filename = "a.png" })))
      assert.equal("bytes", body:text())
      assert.equal("image/png", body.content_type)
      assert.equal(
         "application/pdf",
         multipart.body(
            assert(multipart.file { text = "x", content_type = "application/pdf" })).content_type)
   end)

   it("names the caller's mistakes, and says what can't be read", function()
      local given, why = multipart.file { text = "a", path = "b" }
      assert.is_nil(given)
      assert.equal("file needs one of path, handle and text", why)
      local body, message = multipart.body(assert(multipart.file { path = "/nonexistent/file" }))
      assert.is_nil(body)
      assert.matches("No such file", message)
   end)
end)
