-- Of several mistakes in one call a different one was told in each run, as `pairs` has no order,
-- and only the first of the missing parameters. The text had no operation's name, so that a mistake
-- in a function that ends with `return client.messages:create{...}` blamed a line that calls
-- neither.

local fake = require "support.fake"
local raised = require "support.raised"

describe("the mistakes of a call", function()
   local client, transport = fake.client()
   local services = client.verify.v2.services("VA1")

   after_each(function() assert.equal(0, #transport.requests) end)

   it("are told together: unknown names, all that is missing, wrong values, options", function()
      assert.equal("verifications:create: unknown parameter 'chanel' (did you mean 'channel'?); unknown parameter 'xyzzy';"
         .. " missing required parameters 'channel', 'to'; parameter 'locale' is a function, expected text;"
         .. " unknown option 'timeuot' (did you mean 'timeout'?); see twilio.describe(\"verify.v2.services(sid).verifications:create\")",
         raised(function()
            services.verifications:create(
               { xyzzy = 1, chanel = "sms", locale = print }, { timeuot = 5 })
         end))
   end)

   it("are the same whatever the table's order", function()
      local names = { "aaaaaa", "bbbbbb", "cccccc", "dddddd", "eeeeee" }
      local texts = {}
      for shift = 1, #names do
         local arguments = { to = "+1" }
         for i = 1, #names do arguments[names[(shift + i) % #names + 1]] = "x" end
         texts[raised(function() client.messages:create(arguments) end)] = true
      end
      local text = next(texts)
      assert.is_nil(next(texts, text))
      assert.equal("messages:create: unknown parameter 'aaaaaa'; unknown parameter 'bbbbbb'; unknown parameter 'cccccc';"
         .. " unknown parameter 'dddddd'; unknown parameter 'eeeeee'; see twilio.describe(\"messages:create\")", text)
   end)

   it("have the name of any method", function()
      local call = client.calls "CA1"
      for prefix, f in pairs {
         ["messages:list: limit must be a whole number of 1 or more, got 0; unknown parameter 'tto' (did you mean 'to'?)"] = function()
            client.messages:list { limit = 0, tto = "1" }
         end,
         ["messages:each: unknown parameter 'xyzzy'"] = function()
            client.messages:each { xyzzy = 1 }
         end,
         ["messages:page: unknown parameter 'xyzzy'"] = function()
            client.messages:page { xyzzy = 1 }
         end,
         ["messages:page_at: it takes a URL, got a nil"] = function() client.messages:page_at() end,
         ["calls:fetch: unknown parameter 'xyzzy'"] = function() call:fetch { xyzzy = 1 } end,
         ["calls:update: unknown parameter 'sttus' (did you mean 'status'?)"] = function()
            call:update { sttus = "x" }
         end,
         ["calls:delete: arguments are one table, got a string"] = function() call:delete "x" end,
         ["calls:wait_until: wait_until takes a function"] = function() call:wait_until() end,
         ["recordings:download: the sink is a function"] = function()
            client.recordings("RE1"):download()
         end,
         ["verification_checks:create: unknown parameter 'xyzzy'"] = function()
            services.verification_checks:create { xyzzy = 1 }
         end,
      } do
         assert.equal(prefix, raised(f):sub(1, #prefix))
      end
   end)

   it("have client:request's name, too", function()
      assert.equal("client:request: method must be an HTTP method in capitals; url must be text, got a nil; give one of form, json,"
         .. " multipart and file; form 'a' is a function, expected text; form 'b' is a function, expected text; query 'c' is a function, expected text",
         raised(function()
            client:request(
               "post", nil, { json = {}, form = { b = print, a = print }, query = { c = print } })
         end))
      assert.matches("^client:download: url must be an absolute URL", raised(function()
         client:download("x", print)
      end))
   end)

   it("in headers are the same each time", function()
      local texts = {}
      for shift = 1, 5 do
         local headers = {}
         for i = 1, 5 do headers["X-" .. (shift + i) % 5] = "a\nb" end
         texts[raised(function()
            client.messages:create({ to = "+1" }, { headers = headers })
         end)] = true
      end
      assert.same(
         { ["messages:create: the header 'X-0' holds a line break or a NUL"] = true }, texts)
   end)

   it("are told where a tail call hides the line", function()
      local function send() return client.messages:create { form = "+1" } end
      local ok, why = pcall(send)
      assert.is_false(ok)
      assert.matches(
         "messages:create: unknown parameter 'form' %(did you mean 'from'%?%); missing required parameter 'to'",
         why)
   end)
end)
