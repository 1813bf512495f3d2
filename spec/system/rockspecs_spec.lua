-- The rockspecs: every folder that LuaRocks knows is passed to make, the metadata that luarocks.org
-- shows are there, and the versioned ones of `make dist` differ in nothing but version and source.
-- OPENSSL_DIR and CURL_INCDIR were ignored. CI builds the rocks (.ci/run, rock).

local process = require "support.process"

-- A rockspec's variables.
local function read(path)
   local values, chunk, message = {}
   if setfenv then
      chunk, message = loadfile(path)
      setfenv(assert(chunk, message), values)
   else
      chunk, message = loadfile(path, "t", values)
   end
   assert(chunk, message)()
   return values
end

for _, rock in ipairs { "twilio", "twilio-sandbox", "twilio-cli" } do
   describe("the rockspec of " .. rock, function()
      local path = "rockspec/" .. rock .. "-scm-1.rockspec"
      local values = read(path)

      it("has all metadata", function()
         local description = values.description
         for _, name in ipairs { "summary", "detailed", "license", "homepage", "maintainer" } do
            assert.equal("string", type(description[name]), name)
         end
         assert.matches("^https://", description.homepage)
         assert.is_true(#description.labels > 3)
         assert.equal("lua >= 5.1, < 5.6", values.dependencies[1])
         for _, folder in ipairs(values.build.copy_directories) do
            assert.equal("yes", process.output("test -d %s && echo yes", folder))
         end
      end)

      it("keeps no list of its own, and installs nowhere but where LuaRocks says", function()
         local variables = values.build.install_variables
         assert.equal("", variables.LISTDIR)
         assert.equal("", variables.DESTDIR)
         assert.equal("$(LUADIR)", variables.LUADIR)
      end)
   end)
end

it("the rockspec of the library passes every folder of its dependencies", function()
   local values = read "rockspec/twilio-scm-1.rockspec"
   local variables = values.build.variables
   local makefile = process.read "Makefile"
   for name in pairs(values.external_dependencies) do
      for _, folder in ipairs { "_INCDIR", "_LIBDIR" } do
         assert.equal("$(" .. name .. folder .. ")", variables[name .. folder])
      end
   end
   assert.equal("$(LUA_INCDIR)", variables.LUA_INCDIR)
   for name, value in pairs(variables) do
      if value == "$(" .. name .. ")" then
         assert.matches("$(" .. name .. ")", makefile, 1, true)
      end
   end
   assert.equal("$(LIBDIR)", values.build.install_variables.LIBDIR)
end)

it("make dist makes rockspecs of this version, and an archive with all that they name", function()
   if process.output "git rev-parse --is-inside-work-tree 2>/dev/null" ~= "true" then
      return pending "not a checkout"
   end
   -- In a copy: build/dist is the maintainer's.
   local folder, version = process.folder(), require "twilio.util.version"
   process.run("git clone -q --depth 1 file://\"$PWD\" %s/a", folder)
   process.run("cd %s/a && URL=https://example.com/files/ make -s dist >/dev/null", folder)
   local dist = folder .. "/a/build/dist/"
   local name = "twilio-" .. version
   for _, rock in ipairs { "twilio", "twilio-sandbox", "twilio-cli" } do
      local scm = read("rockspec/" .. rock .. "-scm-1.rockspec")
      -- LuaRocks has no hyphen within a version.
      local revision = version:gsub("-", "") .. "-1"
      local values = read(dist .. rock .. "-" .. revision .. ".rockspec")
      assert.equal(revision, values.version)
      assert.same({ url = "https://example.com/files/" .. name .. ".tar.gz", dir = name },
         values.source)
      values.version, values.source, scm.version, scm.source = nil, nil, nil, nil
      assert.same(scm, values)
   end
   process.run("cd %s && tar -xf %s.tar.gz && test -f %s/Makefile -a -f %s/tools/install.sh", dist,
      name, name, name)
   process.forget(folder)
end)
