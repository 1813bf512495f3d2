-- sandbox/lua/twilio/sandbox/behaviour/templates.lua; through the client: messages_spec.lua.

local sandbox_client = require "support.sandbox_client"
local templates = require "twilio.sandbox.behaviour.templates"

describe("sandbox.behaviour.templates", function()
   local box

   before_each(function() box = sandbox_client.new() end)

   local function content(fields, variables)
      box.store:put("content/v1/Content/HX1", "content/v1/Content", fields)
      return templates.content(
         box, "content/v1/Content", { content_sid = "HX1", content_variables = variables })
   end

   it("fill variables in, and leave those that nobody gave", function()
      local types = { ["twilio/text"] = { body = "{{1}} {{ name }} {{3}}" } }
      assert.equal("a b {{3}}", content({ types = types }, { ["1"] = "a", name = "b" }).body)
      assert.equal("a d {{3}}", content(
         { types = types, variables = { name = "d" } }, '{"1":"a"}').body)
   end)

   it("prefer the text, else the first type that has a body", function()
      assert.equal("x", content({ types = {
         ["twilio/text"] = { body = "x" }, ["twilio/card"] = { body = "y" },
      } }).body)
      assert.equal("y", content({ types = {
         ["twilio/media"] = { media = { "u" } }, ["twilio/quick-reply"] = { body = "y" },
      } }).body)
      assert.same({ "u" }, content({ types = { ["twilio/media"] = { media = { "u" } } } }).media)
      assert.equal("", content({}).body)
   end)

   it("refuse variables that are no object", function()
      for _, text in ipairs { "x", "[1]", "1" } do
         assert.equal(21656, select(2, content({}, text)).code)
      end
   end)
end)
