-- cli/api/members.lua: members of nested JSON bodies as options.

local command = require "support.command"
local members = require "twilio.cli.api.members"

local described = {
   parameters = {
      { name = "language", wire = "language", type = "text", place = "body" },
      { name = "path", wire = "Path", type = "text", place = "query", members = {} },
      { name = "labels", wire = "labels", type = "text", map = true, place = "body" },
      { name = "types", wire = "types", type = "object", place = "body", members = {
         { name = "twilio_card", wire = "twilio/card", type = "object", members = {
            { name = "title", wire = "title", type = "text" },
            { name = "media", wire = "media", type = "text", array = true },
            { name = "actions", wire = "actions", type = "object", array = true, members = {
               { name = "type", wire = "type", type = "text", values = { "URL", "PIX" } },
            } },
         } },
      } },
   },
}

describe("a member's option", function()
   local function keys(name) return select(2, members.find(described, name)) end

   it("is found by each member's name, of the library or the wire", function()
      assert.same({ "types", "twilio_card", "title" }, keys "types.twilio-card.title")
      assert.same({ "types", "twilio_card", "title" }, keys "types.twilio/card.title")
      assert.same({ "types", "twilio_card", "actions", 2, "type" }, keys "types.twilio_card.actions.1.type")
      assert.same({ "labels", "any-Key" }, keys "labels.any-Key")
      assert.is_nil(keys "nothing.x")
      assert.is_nil(keys "path.x")
   end)

   it("that isn't there is a mistake", function()
      for name, message in pairs {
         ["types.twilio-crd"] = "--types.twilio-crd: unknown member 'twilio-crd' (did you mean 'twilio-card'?)",
         ["types.twilio-card.actions.x"] =
            "--types.twilio-card.actions.x: 'x' must be the number of an item, from 0 on",
         ["language.x"] = "--language.x: 'x' can't stand below a text",
      } do
         assert.same({ nil, message }, { members.find(described, name) })
      end
   end)

   it("makes the tables that it stands in", function()
      local taken = {}
      assert(members.put(taken, { "a", "b", 1, "c" }, 1))
      assert(members.put(taken, { "a", "b", 2, "c" }, 2))
      assert(members.put(taken, { "a", "d" }, "x", true))
      assert(members.put(taken, { "a", "d" }, "y", true))
      assert.same({ a = { b = { { c = 1 }, { c = 2 } }, d = { "x", "y" } } }, taken)
      assert.same({ nil, "is given twice" }, { members.put(taken, { "a", "b", 1, "c" }, 3) })
      assert.same({ nil, "leaves item 2 out" }, { members.put(taken, { "a", "b", 4, "c" }, 3) })
      assert.same({ nil, "stands below a value" }, { members.put(taken, { "a", "b", 1, "c", "d" }, 3) })
   end)

   it("is offered while it is typed", function()
      assert.same({ "--types.twilio-card" }, members.options(described, "--types."))
      assert.same({ "--types.twilio-card.title", "--types.twilio-card.media", "--types.twilio-card.actions" },
         members.options(described, "--types.twilio-card.a"))
      assert.same({ "--types.twilio-card.actions.0" },
         members.options(described, "--types.twilio-card.actions."))
      assert.same({}, members.options(described, "--ty"))
   end)
end)

describe("twilio content v1 contents create", function()
   local run = command.new()
   local function body(...)
      local words = { "content", "v1", "contents", "create", "--dry-run", "--language", "en", ... }
      local code, out, err = run(words)
      return out:match "--data%-raw '(.*)'", code, err
   end

   it("takes members as options, with their types", function()
      assert.equal('{"language":"en","types":{"twilio/text":{"body":"Hi"}},"variables":{"1":"Ann"}}',
         (body("--types.twilio-text.body", "Hi", "--variables.1", "Ann")))
      assert.equal('{"language":"en","types":{"twilio/card":{"actions":[{"title":"x","type":"URL"}],"media":["a","b"],'
         .. '"title":"T"}}}', (body("--types.twilio-card.title=T", "--types.twilio-card.media", "a",
         "--types.twilio-card.media", "b", "--types.twilio-card.actions.0.type", "URL",
         "--types.twilio-card.actions.0.title", "x")))
   end)

   it("puts them on top of --data, at any depth", function()
      assert.equal('{"language":"en","types":{"twilio/card":{"title":"b"},"twilio/text":{"body":"a"}}}',
         (body("--data", '{"types":{"twilio_text":{"body":"a"}}}', "--types.twilio-card.title", "b")))
   end)

   it("tells mistakes in them", function()
      local _, code, err = body("--types.twilio-txt.body", "Hi")
      assert.equal(2, code)
      assert.matches("did you mean 'twilio%-text'", err)
   end)

   it("offers them, and their values, and the help has one", function()
      local _, out = run { "completion", "words", "--", "content", "v1", "contents", "create", "--types.twilio-te" }
      assert.equal("--types.twilio-text\t\n", out)
      _, out = run { "completion", "words", "--", "content", "v1", "contents", "create",
         "--types.twilio-card.actions.0.webview-size", "" }
      assert.matches("TALL\t", out)
      _, out = run "content v1 contents create --help"
      assert.matches("--types.twilio-call-to-action.actions.0.type VALUE", out, 1, true)
   end)
end)
