-- sandbox/lua/twilio/sandbox/behaviour/alerts.lua: which alerts a list has, and what makes alerts.

local sandbox_client = require "support.sandbox_client"

local SHOP, CUSTOMER = sandbox_client.NUMBER, sandbox_client.OTHER

local function answer(status, media, body)
   return function()
      return { status = status, headers = { ["Content-Type"] = media }, body = body or "" }
   end
end

describe("alerts", function()
   local box, client, pages

   before_each(function() box, client, pages = sandbox_client.shop() end)

   -- The alerts of a call whose webhook and fallback answer the same.
   local function codes_of(page)
      pages["/voice"], pages["/spare"] = page, "<Response/>"
      local call = box:receive_call { from = CUSTOMER, to = SHOP }
      local out = {}
      for i, alert in ipairs(assert(client.monitor.v1.alerts:list())) do
         assert.equal(call.sid, alert.resource_sid)
         out[i] = alert.error_code .. " " .. alert.log_level
      end
      return table.concat(out, ", ")
   end

   for name, case in pairs {
      ["no answer"] = { nil, "11200 error" },
      ["a status of 500"] = { answer(500, "text/html"), "11200 error" },
      ["a status of 404"] = { answer(404, "text/html"), "11200 error" },
      ["no TwiML"] = { answer(200, "application/json", "{}"), "12300 error" },
      ["broken XML"] = { "<Response><Say>", "12100 error" },
      ["another root"] = { "<Answer/>", "12100 error" },
      ["an unknown verb"] = { "<Response><Sing/></Response>", "12200 warning" },
      ["a redirect to nowhere"] = { answer(302, "text/html"), "11216 error" },
      ["a failed connection"] = { function() return nil, "connect" end, "11205 error" },
      ["an unknown host"] = { function() return nil, "host" end, "11210 error" },
      ["a failed handshake"] = { function() return nil, "tls" end, "11220 error" },
      ["an answer that breaks off"] = {
         function() return nil, "it broke off", "protocol" end, "11206 error",
      },
      ["a good answer"] = { "<Response/>", "" },
   } do
      it("follow from " .. name, function() assert.equal(case[2], codes_of(case[1])) end)
   end

   it("follow from redirects in a loop", function()
      assert.equal("11215 error", codes_of(function()
         return { status = 302, headers = { Location = "/voice" }, body = "" }
      end))
   end)

   it("follow from TwiML that redirects in a loop", function()
      assert.equal("11200 error", codes_of "<Response><Redirect>/voice</Redirect></Response>")
      pages["/sms"] = "<Response><Redirect>/sms</Redirect></Response>"
      box:receive_message { from = CUSTOMER, to = SHOP, body = "x" }
      assert.equal(2, #client.monitor.v1.alerts:list())
   end)

   it("follow from mistakes in TwiML that a request brought along", function()
      local call = assert(client.calls:create {
         to = CUSTOMER, from = SHOP, twiml = "<Response><Sing/></Response>",
      })
      box:advance(10)
      local alert = assert(client.monitor.v1.alerts:list())[1]
      assert.same({ "12200", "warning", call.sid, "" },
         { alert.error_code, alert.log_level, alert.resource_sid, alert.request_url })
   end)

   it("are warnings where a call's progress isn't taken", function()
      pages["/status"] = answer(500, "text/plain")
      local call = assert(client.calls:create {
         to = CUSTOMER, from = SHOP, twiml = "<Response/>",
         status_callback = "http://app.example/status",
      })
      box:advance(10)
      local alert = assert(client.monitor.v1.alerts:list())[1]
      assert.same({ "15003", "warning", call.sid },
         { alert.error_code, alert.log_level, alert.resource_sid })
      local message = assert(client.messages:create {
         to = CUSTOMER, from = SHOP, body = "x", status_callback = "http://app.example/status",
      })
      box:advance(1)
      alert = assert(client.monitor.v1.alerts:list())[1]
      assert.same({ "11200", "error", message.sid },
         { alert.error_code, alert.log_level, alert.resource_sid })
   end)

   it("are listed by level and date", function()
      pages["/spare"] = "<Response/>"
      for _, page in ipairs { answer(500, "text/plain"), "<Response><Sing/></Response>" } do
         pages["/voice"] = page
         box:receive_call { from = CUSTOMER, to = SHOP }
         box:advance(86400)
      end
      local function count(filter) return #assert(client.monitor.v1.alerts:list(filter)) end
      assert.same({ 2, 1, 1, 0, 1 }, {
         count {}, count { log_level = "error" }, count { log_level = "warning" },
         count { log_level = "notice" }, count { log_level = "ERROR" },
      })
      assert.same({ 1, 1, 2, 0, 0, 1 }, {
         count { start_date = "2026-01-02" }, count { end_date = "2026-01-01" },
         count { start_date = "2026-01-01", end_date = "2026-01-02" },
         count { start_date = "2026-01-03" }, count { end_date = "2025-12-31" },
         count { end_date = "2026-01-01T00:00:00Z" },
      })
   end)
end)
