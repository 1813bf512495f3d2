-- sandbox/lua/twilio/sandbox/state/alerts.lua: what is kept of a webhook's failure.

local alerts = require "twilio.sandbox.state.alerts"
local core = require "twilio.core"
local sandbox_client = require "support.sandbox_client"

local ACCOUNT = sandbox_client.ACCOUNT
local CALL = "CA" .. ("c"):rep(32)

describe("sandbox.state.alerts", function()
   local about = {
      account_sid = ACCOUNT, url = "http://app.example/voice?x=1", params = { CallSid = CALL },
      request = {
         method = "POST", headers = { Accept = "*/*" }, params = { CallSid = CALL, To = "+1 2" },
      },
      response = { status = 500, headers = { ["Content-Type"] = "text/html" }, body = "Oops" },
   }

   it("have the whole exchange; lists have its head", function()
      local box, client = sandbox_client.new()
      alerts.make(box, about, 11200, "Got HTTP 500")
      local listed = assert(client.monitor.v1.alerts:list())[1]
      local alert = assert(client.monitor.v1.alerts(listed.sid):fetch())
      assert.same({
         "11200", "error", "http://app.example/voice?x=1", "POST", CALL,
         "https://www.twilio.com/docs/errors/11200", "2026-01-01T00:00:00Z", nil, ACCOUNT,
      }, {
         alert.error_code, alert.log_level, alert.request_url, alert.request_method,
         alert.resource_sid, alert.more_info, alert.date_generated, alert.service_sid,
         alert.account_sid,
      })
      assert.same({ CallSid = CALL, To = "+1 2" }, core.form_decode(alert.request_variables))
      assert.same({ "Oops", "Content-Type=text%2Fhtml", "Accept=%2A%2F%2A" },
         { alert.response_body, alert.response_headers, alert.request_headers })
      local text = core.form_decode(alert.alert_text)
      assert.same({ "11200", "500", "Got HTTP 500", "ERROR" },
         { text.ErrorCode, text.httpResponse, text.Msg, text.LogLevel })
      assert.same({ alert.sid, alert.alert_text }, { listed.sid, listed.alert_text })
      assert.is_nil(listed.response_body)
   end)

   it("are the newest thousand", function()
      local box, client = sandbox_client.new()
      for i = 1, 1002 do alerts.make(box, about, 11200, "number " .. i) end
      local listed = assert(client.monitor.v1.alerts:list { page_size = 1000 })
      assert.equal(1000, #listed)
      assert.equal("number 3", core.form_decode(listed[1000].alert_text).Msg)
   end)

   it("belong to the account whose webhook it was", function()
      local box, client = sandbox_client.new()
      local account = assert(client.api.v2010.accounts:create {})
      local own = {}
      for name, value in pairs(about) do own[name] = value end
      own.account_sid = account.sid
      alerts.make(box, own, 11205, "x", "warning")
      assert.same({}, client.monitor.v1.alerts:list())
      local other = sandbox_client.of(
         box, { account_sid = account.sid, auth_token = account.auth_token })
      assert.equal("warning", assert(other.monitor.v1.alerts:list())[1].log_level)
   end)
end)
