-- The architecture, as far as a program can check it: no folder requires one above it, nothing
-- requires itself by a detour, data requires nothing, and each C module shows one symbol.
-- docs/architecture.md, "Layers", says the same in words.

local process = require "support.process"

-- From the bottom to the top: a folder is a layer. A file may require its own folder and those
-- before it. A file at the root is the public face of the folder of its name.
local folders = {
   "util", "api", "twiml", "jwt", "webhook", "call", "transport", "file", "runtime", "auth", "resource", "client", "sandbox",
}
local faces = { json = "util", upload = "file" } -- files at the root whose folder has another name

-- The folders beside the client require nothing but these folders and themselves.
local beside = { twiml = "util", jwt = "util", webhook = "util" }

local c_layers = {
   { name = "libc", "compat", "debug", "ascii", "buf", "form", "base64", "process" },
   { name = "Lua's API", "class", "fields", "system", "cjson_text", "cjson_fix" },
   {
      name = "libraries", "digest", "signed_text", "poller", "notifier", "transfer", "tls_records", "connection", "handle", "stream",
      "body_parts", "engine",
   },
   { name = "userdata", "credentials", "signer", "validator", "request", "exchange", "session" },
   { name = "modules", "core", "crypto", "http" },
}

local function read(path)
   local file = assert(io.open(path, "rb"))
   local text = file:read "*a"
   file:close()
   return text
end

local function layer_of(layers, name)
   for rank, layer in ipairs(layers) do
      for _, pattern in ipairs(layer) do
         if name:match("^" .. pattern .. "$") then return rank, layer.name end
      end
   end
   error("no layer for '" .. name .. "': give it its place in this file")
end

-- "lua/twilio/jwt/token.lua" -> "jwt.token"; "lua/twilio.lua" -> ""
local function module_name(path)
   return (path:match "^lua/twilio/?(.*)%.lua$":gsub("/", "."))
end

-- Names that a file puts together when it requires them.
local computed = { resource = { "resource.list", "resource.waiter", "file.download" } }

local rank_of = {}
for rank, folder in ipairs(folders) do rank_of[folder] = rank end

-- "transport.curl" -> "transport"; "" (twilio.lua) stands above all
local function folder_of(name)
   local first = name:match "^[^.]*"
   return faces[first] or first
end

local function rank_of_module(name)
   if name == "" then return #folders + 1 end
   return assert(rank_of[folder_of(name)], "no rank for the folder of '" .. name .. "': give it its place in this file")
end

local function requires_of(text)
   local list = {}
   for line in text:gmatch "[^\n]+" do
      for name in (line:match "^%s*%-%-" and "" or (line:match "require.*" or line:match "lazy .*") or ""):gmatch [["(twilio[%w_.]*)"]] do
         -- The C core is below everything; a name that ends in a dot is put together.
         if not name:match "^twilio%.core" and not name:match "%.$" then list[#list + 1] = name:gsub("^twilio%.?", "") end
      end
   end
   return list
end

local function lua_modules()
   local graph = {}
   for _, path in ipairs(process.lines "find lua -name '*.lua'") do
      local name = module_name(path)
      graph[name] = requires_of(read(path))
      for _, other in ipairs(computed[name] or {}) do table.insert(graph[name], other) end
   end
   return graph
end

local function c_files()
   local graph = {}
   for _, path in ipairs(process.lines "find csrc -name '*.[ch]'") do
      local name = path:match "([%w_]+)%.[ch]$"
      graph[name] = graph[name] or {}
      for other in read(path):gmatch '#include "([%w_]+)%.h"' do
         if other ~= name then table.insert(graph[name], other) end
      end
   end
   return graph
end

local function upward_modules(graph)
   local wrong = {}
   for name, others in pairs(graph) do
      for _, other in ipairs(others) do
         if rank_of_module(other) > rank_of_module(name) then wrong[#wrong + 1] = name .. " requires " .. other end
      end
   end
   table.sort(wrong)
   return wrong
end

local function upward(graph, layers)
   local wrong = {}
   for name, others in pairs(graph) do
      local rank, layer = layer_of(layers, name)
      for _, other in ipairs(others) do
         local other_rank, other_layer = layer_of(layers, other)
         if other_rank > rank then wrong[#wrong + 1] = ("%s (%s) uses %s (%s)"):format(name, layer, other, other_layer) end
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
   local graph = lua_modules()

   it("are found, and their requires too", function()
      local names = table.concat(graph.client, " ") .. " "
      for _, name in ipairs { "client.namespace", "client.settings", "transport.curl" } do
         assert.is_truthy(names:find(name .. " ", 1, true), name)
      end
   end)

   it("never require a folder above their own", function() assert.same({}, upward_modules(graph)) end)

   it("never require each other in circles", function() assert.same({}, circles(graph)) end)

   it("that are data require nothing", function()
      for name in pairs(graph) do
         if folder_of(name) == "api" or name == "twiml.grammar" or name:find "^sandbox%.shapes%." then
            assert.same({}, graph[name], name)
         end
      end
   end)

   it("that stand beside the client require nothing but what is below", function()
      for name, others in pairs(graph) do
         local folder = folder_of(name)
         for _, other in ipairs(beside[folder] and others or {}) do
            assert.is_true(folder_of(other) == folder or folder_of(other) == beside[folder], name .. " requires " .. other)
         end
      end
   end)

   it("at the root are what a program may require: at most 12", function()
      local names = process.lines "ls lua/twilio/*.lua"
      assert.is_true(#names <= 12, table.concat(names, " "))
   end)

   it("say in their heads what they are", function()
      for name in pairs(graph) do
         local path = name == "" and "lua/twilio.lua" or "lua/twilio/" .. name:gsub("%.", "/") .. ".lua"
         assert.matches("^%-%- ", read(path), path)
      end
   end)
end)

describe("the C files", function()
   local graph = c_files()

   it("never include a higher layer", function()
      assert.is_true(#graph.engine > 0)
      assert.same({}, upward(graph, c_layers))
   end)

   it("never include each other in circles", function() assert.same({}, circles(graph)) end)

   it("know nothing of Lua where they shouldn't", function()
      for _, name in ipairs {
         "debug", "buf", "form", "base64", "process", "digest", "signed_text", "poller", "notifier", "transfer", "tls_records",
         "connection", "handle", "stream", "body_parts", "engine",
      } do
         for _, file in ipairs(process.lines("ls csrc/" .. name .. ".[ch]")) do
            assert.is_nil(read(file):find "lua_State", file)
            for _, other in ipairs(graph[name]) do assert.are_not.equal("class", other, file) end
         end
      end
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
   it("is at most 200 KB", function()
      local size = 0
      for _, path in ipairs(process.lines "ls lua/twilio/api/*.lua") do size = size + #read(path) end
      assert.is_true(size > 100 * 1024 and size <= 200 * 1024, size .. " bytes")
   end)
end)
