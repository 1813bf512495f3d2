-- tools/files.lua: whole texts in and out, and the names in a folder.

package.path = "tools/?.lua;" .. package.path

local files = require "files"
local process = require "support.process"

describe("files", function()
   local folder

   before_each(function() folder = process.folder() end)
   after_each(function() process.forget(folder) end)

   it("come back as they were written, whatever bytes they have", function()
      local text = "a\r\nb\0c\255\n"
      files.write(folder .. "/x", text)
      assert.equal(text, files.read(folder .. "/x"))
      files.write(folder .. "/x", "")
      assert.equal("", files.read(folder .. "/x"))
   end)

   it("raise where they can't be read or written", function()
      assert.has_error(function() files.read(folder .. "/none") end)
      assert.has_error(function() files.write(folder .. "/none/x", "") end)
   end)

   it("are listed in order, by a pattern", function()
      for _, name in ipairs { "b.lua", "a.lua", "c.txt" } do files.write(folder .. "/" .. name, "") end
      assert.same({ "a.lua", "b.lua" }, files.names(folder, "^.*%.lua$"))
      assert.same({ "a", "b" }, files.names(folder, "^(.*)%.lua$"))
   end)
end)
