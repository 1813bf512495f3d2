-- sandbox/lua/twilio/sandbox/http/form.lua

local form = require "twilio.sandbox.http.form"

local function multipart(body, boundary)
   return form.decode(
      { ["content-type"] = "multipart/form-data; boundary=" .. (boundary or "b") }, body)
end

local function part(name, value, more)
   return "--b\r\nContent-Disposition: form-data; name=\"" .. name .. "\"" .. (more or "")
      .. "\r\n\r\n" .. value .. "\r\n"
end

describe("sandbox.http.form", function()
   it("decodes urlencoded forms, with any media type or none", function()
      assert.same({ A = "1 2", B = { "3", "4" } }, form.decode({}, "A=1+2&B=3&B=4"))
      assert.same({ A = "1" }, form.decode({ ["content-type"] = "text/plain" }, "A=1"))
   end)

   it("decodes multipart forms, whose fields may be repeated, and files", function()
      local body = part("Body", "Hello\r\n\r\nyou") .. part("MediaUrl", "a")
         .. part("MediaUrl", "b") .. part("MediaUrl", "c")
         .. part("Content", "\0\1--b", "; filename=\"x.js\"\r\nContent-Type: text/javascript")
         .. part("Empty", "") .. "--b--\r\n"
      assert.same({
         Body = "Hello\r\n\r\nyou", MediaUrl = { "a", "b", "c" }, Content = "\0\1--b", Empty = "",
      }, multipart(body))
      assert.same({ A = "1" }, form.decode(
         { ["content-type"] = 'Multipart/Form-Data; charset=utf-8; Boundary="x y"' },
         "preamble\r\n--x y\r\ncontent-disposition: form-data; name=A\r\n\r\n1\r\n--x y--"))
   end)

   it("takes what it can of a malformed one", function()
      for body, fields in pairs {
         [""] = {}, ["--b--"] = {}, ["--b"] = {}, ["--b\r\n\r\n1"] = {},
         [part("A", "1")] = {}, [part("A", "1") .. "--b\r\nrubbish\r\n--b--"] = { A = "1" },
         ["--b\r\nX: y\r\n\r\n1\r\n--b--"] = {},
      } do
         assert.same(fields, multipart(body), body)
      end
   end)

   it("takes time in proportion to a body", function()
      local long = multipart(part("A", ("\r\n--"):rep(200000)) .. "--b--")
      assert.equal(800000, #long.A)
      assert.is_table(multipart(("--b\r\n"):rep(100000)))
   end)
end)
