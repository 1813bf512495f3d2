-- sandbox/lua/twilio/sandbox/server/page.lua. tools/sandbox_page.sh tests it in a browser.

local page = require "twilio.sandbox.server.page"

describe("sandbox.server.page", function()
   it("is one whole document, all of whose elements are closed", function()
      assert.matches("^<!doctype html>\n<html lang=\"en\">", page)
      assert.matches("</html>\n$", page)
      for _, tag in ipairs { "html", "head", "body", "style", "script", "form", "datalist" } do
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
      for path in page:gmatch 'fetch%("(/[^"?]*)' do
         assert.is_truthy(
            ({ ["/__sandbox/state"] = true, ["/__sandbox/receive_message"] = true })[path], path)
      end
   end)
end)
