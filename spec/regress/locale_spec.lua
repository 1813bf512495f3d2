-- A program that calls os.setlocale "de_DE.UTF-8" sent MaxPrice=0,58, JSON with {"x":0,5} and TwiML
-- with timeout="1,5"; on Lua 5.1 twilio.time raised; with the locale set after loading,
-- {"a":0.5} couldn't be decoded. In a Turkish locale "IceServers" became "ıce_servers", a header
-- "If-Range" wasn't found again, and "TRANSFER-ENCODING" passed the check that refuses it. Members
-- of JSON and attributes of TwiML were in the order of the locale's alphabet.
--
-- spec/system/locale_spec.lua runs this file in such locales.

local core = require "twilio.core"
local fake = require "support.fake"
local http = require "twilio.core.http"
local json = require "twilio.json"
local operation = require "twilio.call.operation"
local twilio = require "twilio"
local voice = require "twilio.twiml.voice"

describe("in any locale", function()
   it("numbers have a point", function()
      local client, transport = fake.client(nil, fake.answer(201, { sid = "SM1" }))
      assert(
         client.messages:create(
            { to = "+1", from = "+2", body = "x", max_price = 0.58 },
            { headers = { ["X-Factor"] = 1.5 } }))
      assert.matches("MaxPrice=0.58", transport.last.body, 1, true)
      assert.equal("1.5", transport.last.headers["X-Factor"])
      assert.equal(
         '{"x":0.5,"y":[1.25,-1e-07,1e+300]}', json.encode { x = 0.5, y = { 1.25, -1e-7, 1e300 } })
      assert.matches('timeout="1.5"', tostring(voice.Gather { timeout = 1.5 }), 1, true)
   end)

   it("JSON is decoded, with decimals, long integers, empty arrays and nulls", function()
      local text = '{"a":0.5,"b":[],"c":null,"d":{},"e":[1.5,-2.25,1.5e+300,18446744073709551616],'
         .. '"page":0,"page_size":50}'
      local value = assert(json.decode(text))
      assert.equal(text, json.encode(value))
      assert.equal(1 / 2, value.a)
      assert.equal(-9 / 4, value.e[2])
      assert.equal(3 / 2, json.decode "1.5")
      assert.equal(1, json.decode "[1.0]"[1])
      for _, wrong in ipairs { "[0,5]x", "0,5", "[1.]5", "[.5]", "[01.5]", '{"a":0.5', "[1.5e]" } do
         assert.is_nil((json.decode(wrong)), wrong)
      end
   end)

   it("dates are read and written", function()
      assert.equal(1439924679, twilio.time "Tue, 18 Aug 2015 19:04:39 +0000")
      assert.equal(1439924679.5, twilio.time "2015-08-18T19:04:39.5Z")
      local client, transport = fake.client(nil, fake.answer(200, { messages = json.array {} }))
      assert(client.messages:list { date_sent = 1439924679 })
      assert.matches("DateSent=2015-08-18", transport.last.url, 1, true)
   end)

   it("letters are those of ASCII", function()
      assert.equal("ice_servers", operation.snake "IceServers")
      assert.equal("identity_id", operation.snake "IdentityID")
      assert.equal("if-range: \221I", core.lower "IF-Range: \221" .. "I")
      assert.equal("INI", core.upper "ini")
      local session = http.session {}
      for _, name in ipairs { "TRANSFER-ENCODING", "Transfer-EncodIng", "transfer-encoding" } do
         local id, err = session:submit {
            method = "GET", url = "http://127.0.0.1:1/", headers = { [name] = "chunked" },
         }
         assert.is_nil(id, name)
         assert.matches("are written by the engine", err.message, 1, true)
      end
      session:close()
   end)

   it("the order is that of bytes", function()
      assert.equal(
         '{"A":1,"Z":1,"_":1,"a":1,"aB":1,"a_b":1,"z":1}',
         json.encode { z = 1, aB = 1, a_b = 1, a = 1, Z = 1, A = 1, _ = 1 })
      assert.is_true(core.less("Z", "a"))
      assert.is_false(core.less("a", "a"))
      assert.is_true(core.less("a", "a\0"))
      assert.is_true(core.less("a", "\255"))
   end)
end)
