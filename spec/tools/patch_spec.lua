-- tools/openapi/patch.lua and sources.lua: changes of documents; json.lua: how they are kept.

package.path = "tools/?.lua;" .. package.path

local cjson = require "cjson"
local json = require "openapi.json"
local patch = require "openapi.patch"
local sources = require "openapi.sources"

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
      patch.apply(doc, { { op = "replace", path = "/a/required", value = { "x" } }, { op = "remove", path = "/b/0/c" } })
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

describe("the sources", function()
   it("are files with what twilio-node has beside them", function()
      local docs, origins = { old_v1 = { paths = {} } }, { old_v1 = "a file" }
      local additions = { version = "1.2.3", documents = { new_v1 = { paths = {} } }, patches = { old_v1 = { { path = "/paths/~1x", value = {} } } } }
      sources.add(docs, origins, additions)
      assert.same({ old_v1 = { paths = { ["/x"] = {} } }, new_v1 = { paths = {} } }, docs)
      assert.same({ old_v1 = "a file, twilio-node 1.2.3", new_v1 = "twilio-node 1.2.3" }, origins)
      assert.error_matches(function() sources.add(docs, origins, additions) end, "new_v1: the OpenAPI files have it now")
   end)
end)

describe("JSON to keep", function()
   it("is sorted, with short values on a line, and reads back", function()
      local value = { b = { 1, 2 }, a = { x = { y = ("long "):rep(30), z = true } }, c = { ["q\"\n\\\1"] = {} }, empty = json.empty_array }
      local text = json.encode(value)
      assert.equal(([[
{
 "a": {
  "x": {
   "y": "LONG",
   "z": true
  }
 },
 "b": [1, 2],
 "c": {"q\"\n\\\u0001": {}},
 "empty": []
}
]]):gsub("LONG", ("long "):rep(30)), text)
      value.empty = {}
      assert.same(value, cjson.decode(text))
   end)
end)
