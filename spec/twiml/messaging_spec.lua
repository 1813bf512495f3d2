-- messaging_spec.lua: messaging documents.

local messaging = require "twilio.twiml.messaging"
local twiml = require "twilio.twiml"

local function check(expected, node)
   assert.equal('<?xml version="1.0" encoding="UTF-8"?>' .. expected, tostring(node))
end

describe("messaging documents", function()
   it("hold messages and redirects", function()
      check('<Response><Message to="+1555">Hello</Message><Redirect method="GET">https://example.com?a=1&amp;b=2</Redirect></Response>',
         messaging.Response {
            messaging.Message { "Hello", to = "+1555" },
            messaging.Redirect { "https://example.com?a=1&b=2", method = "GET" },
         })
   end)

   it("hold bodies and media in messages", function()
      local response = messaging.Response()
      local message = response:message { status_callback = "/status" }
      message:body "Hi"
      message:media "https://example.com/a.png"
      check('<Response><Message statusCallback="/status"><Body>Hi</Body><Media>https://example.com/a.png</Media></Message></Response>',
         response)
   end)

   it("hold what isn't in the grammar", function()
      local response = messaging.Response():text "before"
      response:element("Child", "content")
      response:text "after"
      check("<Response>before<Child>content</Child>after</Response>", response)
      check('<Response><message tag="global"><bold>Hello</bold></message></Response>',
         messaging.Response {
            twiml.element("message", { tag = "global", twiml.element("bold", "Hello") }),
         })
   end)

   it("don't hold a body outside a message", function()
      local ok, message = pcall(function() return messaging.Response { messaging.Body "x" }, 1 end)
      assert.is_false(ok)
      assert.matches("<Body> can't stand in <Response> (it can in <Message>)", message, 1, true)
   end)
end)
