-- tools/docs: the pages of a few products, their index, and their examples.

package.path = "tools/?.lua;" .. package.path .. ";/usr/share/lua/5.1/?.lua" -- Debian's luacheck

local api = require "docs.api"
local links = require "docs.links"
local has_program, program = pcall(require, "types.program") -- it needs luacheck
local read = require "types.read"

local site, world

setup(function()
   site = { files = {}, labels = {}, entries = {}, examples = {} }
   for _, product in ipairs { "api", "verify", "iam", "memory", "numbers", "voice" } do
      api.add(site, product)
   end
   world = read.folder "types/library"
end)
teardown(function() site, world = nil, nil end)

describe("docs.api", function()
   it("has a page and an anchor for each entry of the index", function()
      assert.is_true(#site.entries > 500)
      for _, entry in ipairs(site.entries) do
         local path, anchor = entry[2]:match("^([^#]*)#?(.*)$")
         assert.is_string(site.files[path], entry[2])
         if anchor ~= "" then
            assert.is_truthy(site.files[path]:find(' id="' .. anchor .. '"', 1, true), entry[2])
         end
      end
   end)

   it("gives each label a page of its own", function()
      local labels = {}
      for _, entry in ipairs(site.entries) do
         if not entry[2]:find("#", 1, true) then
            assert.is_nil(labels[entry[2]], entry[1])
            labels[entry[2]] = entry[1]
         end
      end
   end)

   it("shows parameters with type, enum values and what is required", function()
      local page = site.files["api/messages.html"]
      assert.is_truthy(page:find("<code>to</code> <b>required</b>", 1, true))
      assert.is_truthy(page:find("<code>discard</code>", 1, true))
   end)

   it("gives examples that the checker of programs accepts", function()
      if not has_program then return pending "luacheck isn't there" end
      local mistakes = {}
      for _, one in ipairs(site.examples) do
         local found, message = program.check(world, one[2])
         if not found then mistakes[#mistakes + 1] = one[1] .. ": " .. message end
         for _, mistake in ipairs(found or {}) do
            mistakes[#mistakes + 1] = ("%s:%d: %s"):format(one[1], mistake.line, mistake.text)
         end
      end
      assert.equal("", table.concat(mistakes, "\n"))
   end)

   it("has examples whose names the checker looks at", function()
      if not has_program then return pending "luacheck isn't there" end
      for _, one in ipairs(site.examples) do
         if one[1] == "client.messages:create" then
            local planted, count = one[2]:gsub("to = ", "too = ")
            assert.equal(1, count)
            assert.is_true(#program.check(world, planted) > 0)
            return
         end
      end
      error("no example of client.messages:create")
   end)
end)

describe("docs.links", function()
   it("names a missing page and a missing anchor", function()
      local files = {
         ["a/b.html"] = '<a href="../c.html#here">x</a><a href="../c.html#gone">x</a>'
            .. '<a href="d.html">x</a><a href="https://example.com/">x</a>',
         ["c.html"] = '<h1 id="here">x</h1>',
      }
      assert.same({ "a/b.html: ../c.html#gone", "a/b.html: d.html" }, links(files))
   end)
end)
