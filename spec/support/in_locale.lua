-- busted's helper of a child that runs specs in another locale (spec/system/locale_spec.lua): sets
-- SPEC_LOCALE, before the library is loaded or after.

if os.getenv "SPEC_LOCALE_SET" == "after" then
   for _, name in ipairs {
      "twilio", "twilio.json", "twilio.client", "twilio.call", "twilio.call.serialize",
      "twilio.call.response", "twilio.call.headers",
      "twilio.webhook", "twilio.twiml.voice", "twilio.twiml.messaging", "twilio.util.time",
      "twilio.util.number", "twilio.jwt",
   } do require(name) end
end
assert(os.setlocale(os.getenv "SPEC_LOCALE"), "there is no locale " .. os.getenv "SPEC_LOCALE")
