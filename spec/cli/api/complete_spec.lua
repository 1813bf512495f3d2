-- cli/api/complete.lua: candidates for the word that is being typed.

local command = require "support.command"

local run = command.new { environment = {} }

-- The candidates after a line; the last word is what stands behind the last blank.
local function candidates(line)
   local words = { "completion", "words", "--" }
   for word in (line .. " "):gmatch "([^ ]*) " do words[#words + 1] = word end
   local code, out = run(words)
   assert.equal(0, code)
   local found = {}
   for name in out:gmatch "([^\t\n]*)\t[^\n]*\n" do found[#found + 1] = name end
   return found
end

local function has(list, name)
   for _, one in ipairs(list) do
      if one == name then return true end
   end
   return false
end

describe("completion", function()
   it("knows commands, products and resources", function()
      local all = candidates ""
      for _, name in ipairs { "login", "messages", "verify", "webhook" } do assert.is_true(has(all, name), name) end
      assert.same({ "messages", "messaging" }, candidates "messa")
   end)

   it("knows what comes next", function()
      assert.same({ "create", "list" }, candidates "messages ")
      assert.same({ "delete", "feedback", "fetch", "media", "update" }, candidates "messages SM1 ")
      assert.is_true(has(candidates "verify v2 ", "services"))
      assert.same({ "services" }, candidates "verify v2 serv")
      assert.same({}, candidates "nonsense v2 ")
   end)

   it("knows options and their values", function()
      assert.same({ "--status-callback" }, candidates "messages create --status-c")
      assert.same({ "enable", "disable" }, candidates "messages create --risk-check ")
      assert.same({ "true", "false" }, candidates "messages create --send-as-mms ")
      assert.same({ "table", "tsv" }, candidates "messages list --output t")
      assert.same({ "json", "jsonl" }, candidates "--output js")
      assert.same({ "--dry-run" }, candidates "--dry")
   end)

   it("knows commands' options", function()
      assert.same({ "list", "use", "remove" }, { (table.unpack or unpack)(candidates "profiles ", 1, 3) })
      assert.same({ "--public-url" }, candidates "webhook verify --pub")
      assert.same({ "voice", "messaging", "fax" }, candidates "twiml check --kind ")
   end)

   it("goes on behind options of the program", function()
      assert.same({ "messages", "messaging" }, candidates "--profile work messa")
      assert.same({ "create", "list" }, candidates "messages --limit 5 ")
   end)
end)
