-- types/ and tools/types: the annotations for editors, which are made of the API data, and the
-- checker that reads them.

package.path = "tools/?.lua;" .. package.path

local api = require "types.api"
local attribute = require "twilio.twiml.attribute"
local grammar = require "twilio.twiml.grammar"
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local place = require "twilio.call.place"
local process = require "support.process"
local read = require "types.read"
local settings = require "twilio.client.settings"
local twilio = require "twilio"

local world, paths

setup(function() world, paths = read.folder "types/library" end)
teardown(function() world = nil end)

-- Every resource of the API: visit(place).
local function each_place(visit)
   local function below(above, side)
      local parent = above.node and above.node[side] or above.data
      for name in pairs(parent.nodes or {}) do
         local at = place.child(above, name, side)
         visit(at)
         for _, own in ipairs { "list", "item" } do
            if at.node[own] then below(at, own) end
         end
      end
   end
   for _, domain in ipairs(model.domains()) do
      for _, version in ipairs(place.version_names(domain)) do
         below(place.version(domain, version))
      end
   end
end

local class_of_side = { list = ".List", item = ".Instance" }
local arguments_of = {
   create = "create", fetch = "fetch", update = "update", patch = "patch", delete = "delete",
   list = "list",
}

describe("the types", function()
   it("are what the generator makes", function()
      local count = 0
      for path, text in pairs(require "types.files"()) do
         local file = io.open("types/library/twilio/" .. path, "rb")
         local now = file and file:read "*a"
         if file then file:close() end
         assert.is_true(text == now, path .. " is stale: run `make types`")
         count = count + 1
      end
      local there = process.output "find types/library/twilio/api types/library/twilio/twiml -type f"
      assert.equal(count, select(2, there:gsub("%.lua", "")))
   end)

   it("are Lua, each file", function()
      for _, path in ipairs(paths) do
         assert.is_function(loadfile(path), path)
      end
      assert.is_true(#paths > 70)
   end)

   it("write words that Lua reserves in brackets", function()
      for _, path in ipairs(paths) do
         for name in process.read(path):gmatch "%-%-%-@field ([%w_]+)" do
            assert.is_truthy((loadstring or load)("local " .. name), path .. ": " .. name)
         end
      end
   end)

   it("mention no type that isn't there, and declare each once", function()
      assert.same({}, read.unresolved(world))
      assert.same({ "twilio.Client" }, world.again) -- by hand, and its products
   end)

   it("have every method, sub-resource and parameter of the data", function()
      local methods, parameters = 0, 0
      each_place(function(at)
         local name = api.name(at)
         for side, suffix in pairs(class_of_side) do
            local class = at.node[side] and world.classes[name .. suffix]
            for method in pairs(arguments_of) do
               local op = class and model.operation(at.node[side], method)
               if op then
                  assert.is_table(class.fields[method], name .. suffix .. ":" .. method)
                  methods = methods + 1
                  local arguments = world.classes[name .. "." .. method]
                  for _, parameter in ipairs(op.parameters) do
                     local field = arguments.fields[parameter.name]
                     assert.is_table(field, name .. "." .. method .. "." .. parameter.name)
                     assert.equal(parameter.required ~= true, field.optional)
                     parameters = parameters + 1
                  end
               end
            end
            for child in pairs(at.node[side] and at.node[side].nodes or {}) do
               assert.is_table(class.fields[child], name .. suffix .. "." .. child)
            end
         end
      end)
      assert.equal(1592, methods)
      assert.is_true(parameters > 4900, parameters)
   end)

   it("have no method, sub-resource or parameter that the data hasn't", function()
      local ours = { describe = true, each = "list", page = "list", page_at = "list",
         wait_until = "fetch", download = "file" }
      local paging = { limit = true, page_size = true, page_number = true, page_token = true }
      each_place(function(at)
         local name = api.name(at)
         for side, suffix in pairs(class_of_side) do
            local class, of = world.classes[name .. suffix], at.node[side] or {}
            for field in pairs(class and class.fields or {}) do
               local known = model.operation(of, field) or model.node(of, field) or ours[field]
               if type(known) == "string" then known = of[known] end
               assert.is_truthy(known, name .. suffix .. "." .. field)
            end
            for method in pairs(arguments_of) do
               local op = model.operation(of, method)
               local shape = require("twilio.call.body").shape
               local body = op and op.members and shape(op, operation.snake)
               local arguments = op and world.classes[name .. "." .. method]
               for field in pairs(arguments and arguments.fields or {}) do
                  local known = op.by_name[field] or op.by_name[field:match("^(.*)_$")]
                     or op.by_wire[field] or (body and body.members[field])
                     or (method == "list" and paging[field])
                  assert.is_truthy(known, ("%s.%s.%s"):format(name, method, field))
               end
            end
         end
      end)
   end)

   it("lead from the client to every product and shortcut", function()
      local client = world.classes["twilio.Client"]
      for _, domain in ipairs(model.domains()) do
         assert.equal("twilio." .. domain, client.fields[domain].type.name)
         for _, version in ipairs(place.version_names(domain)) do
            local of = world.classes["twilio." .. domain].fields[version].type.name
            for resource in pairs(place.version(domain, version).data.nodes) do
               assert.is_table(world.classes[of].fields[resource], of .. "." .. resource)
            end
         end
      end
      for _, name in ipairs(model.shortcuts()) do
         local class = "twilio.api.v2010.accounts." .. name .. ".List"
         assert.equal(class, client.fields[name].type.name)
      end
      local call = world.classes["twilio.api.v2010.accounts.messages.List"].calls[1]
      assert.equal("twilio.api.v2010.accounts.messages.Instance", call.results[1].name)
   end)

   it("have enums as literals, and members of JSON bodies as classes", function()
      local create = world.classes["twilio.api.v2010.accounts.messages.create"].fields
      assert.same({ { kind = "literal", value = "enable" }, { kind = "literal", value = "disable" },
         kind = "union" }, create.risk_check.type)
      local record = world.classes["twilio.api.v2010.accounts.messages.Record"]
      assert.same({ "twilio.api.v2010.accounts.messages.Instance" }, record.parents)
      assert.equal("delivered", record.fields.status.type[5].value)
      assert.equal("nil", read.type("string?")[2].name)
      local rules = world.classes["twilio.intelligence.v3.configurations.create.rules"].fields
      assert.is_table(rules.operators)
   end)

   it("know the client's options and the public functions that are written by hand", function()
      local options = world.classes["twilio.ClientOptions"].fields
      for name in pairs(options) do assert.is_true(settings.is_option(name), name) end
      local source = process.read "lua/twilio/client/settings.lua":match "\nlocal known = {(.-)\n}"
      local count = 0
      for name in source:gmatch "%f[%w_]([%l_]+) = " do
         local is_rule = name == "fields" or name == "check" or name == "from"
         assert.is_true(is_rule or options[name] ~= nil, name)
         count = count + 1
      end
      assert.is_true(count > 25)
      local module = world.classes.twilio.fields
      for name, value in pairs(twilio) do
         if type(value) == "function" then assert.is_table(module[name], name) end
      end
      for name in process.read "lua/twilio.lua":match "local lazy = {(.-)\n}":gmatch "\n   ([%w_]+) = " do
         assert.is_table(module[name], name)
      end
      for name in pairs(module) do assert.is_not_nil(twilio[name], name) end
      for name, class in pairs(world.modules) do
         -- The others need a server's or a loop's own modules.
         if not name:find "^twilio%.webhook%." and not name:find "^twilio%.runtime%." then
            local loaded = require(name)
            for field in pairs(class.fields) do
               local is_there = loaded[field] ~= nil or name == "twilio"
               assert.is_true(is_there, name .. "." .. field)
            end
         end
      end
   end)

   -- class -> the file that checks its tables, and the words before the rules
   local rules_of = {
      ["twilio.SandboxOptions"] = { "sandbox/lua/twilio/sandbox.lua", "local known = {" },
      ["twilio.WebhookOptions"] = { "lua/twilio/webhook.lua", "local known = {" },
      ["twilio.OutboxRunOptions"] = { "cli/lua/twilio/outbox.lua", "local run_options = {" },
      ["twilio.OutboxReconcileOptions"] = {
         "cli/lua/twilio/outbox.lua", "local reconcile_options = {",
      },
      ["twilio.ConnectionOverrides"] = { "lua/twilio/webhook/overrides.lua", "local known = {" },
      ["twilio.MapOptions"] = { "lua/twilio/runtime/map.lua", "local known = {" },
      ["twilio.WaitOptions"] = { "lua/twilio/resource/waiter.lua", "local known = {" },
      ["twilio.DownloadOptions"] = { "lua/twilio/file/download.lua", "local known = {" },
      ["twilio.RequestOptions"] = { "lua/twilio/client/request.lua", "local known = {" },
      ["twilio.OAuth"] = { "lua/twilio/auth/oauth.lua", "oauth.known = {" },
      ["twilio.Validation"] = {
         "lua/twilio/auth/client_validation.lua", "client_validation.known = {",
      },
      ["twilio.jwt.AccessToken"] = { "lua/twilio/jwt/access_token.lua", "local known = {" },
      ["twilio.jwt.ClientCapability"] = {
         "lua/twilio/jwt/client_capability.lua", "local known = {",
      },
      ["twilio.jwt.TaskRouterCapability"] =
         { "lua/twilio/jwt/taskrouter_capability.lua", "local known = {" },
      ["twilio.jwt.Policy"] =
         { "lua/twilio/jwt/taskrouter_capability.lua", "local policy_known = {" },
   }

   it("have the options that each table of rules has", function()
      for class, rules in pairs(rules_of) do
         local source = process.read(rules[1])
         local _, at = source:find("\n" .. rules[2], 1, true)
         local block = source:match("^%b{}", at):sub(2, -2):gsub("%-%-[^\n]*", "")
            :gsub("%b{}", "{}"):gsub("%b()", "")
         local ruled, typed = {}, {}
         for name in block:gmatch "%f[%w_]([%l_]+) = " do ruled[name] = true end
         for name in pairs(read.fields(world, world.classes[class])) do typed[name] = true end
         assert.same(ruled, typed, class)
      end
   end)

   it("have the methods of clients, webhooks and sandboxes", function()
      -- Those that the library itself calls.
      local own = {
         alert = true, clock_state = true, know_account = true, pause = true,
         set_clock = true, some_account = true, spawn = true, told_progress = true,
      }
      for class, file in pairs {
         ["twilio.Sandbox"] = { "sandbox/lua/twilio/sandbox.lua", "Sandbox" },
         ["twilio.Webhook"] = { "lua/twilio/webhook.lua", "Webhook" },
         ["twilio.Outbox"] = { "cli/lua/twilio/outbox.lua", "Outbox" },
         ["twilio.Client"] = { "lua/twilio/client/methods.lua", "methods" },
      } do
         local source = process.read(file[1])
         for name in source:gmatch("\nfunction " .. file[2] .. "[.:](%l[%w_]*)") do
            local typed = world.classes[class].fields[name]
            assert.is_truthy(typed or own[name], class .. ":" .. name)
         end
         for name, field in pairs(world.classes[class].fields) do
            if field.type.kind == "fun" and name ~= "describe" then
               assert.is_truthy(
                  source:find("function " .. file[2] .. "[.:]" .. name .. "%f[%W]"),
                  class .. ":" .. name)
            end
         end
      end
   end)

   it("have every element and attribute of TwiML", function()
      local count = 0
      for language, lines in pairs(grammar) do
         for name, line in pairs(lines) do
            local class = ("twilio.twiml.%s.%s"):format(language, name)
            assert.is_table(world.classes["twilio.twiml." .. language].fields[name], class)
            local words, children = line:match "^[^ {]+%S*([^>]*)>?(.*)$"
            for wire in words:gmatch "[^%s,]+" do
               local fields = world.classes[class .. ".Attributes"].fields
               assert.is_table(fields[attribute.snake(wire)], class .. " " .. wire)
               count = count + 1
            end
            for child in children:gmatch "%S+" do
               local step = attribute.snake((child:gsub("^Ssml", "")))
               local fields = world.classes[class].fields
               assert.is_table(fields[step] or fields[step .. "_"], class .. ":" .. step)
            end
         end
      end
      assert.is_true(count > 300, count)
   end)
end)

describe("tools/types/check.lua", function()
   local folder
   local has_parser = process.output [[lua5.4 -e 'package.path = package.path .. ";/usr/share/lua/5.1/?.lua"
      print(pcall(require, "luacheck.parser"))' 2>&1]]:find "^true" ~= nil

   setup(function() folder = process.folder() end)
   teardown(function() process.forget(folder) end)

   local function check(arguments)
      return process.output("env -u LUA_PATH lua5.4 tools/types/check.lua %s 2>&1", arguments or "")
   end

   local head = 'local twilio = require "twilio"\nlocal client = twilio.client {}\n'
      .. 'local voice = require "twilio.twiml.voice"\n'

   -- Returns program -> array of complaints. One run checks all of them, as reading the types takes
   -- the most time.
   local function complaints(programs)
      local names, lines = {}, {}
      for i, program in ipairs(programs) do
         names[i] = ("%s/%d.lua"):format(folder, i)
         process.write(names[i], head .. program .. "\nreturn client, voice\n")
         lines[program] = {}
      end
      local said = check(table.concat(names, " "))
      assert.matches(("\n%d programs, %%d+ mistakes$"):format(#programs), "\n" .. said)
      for line in said:gmatch "[^\n]+" do
         local number, complaint = line:match "/(%d+)%.lua:(%d+: .*)$"
         if number then table.insert(lines[programs[tonumber(number)]], complaint) end
      end
      return lines
   end

   it("finds nothing wrong with the examples and the documents", function()
      if not has_parser then return pending "luacheck isn't there" end
      local said = check()
      assert.matches("(%d+) programs, 0 mistakes$", said)
      assert.is_true(tonumber(said:match "(%d+) programs") > 20)
   end)

   it("finds planted mistakes, each at its line", function()
      if not has_parser then return pending "luacheck isn't there" end
      local planted = {
         ['client.messages:create { to = "+1", form = "+2" }'] =
            "4: client.messages:create has no 'form'",
         ['client.messages:create { body = "x" }'] = "4: client.messages:create lacks 'to'",
         ['client.messages:create()'] = "4: client.messages:create lacks 'arguments'",
         ['client.messages:create { to = "+1", risk_check = "on" }'] =
            "4: client.messages:create: 'risk_check' must be \"enable\" or \"disable\", got \"on\"",
         ['client.calls:create { to = "+1", from = "+2", timeout = "ten" }'] =
            "4: client.calls:create: 'timeout' must be integer, got \"ten\"",
         ['client.messages:create { to = true }'] =
            "4: client.messages:create: 'to' must be string or number or twilio.twiml.Node, got true",
         ['client.messages:create { to = {} }'] =
            "4: client.messages:create: 'to' must be string or number or twilio.twiml.Node, got a table",
         ['client.mesages:list()'] = "4: twilio.Client has no 'mesages'",
         ['client.messages:crate {}'] = "4: twilio.api.v2010.accounts.messages.List has no 'crate'",
         ['client.messages("SM1", 2):fetch()'] =
            "4: twilio.api.v2010.accounts.messages.List takes 1 path arguments",
         ['client.messages:list({}, { timeuot = 5 })'] =
            "4: client.messages:list: options has no 'timeuot'",
         ['local m, err = client.messages("SM1"):fetch()\nprint(m.stats)'] =
            "5: twilio.api.v2010.accounts.messages.Record has no 'stats'",
         ['local m, err = client.messages("SM1"):fetch()\nprint(err.kode)'] =
            "5: twilio.Error has no 'kode'",
         ['for call in client.calls:each() do\nprint(call.sidd) end'] =
            "5: twilio.api.v2010.accounts.calls.Record has no 'sidd'",
         ['for _, m in ipairs(client.messages:list()) do\nm:updat {} end'] =
            "5: twilio.api.v2010.accounts.messages.Record has no 'updat'",
         ['local list = client.messages\nlocal function f(to)\nlist:create { to = to, bdy = "x" }\nend f()'] =
            "6: list:create has no 'bdy'",
         ['client.intelligence.v3.configurations:create { display_name = "x",\nrules = { { operators = {}, actions = {}, triger = 1 } } }'] =
            "5: client.intelligence.v3.configurations:create: 'rules': an item has no 'triger'",
         ['voice.Response { voice.Gather { num_digit = 1 } }'] =
            "4: voice.Gather: content has no 'num_digit'",
         ['voice.Response():sya "x"'] = "4: twilio.twiml.voice.Response has no 'sya'",
         ['twilio.client { acount_sid = "AC" }'] = "4: twilio.client: options has no 'acount_sid'",
         ['twilio.jwt.access_token { account_sid = "AC", api_key = "SK" }'] =
            "4: twilio.jwt.access_token lacks 'api_secret'",
         ['twilio.webhook { auth_token = "x" }:verify { method = "POST", headers = {} }'] =
            "4: twilio.webhook(...):verify: request lacks 'url'",
         -- Values whose names are the program's own.
         ['client.content.v1.contents:create { language = "en", types = {}, variables = { ["1"] = {} } }'] =
            "4: client.content.v1.contents:create: 'variables': a value must be string or number"
            .. " or twilio.twiml.Node, got a table",
         ['client.content.v1.contents:create { language = "en", types = { twilio_text = { body = "x", bdy = 1 } } }'] =
            "4: client.content.v1.contents:create: 'types': 'twilio_text' has no 'bdy'",
         -- Results of a call.
         ['print(assert(client.calls("CA"):fetch()).duraton)'] =
            "4: twilio.api.v2010.accounts.calls.Record has no 'duraton'",
         ['for _, c in ipairs(client.calls:list() or {}) do\nprint(c.duraton) end'] =
            "5: twilio.api.v2010.accounts.calls.Record has no 'duraton'",
         ['client.calls("CA"):wait_until(function(c)\nreturn c.statuss end)'] =
            "5: twilio.api.v2010.accounts.calls.Record has no 'statuss'",
         ['local _, err = client.calls("CA"):fetch()\nif err.kind == "netwrok" then print(1) end'] =
            '5: compared with "netwrok", but it is "api" or "network" or "timeout" or "decode" or'
            .. ' "auth" or "config" or "cancelled"',
         -- The wrong kind of object, the wrong mark.
         ['client.messages:fetch()'] = "4: twilio.api.v2010.accounts.messages.List has no 'fetch'",
         ['client.calls("CA"):list()'] = "4: twilio.api.v2010.accounts.calls.Instance has no 'list'",
         ['client.messages.create { to = "+1" }'] = "4: client.messages.create: call it with a colon",
         ['client:messages("SM")'] = "4: client:messages: use a dot: client.messages",
         -- Tables that have a name before they are given.
         ['local arguments = { to = "+1",\nbdy = "x" }\nclient.messages:create(arguments)'] =
            "5: client.messages:create has no 'bdy'",
         ['local app = { client = client }\nfunction app.run() return app.client.mesages:list() end'] =
            "5: twilio.Client has no 'mesages'",
         -- Options, one of each kind.
         ['twilio.client { oauth = { client = "OQ" } }'] =
            "4: twilio.client: options: 'oauth' has no 'client'",
         ['twilio.client { http_version = "3" }'] =
            "4: twilio.client: options: 'http_version' must be \"1.1\" or \"2\", got \"3\"",
         ['client:download("u", print, { retry_unsafe = true })'] =
            "4: client:download: options has no 'retry_unsafe'",
         ['twilio.map({}, print, { concurency = 5 })'] = "4: twilio.map: options has no 'concurency'",
         ['twilio.webhook { auth_tokn = "x" }'] = "4: twilio.webhook: options has no 'auth_tokn'",
         ['twilio.jwt.access_token { account_sid = "AC", api_key = "SK", api_secret = "x",\ngrants = { video = { rom = "x" } } }'] =
            "5: twilio.jwt.access_token: 'grants': 'video' has no 'rom'",
         ['require("twilio.sandbox").new { sed = 1 }'] = "4: require(...).new: options has no 'sed'",
         ['require("twilio.sandbox").new {}:fail { stats = 500 }'] =
            "4: require(...).new(...):fail: fault has no 'stats'",
         -- TwiML in the wrong place.
         ['voice.Gather { voice.Hangup() }'] = "4: voice.Gather: content: an item must be false or"
            .. " string or number or twilio.twiml.Any or twilio.twiml.voice.Pause or"
            .. " twilio.twiml.voice.Play or twilio.twiml.voice.Say, got twilio.twiml.voice.Hangup",
         ['voice.Response():dial("x", { timeot = 3 })'] = "4: voice.Response(...):dial: attributes has no 'timeot'",
      }
      local programs = {}
      for program in pairs(planted) do programs[#programs + 1] = program end
      local found = complaints(programs)
      for program, complaint in pairs(planted) do
         assert.same({ complaint }, found[program], program)
      end
   end)

   it("takes what is right, in every spelling", function()
      if not has_parser then return pending "luacheck isn't there" end
      local programs = {
         'client.messages:create { to = "+1", body = voice.Response(), send_at = os.time(), media_url = "u" }',
         'client.messages:create { to = 15558675310, StatusCallback = "u", media_url = { "a", "b" } }',
         'client.messages:create { to = "+1", content_variables = { ["1"] = "x" }, send_at = os.date("*t") }',
         'client.intelligence.v3.configurations:create { displayName = "x", rules = {} }',
         'client.memory.v1.stores:create(twilio.verbatim { displayName = "x" })',
         'client.available_phone_numbers("US").local_:list { limit = 1 }',
         'client.numbers.v1.embedded_sessions("BU1"):create {}',
         'client.usage.records:list { End = "2026-01-01" }',
         'local r = voice.Response() r:say("x", { voice = "y" }) r:Say "z"',
         'voice.Response { voice.Say { "x", voice["say-as"] "1" }, false }',
         'local page = client.messages:page() page = page:next() print(page.items[1].sid)',
         'print(twilio.describe(client.messages).fields, client.messages:describe("create").call)',
         'client.messages:create { form = "x" } ---@diagnostic disable-line',
         'client.content.v1.contents:create { language = "en", types = {}, variables = { ["1"] = "x" } }',
         'local a = { to = "+1" } if os.time() > 1 then a = { to = "+2" } end client.messages:create(a)',
         'local a = {} a.to = "+1" client.messages:create(a)',
         'local a = {} for k, v in pairs { to = "+1" } do a[k] = v end client.messages:create(a)',
         'local a = {} local function fill(t) t.to = "+1" end fill(a) client.messages:create(a)',
         'local ok, err = pcall(client.messages.create, client.messages, { to = "+1" }) print(ok, err)',
         'local _, err = client.calls("CA"):fetch() if err and err.code == 20404 then print(err.kind) end',
         'local t = { list = client.calls } t.list = nil t.list = other print(t.list.anything)',
         'voice.Response { twilio.twiml.element("X", {}), twilio.twiml.comment "x" }',
         'local any = ... any.thing:create { x = 1 }',
      }
      local found = complaints(programs)
      for _, program in ipairs(programs) do assert.same({}, found[program], program) end
   end)

   it("says where it can't read a program", function()
      if not has_parser then return pending "luacheck isn't there" end
      assert.matches("main.lua:1: expected", check((function()
         local path = folder .. "/main.lua"
         local file = assert(io.open(path, "w"))
         file:write "local ="
         file:close()
         return path
      end)()))
   end)
end)
