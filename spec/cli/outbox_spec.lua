-- outbox.lua: the public face: what it takes, what it gives, and what it refuses.

local databases = require "support.outbox_databases"
local outbox = require "twilio.outbox"
local outbox_client = require "support.outbox_client"
local process = require "support.process"
local raised = require "support.raised"

describe("outbox.open", function()
   it("raises mistakes at the caller's line", function()
      assert.equal("outbox.open: option 'db' is required", raised(function() local _ = outbox.open {} return _ end))
      assert.matches("unknown option 'dbb'", raised(function()
         local _ = outbox.open { dbb = "x" }
         return _
      end))
   end)

   it("returns nil, err where there is no such database", function()
      if databases.missing "sqlite" then return pending(databases.missing "sqlite") end
      local box, err = outbox.open { db = "/nonexistent/folder/outbox.db" }
      assert.same({ nil, "database" }, { box, err.kind })
   end)
end)

for _, kind in ipairs(databases.kinds) do
   describe("an outbox, " .. kind, function()
      local box, url, missing

      setup(function() missing = databases.missing(kind) end)

      local function case(title, f)
         it(title, function()
            if missing then return pending(missing) end
            box, url = databases.open(kind)
            f()
            box:close()
         end)
      end

      local function item(fields)
         local all = { key = "a", to = "+15558675310", from = "+14155552344", body = "It's" }
         for name, value in pairs(fields or {}) do all[name] = value end
         return all
      end

      case("takes a key once", function()
         assert.is_true(box:add(item()))
         assert.is_false(box:add(item()))
         local added, err = box:add(item { body = "another" })
         assert.same({ nil, "conflict", "a" }, { added, err.kind, err.key })
         assert.equal("the key 'a' is in the list already, with other parameters", err.message)
         assert.equal(1, box:status().total)
      end)

      case("raises mistakes in a message at the caller's line, and adds nothing", function()
         assert.matches("^outbox:add: unknown parameter 'form'", raised(function()
            local _ = box:add(item { form = "x" })
            return _
         end))
         assert.matches("^outbox:add_all: item 2: a message needs a key", raised(function()
            local _ = box:add_all { item(), { to = "+1" } }
            return _
         end))
         assert.matches("^outbox:add_all: items are a list or a function", raised(function()
            local _ = box:add_all "x"
            return _
         end))
         assert.equal(0, box:status().total)
      end)

      case("keeps its messages when it is closed and opened again", function()
         outbox_client.fill(box, 3)
         box:close()
         box = assert(outbox.open { db = url })
         assert.equal(3, box:status().waiting)
         assert.same(3, assert(box:run((outbox_client.new()))).sent)
      end)

      case("sends failed ones again when that is asked for", function()
         outbox_client.fill(box, 2)
         local refuse = true
         local client = outbox_client.new(function() if refuse then return 400, { code = 1, message = "no" } end end)
         assert.equal(2, box:run(client).failed)
         refuse = false
         assert.equal(0, box:run(client).sent)
         assert.equal(2, box:retry_failed())
         assert.equal(2, box:run(client).sent)
         assert.equal(2, box:status().sent)
      end)

      case("sends unknown ones again only when that is asked for, and says so", function()
         outbox_client.fill(box, 2)
         local client, api = outbox_client.new(function(_, _, count) if count <= 2 then return 500 end end)
         assert.equal(2, box:run(client).unknown)
         assert.same({ 0, 0 }, { box:retry_unknown(), box:retry_failed() })
         assert.equal(2, box:retry_unknown { all = true })
         assert.equal(2, box:run(client).sent)
         assert.equal(4, api.count)
         assert.matches("option 'all' must be a boolean", raised(function()
            local _ = box:retry_unknown { all = 1 }
            return _
         end))
      end)

      case("keeps what status callbacks tell, in whatever order they come", function()
         outbox_client.fill(box, 2)
         -- The callback may come before the outcome is written.
         local told
         local client = outbox_client.new(function(_, _, count)
            if count == 1 then
               told = box:delivered { MessageSid = ("SM%032d"):format(1), MessageStatus = "sent" }
            end
         end)
         assert(box:run(client))
         assert.is_false(told)
         local sid = ("SM%032d"):format(1)
         assert.equal("k1", box:delivered { MessageSid = sid, MessageStatus = "delivered" })
         assert.equal("k1", box:delivered { MessageSid = sid, MessageStatus = "sending" })
         assert.equal("k2", box:delivered {
            SmsSid = ("SM%032d"):format(2), SmsStatus = "failed", ErrorCode = "30003",
         })
         assert.is_false(box:delivered { MessageSid = "SMother", MessageStatus = "it's" })
         assert.same({ delivered = 1, failed = 1 }, box:status().deliveries)
         local rows = {}
         for row in box:each() do rows[#rows + 1] = row end
         assert.same({ "delivered", nil, "failed", 30003 },
            { rows[1].delivery, rows[1].delivery_code, rows[2].delivery, rows[2].delivery_code })
         assert.matches("need MessageSid and MessageStatus", raised(function()
            local _ = box:delivered {}
            return _
         end))
      end)

      case("settles an unknown message by a callback that brings its key", function()
         outbox_client.fill(box, 2)
         assert(box:run((outbox_client.new(function() return 502 end))))
         assert.equal("k1", box:delivered({ MessageSid = "SMx", MessageStatus = "delivered" }, "k1"))
         local list = {}
         for row in box:each() do list[#list + 1] = row.state end
         assert.same({ "sent", "unknown" }, list)
         -- One SID settles one key.
         assert.equal("k1", box:delivered({ MessageSid = "SMx", MessageStatus = "delivered" }, "k2"))
         assert.equal(1, box:status().unknown)
      end)

      case("draws itself", function()
         outbox_client.fill(box, 3)
         assert.matches("Nothing was sent", box:plot())
         assert(box:run((outbox_client.new())))
         local svg = box:plot "My campaign"
         assert.matches("My campaign", svg)
         assert.matches("sent 3", svg)
      end)

      case("returns nil, err from each method once it is closed", function()
         box:close()
         local client = outbox_client.new()
         for _, name in ipairs { "status", "retry_failed", "retry_unknown", "plot" } do
            local result, err = box[name](box)
            assert.same({ nil, "database" }, { result, err.kind })
         end
         local result, err = box:run(client)
         assert.same({ nil, "database" }, { result, err.kind })
         result, err = box:reconcile(client)
         assert.same({ nil, "database" }, { result, err.kind })
         result, err = box:add(item())
         assert.same({ nil, "database" }, { result, err.kind })
         result, err = box:delivered { MessageSid = "SM1", MessageStatus = "sent" }
         assert.same({ nil, "database" }, { result, err.kind })
         assert.equal("database", select(2, pcall(box:each())).kind)
      end)
   end)
end

it("the guide docs/outbox.md runs", function()
   if databases.missing "sqlite" then return pending(databases.missing "sqlite") end
   local folder, printed = process.folder(), {}
   local code = process.read "docs/outbox.md":match "\n```lua\n(.-)\n```"
   code = code:gsub('"campaign%.db"', ("%q"):format(folder .. "/campaign.db"))
   local client = outbox_client.new(function(params) if params.Body == "Hi Bob" then return 503 end end)
   local env = setmetatable({
      print = function(...) printed[#printed + 1] = table.concat({ ... }, " ") end,
      require = function(name)
         return name == "twilio" and { client = function() return client end } or require(name)
      end,
   }, { __index = _G })
   local chunk = setfenv and setfenv(assert(loadstring(code)), env) or assert(load(code, "=outbox", "t", env)) -- luacheck: ignore
   chunk()
   assert.same({ "2 0 1 0 0" }, printed)
   process.forget(folder)
end)
