-- cli/api/arguments.lua: the words after an operation's name -> arguments.

local arguments = require "twilio.cli.api.arguments"
local describe_of = require("twilio.resource.describe").of
local walk = require "twilio.cli.api.walk"

local settings

local function read(place, ...)
   local words = {}
   for word in place:gmatch "%S+" do words[#words + 1] = word end
   local at = walk.root()
   assert(walk.take(at, words, 1))
   settings = {}
   return arguments.read(at.method, at.op, function() return describe_of(walk.text(at)) end, { ... }, 1,
      settings)
end

local function mistake(...)
   local nothing, message = read(...)
   assert.is_nil(nothing)
   return message
end

local SEND = { "--to", "+1", "--from", "+2", "--body", "x" }

local function send(...)
   local words = { (table.unpack or unpack)(SEND) }
   for _, word in ipairs { ... } do words[#words + 1] = word end
   return (table.unpack or unpack)(words)
end

describe("options", function()
   it("are parameters, in every spelling", function()
      assert.same({ to = "+1", from = "+2", body = "x", status_callback = "http://x" },
         read("messages create", send("--status-callback", "http://x")))
      assert.same({ to = "+1", from = "+2", body = "x", status_callback = "http://x" },
         read("messages create", "--To=+1", "--From=+2", "--Body", "x", "--status_callback=http://x"))
   end)

   it("are lists where the API takes one", function()
      assert.same({ "http://a", "http://b" },
         read("messages create", send("--media-url", "http://a", "--media-url=http://b")).media_url)
      assert.equal("--body is given twice", mistake("messages create", send("--body", "y")))
   end)

   it("of booleans need no value", function()
      local given = read("messages create", send("--send-as-mms", "--smart-encoded", "false"))
      assert.equal("true", given.send_as_mms)
      assert.equal("false", given.smart_encoded)
      assert.equal("--send-as-mms must be true or false",
         mistake("messages create", send "--send-as-mms=yes"))
   end)

   it("take the next word, unless it is an option", function()
      assert.equal("-5", read("messages create", send("--max-price", "-5")).max_price)
      assert.equal("--max-price needs a value (write --max-price=VALUE for one that begins with --)",
         mistake("messages create", send("--max-price", "--verbose")))
      assert.equal("--max-price needs a value", mistake("messages create", send "--max-price"))
   end)

   it("of the program are taken where the operation has none of the name", function()
      assert.same({}, read("messages list", "--limit", "5", "--output=tsv"))
      assert.same({ limit = 5, output = "tsv" }, settings)
      assert.equal("30",
         read("calls create", "--to", "1", "--from", "2", "--url", "http://x", "--timeout", "30").timeout)
      assert.is_nil(settings.timeout)
   end)

   it("that start with a capital pass through", function()
      local given = read("messages create", send("--NewThing", "1"))
      assert.equal("1", given.NewThing)
      given = read("messages create", send("--NewThing", "1", "--NewThing=2"))
      assert.same({ "1", "2" }, given.NewThing)
   end)

   it("that nobody knows are refused", function()
      assert.equal("unknown option '--form' (did you mean '--from'?)",
         mistake("messages create", "--form", "x"))
      assert.matches("unexpected word 'x'", mistake("messages create", "x"))
   end)

   it("that are missing are all told", function()
      assert.equal("missing --channel, --to",
         mistake "verify v2 services VA1 verifications create")
      assert.equal("missing one of --from, --messaging-service-sid",
         mistake("messages create", "--to", "1"))
   end)
end)

describe("a JSON body", function()
   it("has members of their types", function()
      local given = read("content v1 contents create", "--language", "en", "--types",
         '{"twilio/text":{"body":"5"}}', "--variables", '{"1":"x"}')
      assert.same({
         language = "en", types = { ["twilio/text"] = { body = "5" } }, variables = { ["1"] = "x" },
      }, given)
      given = read("content v1 contents create", "--language", "en", "--types", "{}", "--NewThing", "5",
         "--OtherThing", "text")
      assert.equal(5, given.NewThing)
      assert.equal("text", given.OtherThing)
      assert.matches("^%-%-types is no JSON",
         mistake("content v1 contents create", "--language", "en", "--types", "{"))
   end)
end)

describe("--data", function()
   it("is an object of arguments, and options come on top", function()
      assert.same({ to = "+1", from = "+2", body = "y" },
         read("messages create", "--data", '{"to":"+1","from":"+3","Body":"x"}', "--from", "+2",
            "--body", "y"))
   end)

   it("must be an object", function()
      assert.matches("^%-%-data must be a JSON object", mistake("messages create", "--data", "[1]"))
      assert.matches("^%-%-data is no JSON", mistake("messages create", "--data", "{"))
   end)

   it("keeps nulls and empty arrays", function()
      local json = require "twilio.json"
      local given = read("content v1 contents create", "--data",
         '{"language":"en","types":{},"variables":null,"friendly_name":null}', "--friendly-name", "f")
      assert.equal('{"friendly_name":"f","language":"en","types":{},"variables":null}',
         json.encode(given))
   end)
end)

it("the names of an operation's options are as they are written", function()
   local at = walk.root()
   walk.take(at, { "messages", "create" }, 1)
   local names = " " .. table.concat(arguments.names(at.op), " ") .. " "
   assert.matches(" %-%-status%-callback ", names)
end)
