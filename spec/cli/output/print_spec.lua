-- cli/output/print.lua: answers in the format that was asked for.

local context = require "twilio.cli.context"
local json = require "twilio.json"
local print = require "twilio.cli.output.print"
local sink = require "support.sink"

local RECORDS = '[{"sid":"SM1","body":"a\\tb\\\\","price":null},{"sid":"SM2","body":"\\u001b[0m","price":"1"}]'

local function printed(value, settings, more)
   more = more or {}
   local out, err = sink.new(), sink.new()
   local environment = more.environment or {}
   local around = context.new {
      out = out, err = err, interactive = more.interactive or false, width = more.width or 80,
      environment = function(name) return environment[name] end,
   }
   for name, item in pairs(settings) do around.settings[name] = item end
   print.value(around, value)
   return out:text(), err:text()
end

local function records(settings, more) return printed(json.decode(RECORDS), settings, more) end

describe("records", function()
   it("are JSON in a pipe, a table on a terminal", function()
      assert.equal("[\n  {\n", records({}):sub(1, 6))
      assert.equal("\27[1msid  price  body\27[0m\nSM1         a\\tb\\\nSM2  1      \\x1b[0m\n",
         (records({ fields = "sid,price,body" }, { interactive = true })))
   end)

   it("have no colours where nobody wants them", function()
      for _, more in ipairs {
         { interactive = true, environment = { NO_COLOR = "1" } },
         { interactive = true, environment = { TERM = "dumb" } }, {},
      } do
         assert.is_nil(records({ output = "table" }, more):find("\27", 1, true))
      end
      assert.is_nil(records({ output = "table", no_color = true }, { interactive = true }):find "\27")
   end)

   it("are a line each as JSON, nulls kept", function()
      assert.equal('{"price":null,"sid":"SM1"}\n{"price":"1","sid":"SM2"}\n',
         (records { output = "jsonl", fields = "sid,price" }))
   end)

   it("are tab-separated, with escapes for what would break a line", function()
      assert.equal("sid\tbody\nSM1\ta\\tb\\\\\nSM2\t\27[0m\n", (records { output = "tsv", fields = "sid,body" }))
      assert.equal("body\na\\tb\\\\\n\\x1b[0m\n",
         (records({ output = "tsv", fields = "body" }, { interactive = true })))
   end)

   it("of which there are none are an empty list, or a word", function()
      assert.equal("[]\n", (printed(json.array {}, {})))
      local out, err = printed(json.array {}, { output = "table" })
      assert.equal("", out)
      assert.equal("no records\n", err)
   end)

   it("without a field that was asked for are told of", function()
      local _, err = records { fields = "sid,boddy" }
      assert.equal("twilio: unknown field 'boddy' (did you mean 'body'?)\n", err)
   end)
end)

describe("a query", function()
   it("gives a value as it is", function()
      assert.equal("SM1\n", (records { query = "0.sid" }))
      assert.equal("SM1\nSM2\n", (records { query = "sid" }))
      assert.equal("\27[0m\n", (records { query = "1.body" }))
      assert.equal("\\x1b[0m\n", (records({ query = "1.body" }, { interactive = true })))
   end)

   it("gives JSON where that was asked for", function()
      assert.equal('"SM1"\n', (records { query = "0.sid", output = "json" }))
      assert.equal('[\n  "SM1",\n  "SM2"\n]\n', (records { query = "sid", output = "json" }))
   end)

   it("that leads nowhere is told", function()
      local out, err = records { query = "0.x" }
      assert.equal("", out)
      assert.equal("twilio: nothing at 0.x\n", err)
   end)
end)

it("an answer without a body prints nothing", function()
   assert.equal("", (printed(true, {})))
end)
