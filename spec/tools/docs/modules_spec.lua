-- tools/docs/modules.lua: the pages of the public modules. Each public function is documented in
-- full, once, in types/library, and its example runs against the sandbox.

package.path = "tools/?.lua;" .. package.path .. ";/usr/share/lua/5.1/?.lua" -- Debian's luacheck

local annotations = require "docs.annotations"
local has_program, program = pcall(require, "types.program") -- it needs luacheck
local modules = require "docs.modules"
local process = require "support.process"
local read = require "types.read"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local AC = "AC" .. ("0"):rep(32)

local function is_language(name) return name:find "^twilio%.twiml%." ~= nil end

-- Calls visit(module, class, function) for each function that is written by hand, and for what has
-- an example besides.
local function each_example(visit)
   for _, name in ipairs(modules.names) do
      local module = not is_language(name) and modules.read(name)
      for _, class in ipairs(module and module.classes or {}) do
         if class.example then visit(module, class, class) end
         for _, fun in ipairs(class.functions) do visit(module, class, fun) end
      end
   end
end

-- Examples that need a web server or an event loop, or a database that this Lua has no module for.
local function needs_more(module)
   return module.name:find "^twilio%.webhook%." or module.name:find "^twilio%.runtime%."
      or module.name == "twilio.outbox" and not pcall(require, "luasql.sqlite3")
end

local function load_in(code, env)
   if setfenv then -- luacheck: globals setfenv loadstring
      return setfenv(assert(loadstring(code, "=example")), env)
   end
   return assert(load(code, "=example", "t", env))
end

-- Messages of examples are kept in a folder that goes away.
local function in_folder(outbox, folder)
   return setmetatable({
      open = function(options) return outbox.open { db = folder .. "/" .. options.db } end,
   }, { __index = outbox })
end

local function run(module, code, folder)
   local box = sandbox.new { seed = 1, webhook = function() return "<Response/>" end }
   local function client(options)
      local all = { account_sid = AC, auth_token = "token", transport = box }
      for name, value in pairs(options or {}) do all[name] = value end
      return twilio.client(all)
   end
   local env = setmetatable({
      twilio = setmetatable({ client = client }, { __index = twilio }), client = client(),
      box = box,
      voice = require "twilio.twiml.voice", print = function(...) return tostring((...)) end,
      assert = function(value, err)
         if not value then error(err, 0) end
         return value
      end,
   }, { __index = _G })
   function env.require(name)
      return name == "twilio.outbox" and in_folder(require(name), folder) or require(name)
   end
   if module.name ~= "twilio" then env[module.variable] = env.require(module.name) end
   load_in(code, env)()
end

describe("the annotations of a module", function()
   it("are read as text", function()
      local module = annotations.read([[
---@meta some.module

---Options.
---@class some.Options
---@field size? number bytes; 1 MiB
---@field mode "a"|"b" how

---First paragraph
---goes on.
---
---Second.
---@class some.module
local module = {}

---Makes one.
---
---Errors: a mistake raises.
---```lua
---print(module.make { mode = "a" })
---```
---@param options? some.Options all of them
---@return string? text what it is
---@return string? message
function module.make(options) end

return module
]])
      assert.equal("some.module", module.name)
      assert.same({ "First paragraph goes on.", "Second." }, module.main.description)
      assert.same({ name = "mode", type = '"a"|"b"', optional = false, description = "how" },
         module.classes[1].fields[2])
      local make = module.main.functions[1]
      assert.same({ "a mistake raises.", 'print(module.make { mode = "a" })' },
         { make.errors, make.example })
      assert.same({ name = "options", type = "some.Options", optional = true,
         description = "all of them" }, make.parameters[1])
      assert.same({ type = "string?", name = "text", description = "what it is" }, make.results[1])
   end)
end)

describe("the page of a module", function()
   it("is there for each module that the types have", function()
      local world, named = read.folder "types/library", {}
      for _, name in ipairs(modules.names) do named[name] = true end
      for name in pairs(world.modules) do assert.is_true(named[name], name) end
   end)

   it("describes each function: arguments, results, errors, an example", function()
      local lacking, count = {}, 0
      each_example(function(_, class, fun)
         count = count + 1
         local function want(condition, what)
            if not condition then
               lacking[#lacking + 1] = ("%s.%s: %s"):format(class.name, fun.name, what)
            end
         end
         want(#fun.description > 0 and fun.description[1]:find "^%u.*%.$", "a sentence")
         want(fun.errors, "Errors:")
         want(fun.example, "an example")
         for _, result in ipairs(fun.results or {}) do
            want(result.name or result.type == "nil", "the name of a result")
         end
      end)
      assert.same({}, lacking)
      assert.is_true(count > 70, count)
   end)

   it("has examples that run", function()
      local failed, count, folder = {}, 0, process.folder()
      finally(function() process.forget(folder) end)
      each_example(function(module, _, fun)
         if needs_more(module) then return load_in(fun.example, {}) end
         count = count + 1
         local ok, message = pcall(run, module, fun.example, folder)
         if not ok then
            failed[#failed + 1] = ("%s %s: %s"):format(module.name, fun.name, tostring(message))
         end
      end)
      assert.equal("", table.concat(failed, "\n"))
      assert.is_true(count > 60, count)
   end)

   it("has examples that the checker of programs accepts", function()
      if not has_program then return pending "luacheck isn't there" end
      local world, mistakes = read.folder "types/library", {}
      each_example(function(module, _, fun)
         local found = assert(program.check(world, fun.example, {
            twilio = "twilio", client = "twilio.Client", box = "twilio.Sandbox",
            voice = "twilio.twiml.voice", [module.variable] = module.main.name,
         }))
         for _, one in ipairs(found) do
            mistakes[#mistakes + 1] = ("%s.%s: %s"):format(module.name, fun.name, one.text)
         end
      end)
      assert.equal("", table.concat(mistakes, "\n"))
   end)

   it("links types to where they are described", function()
      local site = { files = {}, entries = {} }
      modules.add(site)
      local page = site.files["modules/twilio.html"]
      assert.is_truthy(page:find(
         '<a href="twilio.html#twilio.ClientOptions">twilio.ClientOptions</a>', 1, true))
      assert.same({}, require "docs.links" ({
         ["modules/twilio.html"] = page:gsub('href="%.%./[^"]*"', ""):gsub('src="[^"]*"', "")
            :gsub('<link[^>]*>', ""):gsub('<a href="twilio%.%l[^"]*"', "<a"),
      }))
      local voice = site.files["modules/twilio.twiml.voice.html"]
      assert.is_truthy(voice:find("<code>num_digits</code>", 1, true))
   end)
end)
