-- fuzz/targets/cli.lua: the command line's words, and the texts that its commands read.
--
-- Words end with one of the exit codes and never with an error inside of the program; lists in CSV
-- are read as they were written; a text for the terminal holds nothing that it would obey.

local columns = require "twilio.cli.output.columns"
local csv = require "twilio.outbox.csv"
local json = require "twilio.json"
local lxp = require "lxp"
local main = require "twilio.cli.main"
local outbox_text = require "twilio.outbox.text"
local plain = require "twilio.cli.util.plain"
local query = require "twilio.cli.output.query"
local reader = require "reader"
local template = require "twilio.cli.util.template"
local twiml_check = require "twilio.cli.util.twiml_check"
local value = require "twilio.cli.api.value"

local ENVIRONMENT = {
   TWILIO_ACCOUNT_SID = "AC" .. ("0"):rep(32), TWILIO_AUTH_TOKEN = "hush-token", HOME = "/nowhere",
   XDG_CONFIG_HOME = "/nowhere",
}

local BODY = json.encode { sid = "SM1", body = "x", messages = json.array { { sid = "SM2" } } }

local transport = {
   send = function()
      return { status = 200, headers = { ["content-type"] = "application/json" }, body = BODY }
   end,
}

-- Commands that neither wait, nor serve, nor read or write the user's files.
local COMMANDS = { completion = true, man = true, help = true, token = true }
local OTHERS = {}
for name in pairs(main.summaries) do OTHERS[name] = not COMMANDS[name] end

local function stream()
   local parts = {}
   local self = { parts = parts }
   function self.write(_, ...)
      for _, part in ipairs { ... } do parts[#parts + 1] = tostring(part) end
      return self
   end
   return self
end

local function words(text)
   local list = reader.lines(text)
   for _, word in ipairs(list) do
      -- A value of a file or of the standard input, and commands that do more.
      if OTHERS[word] or word:find "@" or word:find "^%-$" or word:find "=%-$" then return end
   end
   local out, err = stream(), stream()
   -- argparse ends the process for its help, and where a word is none.
   local exit = os.exit
   os.exit = function(code) error({ exit = code }, 0) end -- luacheck: ignore 122
   local code = main.run(list, {
      out = out, err = err, interactive = #text % 2 == 0, width = 80, transport = transport,
      environment = function(name) return ENVIRONMENT[name] end,
   })
   os.exit = exit -- luacheck: ignore 122
   assert(code == 0 or code == 1 or code == 2 or code == 3 or code == 4, tostring(code))
   local told = table.concat(err.parts)
   assert(not told:find "%.lua:%d+:", told)
   assert(not (told .. table.concat(out.parts)):find "hush%-", "a secret is shown")
end

local function lists(text)
   local records, again, written = {}, {}, {}
   local next_record = csv.records(text)
   local fields, message = next_record()
   while fields do
      records[#records + 1] = fields
      fields, message = next_record()
   end
   assert(message == nil or type(message) == "string")
   for _, record in ipairs(records) do
      -- A value that a spreadsheet takes for a formula gets a mark, and an empty record is no line.
      local is_odd = #record == 1 and record[1] == ""
      for _, field in ipairs(record) do is_odd = is_odd or field:find "^[=@\t\r]" end
      if not is_odd then
         written[#written + 1], again[#again + 1] = csv.line(record, #record), record
      end
   end
   local bytes = table.concat(written)
   if bytes:sub(1, 3) == "\239\187\191" then return end
   next_record = csv.records(bytes)
   for _, record in ipairs(again) do reader.same(next_record(), record, "record") end
   assert(next_record() == nil)
   csv.rows(text)
end

local function shown(text)
   local safe = plain.text(text)
   assert(not safe:find "[%z\1-\31\127]", "a control character is shown")
   assert(not safe:find "\226\128[\168-\174]" and not safe:find "\194[\128-\159]")
   assert(plain.text(safe) == safe)
   local clean = outbox_text.clean(text)
   assert(outbox_text.check(clean) and #clean == #text)
   local fill, message = template.compile(text, { "name", "a" })
   if fill then assert(type(fill { name = "x", a = text }) == "string")
   else assert(type(message) == "string") end
end

local function documents(text)
   local parser = lxp.new { StartDoctypeDecl = function() end }
   parser:parse(text)
   pcall(parser.close, parser)
   for _, problem in ipairs(twiml_check.check(text, "voice")) do
      assert(type(problem.message) == "string" and problem.line >= 1)
   end
end

local function answers(text)
   local path, rest = text:match "^([^\n]*)\n?(.*)$"
   local decoded = json.decode(rest)
   if decoded ~= nil then query.at(decoded, path) end
   if type(decoded) == "table" then columns.of({ decoded }, true) end
   value.json(text)
end

return {
   covers = {
      "cli/lua/twilio/cli/main.lua", "cli/lua/twilio/cli/globals.lua",
      "cli/lua/twilio/cli/api/arguments.lua", "cli/lua/twilio/cli/api/walk.lua",
      "cli/lua/twilio/cli/api/value.lua", "cli/lua/twilio/cli/util/plain.lua",
      "cli/lua/twilio/cli/util/template.lua", "cli/lua/twilio/cli/util/twiml_check.lua",
      "cli/lua/twilio/cli/output/query.lua", "cli/lua/twilio/outbox/csv.lua",
      "cli/lua/twilio/outbox/text.lua",
   },
   run = function(input)
      if input:find "^[a-z-]" then words(input) end
      lists(input)
      shown(input)
      documents(input)
      answers(input)
   end,
}
