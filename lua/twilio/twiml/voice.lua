-- twiml/voice.lua: TwiML for voice: one constructor an element. See vocabulary.lua for their
-- arguments.

return require "twilio.twiml.vocabulary"(require("twilio.twiml.grammar").voice)
