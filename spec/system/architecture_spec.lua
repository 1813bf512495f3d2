-- The architecture, as far as a program can check it: no folder requires one above it, nothing
-- requires itself by a detour, data requires nothing, and each C module shows one symbol.
-- docs/architecture.md, "Layers", says the same in words.

local model = require "twilio.call.model"
local process = require "support.process"

-- From the bottom to the top: a folder is a layer. A file may require its own folder and those
-- before it. A file at the root is the public face of the folder of its name.
local folders = {
   "util", "api", "schema", "twiml", "jwt", "webhook", "call", "transport", "file", "runtime",
   "auth",
   "resource", "client",
}
local faces = { json = "util", upload = "file" } -- files at the root whose folder has another name

-- The same of the sandbox's own tree. At its root are its public faces, which stand above all of
-- them.
local sandbox_folders = { "schema", "http", "state", "twiml", "behaviour", "test", "server" }

-- The folders of the library that the sandbox may require. It never sees the client: it answers
-- requests, as a server does.
local sandbox_uses = { util = true, api = true, schema = true, call = true, twiml = true }
-- its webhooks go out through these
local sandbox_openresty_uses = { runtime = true, transport = true }

-- The same of the command line's tree. At the root of cli/ are its main program and what that and
-- the commands share. `outbox` is a library beside it, with a face of its own.
local cli_folders = { "util", "outbox", "output", "root", "api", "commands", "main" }
-- In the layer "main" are these files of the root.
local cli_main = { ["cli.main"] = true }

-- The folders of the library that the command line may require.
local cli_uses = {
   [""] = true, util = true, call = true, transport = true, resource = true, client = true,
   twiml = true, jwt = true, webhook = true, runtime = true,
}

-- The folders beside the client require nothing but these folders and themselves.
local beside = { twiml = "util", jwt = "util", webhook = "util" }

-- Files that load another one late, and the seam: docs/architecture.md, "Loading".
local seams = {
   call = "an answer, a mistake", ["call.response"] = "an answer (a refusal)",
   ["transport.retry"] = "an answer (a failure)",
   resource = "an answer, a mistake",
   ["util.options"] = "a value not text, a mistake", ["util.limits"] = "a mistake",
   ["resource.list"] = "a mistake", ["resource.record"] = "a mistake",
   ["resource.waiter"] = "a mistake",
   ["call.operation"] = "a value not text, a JSON body, a mistake",
   ["call.request"] = "a value not text, a rare option", ["call.path"] = "a value not text",
}

local function read(path)
   local file = assert(io.open(path, "rb"))
   local text = file:read "*a"
   file:close()
   return text
end

-- "lua/twilio/jwt/token.lua" -> "jwt.token"; "lua/twilio.lua" -> ""
local function module_name(path)
   return (path:match "lua/twilio/?(.*)%.lua$":gsub("/", "."))
end

-- Names that a file puts together when it requires them.
local computed = { resource = { "resource.list", "resource.waiter", "file.download" } }

local function ranks(list)
   local rank_of = {}
   for rank, folder in ipairs(list) do rank_of[folder] = rank end
   return rank_of
end

local rank_of, sandbox_rank_of = ranks(folders), ranks(sandbox_folders)
local cli_rank_of = ranks(cli_folders)

local function is_sandbox(name) return name == "sandbox" or name:find "^sandbox%." ~= nil end

-- "transport.curl" -> "transport"; "" (twilio.lua) stands above all
local function folder_of(name)
   local first = name:match "^[^.]*"
   return faces[first] or first
end

local function rank_of_module(name)
   if name == "" then return #folders + 1 end
   return assert(
      rank_of[folder_of(name)],
      "no rank for the folder of '" .. name .. "': give it its place in this file")
end

-- "sandbox.http.router" -> "http"; nil at the root
local function sandbox_folder_of(name) return name:match "^sandbox%.([^.]*)%." end

local function sandbox_rank(name)
   local folder = sandbox_folder_of(name)
   if not folder then return #sandbox_folders + 1 end
   return assert(
      sandbox_rank_of[folder],
      "no rank for the folder of '" .. name .. "': give it its place in this file")
end

local function is_cli(name)
   return name:find "^cli%." ~= nil or name == "outbox" or name:find "^outbox%." ~= nil
end

-- "cli.output.table" -> "output"; "cli.account" -> "root"; "outbox.store" -> "outbox"
local function cli_rank(name)
   local folder = cli_main[name] and "main" or name:match "^cli%.([^.]*)%."
      or name:match "^outbox" or "root"
   return assert(
      cli_rank_of[folder],
      "no rank for the folder of '" .. name .. "': give it its place in this file")
end

local function requires_of(text)
   local list = {}
   for line in text:gmatch "[^\n]+" do
      for name in (
         line:match "^%s*%-%-" and "" or (line:match "require.*" or line:match "lazy .*")
            or ""):gmatch [["(twilio[%w_.]*)"]] do
         -- The C core is below everything; a name that ends in a dot is put together.
         if not name:match "^twilio%.core" and not name:match "%.$" then
            list[#list + 1] = name:gsub("^twilio%.?", "")
         end
      end
   end
   return list
end

-- The files below a folder, links left out: lua/twilio/sandbox is one.
local function lua_modules(folder)
   local graph = {}
   for _, path in ipairs(process.lines("find " .. folder .. " -name '*.lua' -type f")) do
      local name = module_name(path)
      graph[name] = requires_of(read(path))
      for _, other in ipairs(computed[name] or {}) do table.insert(graph[name], other) end
   end
   return graph
end

-- Headers that stand below all others.
local header_only = { ascii = true, compat = true, debug = true }

-- The files that a file of csrc/ includes by itself.
local function includes_of(name)
   local list = {}
   for _, path in ipairs { "csrc/" .. name .. ".c", "csrc/" .. name .. ".h" } do
      local file = io.open(path, "rb")
      for other in (file and file:read "*a" or ""):gmatch '#include "([%w_]+)%.h"' do
         if other ~= name and not header_only[other] then list[#list + 1] = other end
      end
      if file then file:close() end
   end
   return list
end

-- The Makefile's lists of files, from the top down: module -> array of names.
local function c_modules()
   local modules, text = {}, read "Makefile":gsub("\\\n", " ")
   for _, module in ipairs { "CORE", "CRYPTO", "HTTP" } do
      modules[module] = {}
      for name in text:match("\n" .. module .. "%s*:=([^\n]*)"):gmatch "%S+" do
         table.insert(modules[module], name)
      end
   end
   return modules
end

local function upward_modules(graph, rank)
   local wrong = {}
   for name, others in pairs(graph) do
      for _, other in ipairs(others) do
         if rank(other) > rank(name) then wrong[#wrong + 1] = name .. " requires " .. other end
      end
   end
   table.sort(wrong)
   return wrong
end

local function circles(graph)
   local found, state = {}, {}
   local function visit(name, way)
      if state[name] == "done" then return end
      if state[name] == "open" then
         found[#found + 1] = table.concat(way, " -> ") .. " -> " .. name
         return
      end
      state[name] = "open"
      way[#way + 1] = name
      for _, other in ipairs(assert(graph[name], "no file for " .. name)) do visit(other, way) end
      way[#way] = nil
      state[name] = "done"
   end
   for name in pairs(graph) do visit(name, {}) end
   return found
end

describe("the Lua files", function()
   local graph = lua_modules "lua"

   it("are found, and their requires too", function()
      local names = table.concat(graph.client, " ") .. " "
      for _, name in ipairs { "client.namespace", "client.settings", "transport.curl" } do
         assert.is_truthy(names:find(name .. " ", 1, true), name)
      end
   end)

   it("never require a folder above their own", function()
      assert.same({}, upward_modules(graph, rank_of_module))
   end)

   it("stand in docs/architecture.md in the same order", function()
      local block, layers = read "docs/architecture.md":match "\n## Layers\n.-\n```\n(.-)```", {}
      for line in block:gmatch "[^\n]+" do
         for name in (line:match "^%S+  %S+  %S+" or line:match "^%S+"):gmatch "%S+" do
            layers[#layers + 1] = name
         end
      end
      assert.equal("twilio.lua", table.remove(layers, 1))
      local order = {}
      for i = #folders, 1, -1 do
         order[#order + 1] = folders[i]
      end
      assert.same(order, layers)
   end)

   it("never require each other in circles", function() assert.same({}, circles(graph)) end)

   it("that are data require nothing", function()
      for name in pairs(graph) do
         if folder_of(name) == "api" or folder_of(name) == "schema" or name == "twiml.grammar" then
            assert.same({}, graph[name], name)
         end
      end
   end)

   it("are loaded late at four seams only", function()
      local late = {}
      for _, path in ipairs(process.lines "find lua -name '*.lua'") do
         local name = module_name(path)
         local uses = name ~= "util.lazy" and not name:find "^sandbox"
            and read(path):find 'lazy"? "twilio'
         if uses then late[#late + 1] = name end
      end
      table.sort(late)
      local named = {}
      for name in pairs(seams) do named[#named + 1] = name end
      table.sort(named)
      assert.same(named, late)
   end)

   it("that stand beside the client require nothing but what is below", function()
      for name, others in pairs(graph) do
         local folder = folder_of(name)
         for _, other in ipairs(beside[folder] and others or {}) do
            assert.is_true(
               folder_of(other) == folder or folder_of(other) == beside[folder],
               name .. " requires " .. other)
         end
      end
   end)

   it("at the root are what a program may require: at most 12", function()
      local names = process.lines "ls lua/twilio/*.lua"
      assert.is_true(#names <= 12, table.concat(names, " "))
   end)

   it("say in their heads what they are", function()
      for name in pairs(graph) do
         local path = name == "" and "lua/twilio.lua"
            or "lua/twilio/" .. name:gsub("%.", "/") .. ".lua"
         assert.matches("^%-%- ", read(path), path)
      end
   end)
end)

describe("the sandbox's Lua files", function()
   local graph, inside, outside = lua_modules "sandbox/lua", {}, {}
   for name, others in pairs(graph) do
      inside[name], outside[name] = {}, {}
      for _, other in ipairs(others) do
         table.insert((is_sandbox(other) and inside or outside)[name], other)
      end
   end

   it("are found, and their requires too", function()
      table.sort(inside["sandbox.openresty"])
      assert.same(
         {
            "sandbox", "sandbox.http.api_error", "sandbox.server.console", "sandbox.server.guard",
            "sandbox.server.namespaces", "sandbox.test.commands",
         },
         inside["sandbox.openresty"])
      assert.is_true(#outside["sandbox.http.router"] > 0)
   end)

   it("never require a folder above their own", function()
      assert.same({}, upward_modules(inside, sandbox_rank))
   end)

   it("never require each other in circles", function() assert.same({}, circles(inside)) end)

   it("require no more of the library than they may", function()
      for name, others in pairs(outside) do
         for _, other in ipairs(others) do
            local folder = folder_of(other)
            local may = sandbox_uses[folder]
               or (name == "sandbox.openresty" and sandbox_openresty_uses[folder])
            assert.is_true(may or false, name .. " requires " .. other)
         end
      end
   end)

   it("that are data require nothing", function()
      for name in pairs(graph) do
         if name:find "^sandbox%.schema%.api%." then assert.same({}, graph[name], name) end
      end
   end)

   it("at the root are what a program may require", function()
      local names = {}
      for name in pairs(graph) do
         if not sandbox_folder_of(name) then names[#names + 1] = name end
      end
      table.sort(names)
      assert.same({ "sandbox", "sandbox.openresty" }, names)
   end)

   it("are required by nothing of the library", function()
      for name, others in pairs(lua_modules "lua") do
         for _, other in ipairs(others) do
            assert.is_false(is_sandbox(other), name .. " requires " .. other)
         end
      end
   end)

   it("have each a spec of their name", function()
      for name in pairs(graph) do
         local path = "spec/" .. name:gsub("%.", "/") .. "_spec.lua"
         if not name:find "^sandbox%.schema%.api%." then
            assert.matches("^%-%- ", read(path), path)
         end
      end
   end)

   it("say in their heads what they are", function()
      for name in pairs(graph) do
         local path = "sandbox/lua/twilio/" .. name:gsub("%.", "/") .. ".lua"
         assert.matches("^%-%- ", read(path), path)
      end
   end)
end)

describe("the command line's Lua files", function()
   local graph, inside, outside = lua_modules "cli/lua", {}, {}
   for name, others in pairs(graph) do
      inside[name], outside[name] = {}, {}
      for _, other in ipairs(others) do
         table.insert((is_cli(other) and inside or outside)[name], other)
      end
   end

   it("are found, and their requires too", function()
      assert.is_truthy(graph["cli.main"])
      assert.is_truthy(table.concat(inside["cli.main"], " "):find("cli.context", 1, true))
   end)

   it("never require a folder above their own", function()
      assert.same({}, upward_modules(inside, cli_rank))
   end)

   it("never require each other in circles", function() assert.same({}, circles(inside)) end)

   it("require no more of the library than they may, and never the sandbox", function()
      for name, others in pairs(outside) do
         for _, other in ipairs(others) do
            -- In the text of nginx's configuration.
            local is_served = name == "cli.commands.sandbox" and other == "sandbox.openresty"
            assert.is_true(
               cli_uses[folder_of(other)] or is_served, name .. " requires " .. other)
         end
      end
   end)

   it("are required by nothing of the library and of the sandbox", function()
      for _, tree in ipairs { "lua", "sandbox/lua" } do
         for name, others in pairs(lua_modules(tree)) do
            for _, other in ipairs(others) do
               assert.is_false(is_cli(other), name .. " requires " .. other)
            end
         end
      end
   end)

   it("have each a spec of their name, and each spec a file", function()
      local specs = {}
      for name in pairs(graph) do
         local path = "spec/cli/" .. name:gsub("^cli%.", ""):gsub("%.", "/") .. "_spec.lua"
         specs[path] = true
         assert.matches("^%-%- ", read(path), path)
      end
      for _, path in ipairs(process.lines "find spec/cli -name '*_spec.lua'") do
         assert.is_true(specs[path] or false, path .. " has no file")
      end
   end)

   it("say in their heads what they are", function()
      for name in pairs(graph) do
         local path = "cli/lua/twilio/" .. name:gsub("%.", "/") .. ".lua"
         assert.matches("^%-%- ", read(path), path)
      end
   end)
end)

describe("the C files", function()
   local modules = c_modules()

   it("are in the Makefile's lists, every one", function()
      local listed = {}
      for _, list in pairs(modules) do
         for _, name in ipairs(list) do listed[name] = true end
      end
      for _, path in ipairs(process.lines "ls csrc/*.[ch]") do
         local name = path:match "([%w_]+)%.[ch]$"
         assert.is_true(listed[name] or header_only[name], path)
      end
   end)

   it("include only those after them in their module's list, which has no other", function()
      for module, list in pairs(modules) do
         local place, needed = {}, { [list[1]] = true }
         for i, name in ipairs(list) do place[name] = i end
         for i, name in ipairs(list) do
            assert.is_true(needed[name], name .. " isn't needed in " .. module)
            for _, other in ipairs(includes_of(name)) do
               assert.is_true(
                  place[other] ~= nil and place[other] > i,
                  ("%s: %s includes %s"):format(module, name, other))
               needed[other] = true
            end
         end
      end
   end)

   it("know nothing of Lua after class", function()
      local count = 0
      for _, list in pairs(modules) do
         local is_below = false
         for _, name in ipairs(list) do
            for _, file in ipairs(
               is_below and process.lines("ls csrc/" .. name .. ".[ch]") or {}) do
               count = count + 1
               assert.is_nil(read(file):find "lua_State", file)
               assert.is_nil(read(file):find('"compat.h"', 1, true), file)
            end
            is_below = is_below or name == "class"
         end
      end
      assert.is_true(count > 30)
   end)
end)

describe("the built modules", function()
   it("show one symbol each", function()
      local shown = 0
      for _, name in ipairs { "twilio.core", "twilio.core.crypto", "twilio.core.http" } do
         local path = package.searchpath and package.searchpath(name, package.cpath)
         if not path then
            for template in package.cpath:gmatch "[^;]+" do
               local candidate = template:gsub("%?", (name:gsub("%.", "/")))
               local file = not path and io.open(candidate, "rb")
               if file then
                  file:close()
                  path = candidate
               end
            end
         end
         local symbols = {}
         for _, line in ipairs(process.lines("nm -D --defined-only '" .. path .. "'")) do
            local symbol = line:match "%x+ %u ([%w_]+)$"
            -- A sanitizer adds symbols of its own.
            if symbol and not symbol:match "^__" then symbols[#symbols + 1] = symbol end
         end
         assert.same({ "luaopen_" .. name:gsub("%.", "_") }, symbols)
         shown = shown + 1
      end
      assert.equal(3, shown)
   end)
end)

describe("the API data", function()
   it("is at most 220 KB", function()
      local size = 0
      for _, path in ipairs(process.lines "ls lua/twilio/api/*.lua") do
         size = size + #read(path)
      end
      assert.is_true(size > 100 * 1000 and size <= 220 * 1000, size .. " bytes")
   end)

   it("has schemas of at most 250 KB, one file for each version", function()
      local size = 0
      for _, domain in ipairs(model.domains()) do
         for version, file in pairs(model.domain(domain)) do
            if version ~= 1 then size = size + #read("lua/twilio/schema/" .. file .. ".lua") end
         end
      end
      assert.is_true(size > 100 * 1000 and size <= 250 * 1000, size .. " bytes")
   end)
end)
