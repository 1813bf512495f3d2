-- fax_spec.lua: the one verb of fax documents.

local fax = require "twilio.twiml.fax"

describe("fax documents", function()
   it("receive", function()
      local expected = '<?xml version="1.0" encoding="UTF-8"?><Response>'
         .. '<Receive action="/fax" mediaType="application/pdf" pageSize="a4" storeMedia="false"/></Response>'
      local attributes = {
         action = "/fax", media_type = "application/pdf", page_size = "a4", store_media = false,
      }
      assert.equal(expected, tostring(fax.Response { fax.Receive(attributes) }))
      local response = fax.Response()
      response:receive(attributes)
      assert.equal(expected, tostring(response))
   end)

   it("have nothing of voice", function()
      assert.is_nil(fax.Say)
      assert.has_error(function() fax.Response():say "x" end)
   end)
end)
