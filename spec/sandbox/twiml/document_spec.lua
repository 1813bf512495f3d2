-- sandbox/lua/twilio/sandbox/twiml/document.lua

local document = require "twilio.sandbox.twiml.document"
local sandbox_client = require "support.sandbox_client"

describe("sandbox.twiml.document", function()
   it("reads TwiML, and lists what can't stand where it does", function()
      local root, errors = assert(
         document.read("voice", "<Response><Say voice='x'>Hi</Say></Response>"))
      assert.same({ "Response", "Say", 0 }, { root.tag, root[1].tag, #errors })
      root, errors = assert(
         document.read(
            "voice", "<Response><Message>Hi</Message><Say colour='red'>x</Say></Response>"))
      assert.is_true(root[1].unknown)
      assert.same(
         { 12200, "<Message> can't stand in <Response>" }, { errors[1].code, errors[1].message })
      assert.equal("<Say> has no attribute colour", errors[2].message)
      assert.equal(
         0, #select(2, document.read("messaging", "<Response><Message>Hi</Message></Response>")))
      assert.equal(0, #select(2, document.read("voice", "<Response xml:lang='de'/>")))
   end)

   it("refuses what is no TwiML document", function()
      for _, text in ipairs { "", "<Response>", "<Say/>", "x" } do
         local root, err = document.read("voice", text)
         assert.is_nil(root)
         assert.equal(12100, err.code)
      end
   end)

   it("takes an answer by its status and media type", function()
      local answer
      local box = sandbox_client.new { webhook = function() return answer end }
      local function fetch(language, status, media, body)
         answer = { status = status, headers = { ["Content-Type"] = media }, body = body }
         local root, err = document.fetch(
            box, sandbox_client.ACCOUNT, language, { url = "http://app.example/" }, {})
         return root and root.tag or err.code, root and #root
      end
      assert.same(
         { "Response", 1 },
         { fetch("voice", 200, "text/xml; charset=utf-8", "<Response><Hangup/></Response>") })
      assert.same({ "Response", 0 }, { fetch("voice", 204, nil, nil) })
      assert.same({ "Response", 0 }, { fetch("messaging", 200, nil, " ") })
      assert.same({ "Response", 1 }, { fetch("messaging", 200, "text/plain", "Hello") })
      assert.same({ "Response", 1 }, { fetch("voice", 200, "text/plain", "Hello") })
      assert.same({ "Response", 1 }, { fetch("voice", 200, "audio/mpeg", "ID3") })
      assert.equal(12300, (fetch("messaging", 200, "audio/mpeg", "ID3")))
      assert.equal(12300, (fetch("voice", 200, "application/json", "{}")))
      assert.equal(12100, (fetch("voice", 200, "text/xml", "")))
      assert.equal(11200, (fetch("voice", 500, "text/xml", "<Response/>")))
      assert.equal(11216, (fetch("voice", 302, "text/xml", "<Response/>")))
   end)

   it("resolves URLs against the document's own", function()
      local base = "https://app.example:8443/a/b?x=1"
      for url, whole in pairs {
         [""] = base, ["http://other/"] = "http://other/", ["//other/y"] = "https://other/y",
         ["/y"] = "https://app.example:8443/y",
         ["?y=2"] = "https://app.example:8443/a/b?y=2", y = "https://app.example:8443/a/y",
      } do
         assert.equal(whole, document.resolve(base, url))
      end
      assert.equal("https://app.example/y", document.resolve("https://app.example", "y"))
      assert.equal("y", document.resolve(nil, "y"))
   end)
end)
