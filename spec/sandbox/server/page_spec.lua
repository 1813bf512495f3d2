-- sandbox/lua/twilio/sandbox/server/page.lua. tools/sandbox_page.sh tests it in a browser.

local page = require "twilio.sandbox.server.page"

describe("sandbox.server.page", function()
   it("is one whole document, all of whose elements are closed", function()
      assert.matches("^<!doctype html>\n<html lang=\"en\">", page)
      assert.matches("</html>\n$", page)
      for _, tag in ipairs { "html", "head", "body", "style", "script", "main", "dialog", "datalist" } do
         local _, opened = page:gsub("<" .. tag .. "[ >]", "")
         local _, closed = page:gsub("</" .. tag .. ">", "")
         assert.same({ tag, 1, 1 }, { tag, opened, closed })
      end
   end)

   it("loads nothing from elsewhere, and puts texts in as text", function()
      for _, pattern in ipairs {
         "%ssrc=", "%shref=", "@import", "url%(", "innerHTML", "outerHTML", "insertAdjacentHTML",
         "document%.write", "eval%(",
      } do
         assert.is_nil(page:find(pattern), pattern)
      end
   end)

   it("uses only elements that are there", function()
      local count = 0
      for id in page:gmatch '%$%("([%w_]+)"%)' do
         count = count + 1
         assert.is_truthy(page:find(('id="%s"'):format(id), 1, true), id)
      end
      assert.is_true(count > 5)
   end)

   it("asks only for what the console answers", function()
      local console = require "twilio.sandbox.server.console"
      local box = require "twilio.sandbox".new { seed = 1 }
      local function status(method, path)
         return console.answer(box, {
            method = method, url = path,
            headers = { host = "localhost", ["content-type"] = "application/json" }, body = "{}",
         }).status
      end
      assert.matches('ask%("GET", "state%?', page)
      assert.matches('EventSource%("/__sandbox/events%?', page)
      for _, name in ipairs { "state", "events" } do
         assert.equal(200, status("GET", "/__sandbox/" .. name))
      end
      local count = 0
      for name in page:gmatch 'command%("([%w_]+)"' do
         count = count + 1
         assert.not_equal(404, status("POST", "/__sandbox/" .. name), name)
      end
      assert.equal(8, count)
   end)

   it("names the account's variables in a curl command, never their values", function()
      assert.is_truthy(page:find("$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN", 1, true))
      assert.is_nil(page:find("authorization", 1, true))
   end)
end)
