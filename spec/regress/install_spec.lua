-- `make install` copied into the files of a running program: the C module that it had mapped
-- changed under it, and it (in nginx every worker, again and again) ended with SIGSEGV. Each file
-- is now written beside and renamed.

local process = require "support.process"

local function inode(path) return process.output("stat -c %%i %s", path) end

it("an installation leaves the files of a running program as they are", function()
   local folder = process.folder()
   local lua = _VERSION:match "%d.%d"
   local module, file = folder .. "/lib/lua/" .. lua .. "/twilio/core/http.so", folder
      .. "/share/lua/" .. lua .. "/twilio.lua"
   local build = jit and "luajit" or "lua" .. lua
   local function install()
      process.run("make -s install LUA=%s PREFIX=%s", build, folder)
   end
   install()
   for _, path in ipairs { module, file } do
      process.run("printf old >> %s", path)
      process.run("cp %s %s.before && ln %s %s.held", path, path, path, path)
      local before = inode(path)
      install()
      assert.not_equal(before, inode(path))
      process.run("cmp %s.before %s.held", path, path)
      assert.equal("0", process.output("find %s -name '*.new*' | wc -l", folder))
      assert.equal(path == module and "755" or "644", process.output("stat -c %%a %s", path))
   end
   process.forget(folder)
end)
