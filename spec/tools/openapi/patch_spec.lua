-- tools/openapi/patch.lua: changes of documents.

package.path = "tools/?.lua;" .. package.path

local patch = require "openapi.patch"

describe("a patch", function()
   it("adds members and items, by pointers", function()
      local doc = { paths = { ["/a~b/{x}"] = { tags = { "one" } } } }
      patch.apply(doc, {
         { path = patch.pointer("paths", "/a~b/{x}", "get"), value = { id = 1 } },
         { path = "/paths/~1a~0b~1{x}/tags/-", value = "two" },
      })
      assert.same({ paths = { ["/a~b/{x}"] = { tags = { "one", "two" }, get = { id = 1 } } } }, doc)
      assert.equal(doc.paths["/a~b/{x}"], patch.get(doc, "/paths/~1a~0b~1{x}"))
   end)

   it("replaces and removes", function()
      local doc = { a = { required = { "x", "y" } }, b = { { c = 1 } } }
      patch.apply(
         doc,
         {
            { op = "replace", path = "/a/required", value = { "x" } },
            { op = "remove", path = "/b/0/c" },
         })
      assert.same({ a = { required = { "x" } }, b = { {} } }, doc)
   end)

   it("stops where a document isn't as it was", function()
      local function stops(message, change)
         assert.error_matches(function() patch.apply({ a = { b = 1 } }, { change }) end, message)
      end
      stops("/a/b: something is there already", { path = "/a/b", value = 2 })
      stops("/a/c: nothing there", { op = "replace", path = "/a/c", value = 2 })
      stops("/a/c: nothing there", { op = "remove", path = "/a/c" })
      stops("/x/y: nothing there", { path = "/x/y", value = 2 })
      stops("a value where none belongs, or none", { path = "/a/c" })
      stops("a value where none belongs, or none", { op = "remove", path = "/a/b", value = 2 })
   end)
end)
