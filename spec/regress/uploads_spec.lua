-- twilio.upload lacked two uploads that Twilio documents, each at a host of its own: the documents
-- for porting numbers, and the media of conversations, whose body is the file itself.

local fake = require "support.fake"
local twilio = require "twilio"

it("documents for porting and media of conversations can be uploaded", function()
   local client, transport = fake.client()
   assert(
      twilio.upload.document(
         client, {
            document_type = "utility_bill", file = { text = "%PDF", filename = "bill.pdf" },
         }))
   assert.equal("https://numbers-upload.twilio.com/v1/Documents", transport.last.url)
   assert.matches('name="document_type"\r\n\r\nutility_bill\r\n', transport.last.body, 1, true)
   assert.matches(
      'name="File"; filename="bill.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n',
      transport.last.body, 1, true)
   assert(
      twilio.upload.conversation_media(
         client,
         { chat_service_sid = "IS1", content = { text = "GIF89a", content_type = "image/gif" } }))
   assert.equal("https://mcs.us1.twilio.com/v1/Services/IS1/Media", transport.last.url)
   assert.equal("GIF89a", transport.last.body)
   assert.equal("image/gif", transport.last.headers["Content-Type"])
end)
