-- voice_spec.lua: voice documents, as the official libraries write them (attributes sorted by
-- name).

local voice = require "twilio.twiml.voice"

local DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

local function check(expected, node)
   assert.equal(DECLARATION .. expected, tostring(node))
end

describe("voice documents", function()
   it("are empty, or not", function()
      check("<Response/>", voice.Response())
      check("<Response/>", voice.Response {})
      check("<Response>No tags!</Response>", voice.Response():text "No tags!")
      check(
         "<Response><Hangup/><Leave/></Response>", voice.Response {
            voice.Hangup(), voice.Leave {},
         })
   end)

   it("have what twilio-node 6.3.1 has", function()
      local filter = voice.MediaFilter {
         filter_type = "noise", model = "m", name = "f", track = "inbound",
         voice.Parameter { name = "a", value = "b" },
      }
      local inner = '<MediaFilter filterType="noise" model="m" name="f" track="inbound"><Parameter name="a" value="b"/></MediaFilter>'
      check("<Response><Start>" .. inner .. '</Start><Stop><MediaFilter name="f"/></Stop></Response>',
         voice.Response { voice.Start { filter }, voice.Stop { voice.MediaFilter { name = "f" } } })
      local response = voice.Response()
      response:start():media_filter { name = "f" }
      check('<Response><Start><MediaFilter name="f"/></Start></Response>', response)
      check('<ConversationRelay asrSmartFormat="true" conversationId="c" eagerEotThreshold="0.5" turnDetection="true">'
         .. '<Language code="de-DE" hints="a,b" ttsTextNormalization="on"/></ConversationRelay>', voice.ConversationRelay {
            asr_smart_format = true, conversation_id = "c", eager_eot_threshold = 0.5,
            turn_detection = true,
            voice.Language { code = "de-DE", hints = { "a", "b" }, tts_text_normalization = "on" },
         })
      check('<Transcription conversationConfiguration="x" conversationId="c"/>',
         voice.Transcription { conversation_configuration = "x", conversation_id = "c" })
      assert.error_matches(function() voice.Dial { filter } end, "MediaFilter")
   end)

   it("are the same by tables and by steps", function()
      local tables = voice.Response {
         voice.Say { "Hello", voice = "Polly.Amy", loop = 2 },
         voice.Gather {
            num_digits = 1, input = { "dtmf", "speech" }, voice.Say "Press 1",
            voice.Pause { length = 1 },
         },
         voice.Dial {
            caller_id = "+15551230000", voice.Number { "+15558675310", send_digits = "ww1" },
         },
         voice.Hangup(),
      }
      local steps = voice.Response()
      steps:say("Hello", { voice = "Polly.Amy", loop = 2 })
      local gather = steps:gather { num_digits = 1, input = { "dtmf", "speech" } }
      gather:say "Press 1"
      gather:pause { length = 1 }
      steps:dial({ caller_id = "+15551230000" }):number("+15558675310", { send_digits = "ww1" })
      steps:hangup()
      local expected = '<Response><Say loop="2" voice="Polly.Amy">Hello</Say>'
         .. '<Gather input="dtmf speech" numDigits="1"><Say>Press 1</Say><Pause length="1"/></Gather>'
         .. '<Dial callerId="+15551230000"><Number sendDigits="ww1">+15558675310</Number></Dial><Hangup/></Response>'
      check(expected, tables)
      check(expected, steps)
   end)

   it("mix text, SSML, comments and elements", function()
      local response = voice.Response()
      local say = response:say "Hi "
      say:emphasis("really", { level = "strong" })
      say:text(", dial "):say_as("123", { interpret_as = "telephone" })
      say:break_ { strength = "x-weak", time = "100ms" }
      say:lang { xml_lang = "fr-FR", "bonjour ", voice.Sub { "eu", alias = "Union" } }
      say:comment "end"
      check('<Response><Say>Hi <emphasis level="strong">really</emphasis>, dial <say-as interpret-as="telephone">123</say-as>'
         .. '<break strength="x-weak" time="100ms"/><lang xml:lang="fr-FR">bonjour <sub alias="Union">eu</sub></lang><!--end-->'
         .. "</Say></Response>", response)
   end)

   it("connect, start, stop and refer", function()
      check('<Response><Connect><Stream url="wss://example.com"><Parameter name="a" value="b"/></Stream></Connect></Response>',
         voice.Response {
            voice.Connect {
               voice.Stream {
                  url = "wss://example.com", voice.Parameter { name = "a", value = "b" },
               },
            },
         })
      check('<Response><Connect><VirtualAgent connectorName="p"><Config name="language" value="en"/></VirtualAgent></Connect>'
         .. "</Response>",
         voice.Response { voice.Connect { voice.VirtualAgent { connector_name = "p",
            voice.Config { name = "language", value = "en" } } } })
      check('<Response><Start><Siprec name="s" track="inbound_track"/><Transcription partialResults="true"/></Start></Response>',
         voice.Response { voice.Start { voice.Siprec { name = "s", track = "inbound_track" },
            voice.Transcription { partial_results = true } } })
      local response = voice.Response()
      response:stop():stream { name = "s" }
      response:refer({ action = "/r" }):sip "sip:a@example.com"
      check(
         '<Response><Stop><Stream name="s"/></Stop><Refer action="/r"><Sip>sip:a@example.com</Sip></Refer></Response>',
         response)
   end)

   it("pay, enqueue and dial", function()
      check('<Response><Pay validCardTypes="visa amex"><Prompt attempt="1 2" for="security-code"><Say>Code?</Say></Prompt></Pay>'
         .. "</Response>",
         voice.Response { voice.Pay { valid_card_types = { "visa", "amex" },
            voice.Prompt { for_ = "security-code", attempt = { 1, 2 }, voice.Say "Code?" } } })
      check('<Response><Enqueue workflowSid="WW1"><Task priority="5">{"id":1,"tags":["a","b"]}</Task></Enqueue></Response>',
         voice.Response {
            voice.Enqueue {
               workflow_sid = "WW1", voice.Task { { tags = { "a", "b" }, id = 1 }, priority = 5 },
            },
         })
      check('<Response><Dial><Conference beep="false" startConferenceOnEnter="true" statusCallbackEvent="start end" waitUrl="">Room'
         .. '</Conference></Dial></Response>',
         voice.Response { voice.Dial { voice.Conference { "Room", beep = false, start_conference_on_enter = true, wait_url = "",
            status_callback_event = { "start", "end" } } } })
      check('<Response><Dial><Sip password="p" username="u">sip:a@b<Headers><Header name="X" value="1"/></Headers><Uri>sip:c@d</Uri>'
         .. '</Sip></Dial></Response>',
         voice.Response { voice.Dial { voice.Sip { "sip:a@b", username = "u", password = "p",
            voice.Headers { voice.Header { name = "X", value = "1" } }, voice.Uri "sip:c@d" } } })
   end)
end)
