-- cli/output/table.lua: tables that fit the terminal.

local layout = require "twilio.cli.output.table"
local width = require "twilio.cli.util.width"

local function plain(text) return text end

local function rows(records, fields, room)
   local lines = layout.records(records, fields, room, plain)
   for _, line in ipairs(lines) do assert.is_true(width.of(line) <= room, line) end
   return table.concat(lines, "\n")
end

local SID = "SM" .. ("0"):rep(32)

describe("a table", function()
   it("has the columns that have room", function()
      local records = {
         { sid = SID, status = "sent", to = "+15558675310", body = ("word "):rep(20) },
         { sid = SID, status = "delivered", to = "+15558675311", body = "short" },
      }
      assert.equal("sid                                 status     to\n" .. SID
         .. "  sent       +15558675310\n" .. SID .. "  delivered  +15558675311", rows(records, nil, 60))
      assert.matches("^sid +status +to +body\n", rows(records, nil, 120))
   end)

   it("has all columns that were asked for, narrower where they must be", function()
      local text = rows({ { sid = SID, body = "Hello World" } }, { "body", "sid" }, 30)
      assert.matches("^body +sid\n", text)
      assert.matches("\226\128\166$", text)
   end)

   it("counts columns as a terminal does", function()
      -- Two characters of two columns each; an accent of none; an emoji of two.
      local wide, accent, emoji = "\230\188\162\229\173\151", "e\204\129x", "\240\159\142\137ab"
      assert.equal(("name  sid\n%s  1\n%s    2\n%s  3"):format(wide, accent, emoji), rows({
         { sid = "1", name = wide }, { sid = "2", name = accent }, { sid = "3", name = emoji },
      }, { "name", "sid" }, 80))
   end)

   it("leaves out columns without any value", function()
      assert.equal("sid\n1", rows({ { sid = "1", name = "" } }, nil, 80))
   end)

   it("never lets a control character through", function()
      local text = rows({ { sid = "1", body = "\27[2J\nx" } }, nil, 80)
      assert.is_truthy(text:find("\\x1b[2J\\nx", 1, true))
      assert.is_nil(text:find("\27", 1, true))
   end)
end)

describe("a record", function()
   it("is a list of its fields, long ones on several lines", function()
      local lines = layout.record({ sid = "SM1", body = "one two three four five six" }, nil, 22, plain)
      assert.equal("sid   SM1\nbody  one two three\n      four five six", table.concat(lines, "\n"))
   end)

   it("has the fields that were asked for", function()
      assert.equal("b  2\na  1", table.concat(layout.record({ a = 1, b = 2 }, { "b", "a" }, 80, plain), "\n"))
   end)
end)
