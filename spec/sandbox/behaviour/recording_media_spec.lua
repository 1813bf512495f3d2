-- sandbox/lua/twilio/sandbox/behaviour/recording_media.lua: the WAV files of recordings.

local recording_media = require "twilio.sandbox.behaviour.recording_media"
local sandbox_client = require "support.sandbox_client"

-- A little-endian number in a text. @param at (integer) of its first byte, from 0
local function number(text, at, size)
   local value = 0
   for i = size, 1, -1 do value = value * 256 + text:byte(at + i) end
   return value
end

describe("media of recordings", function()
   it("are PCM of 8 kHz and 16 bits, as long as the recording", function()
      for channels = 1, 2 do
         local wav = recording_media.wav(3, channels)
         assert.same({ "RIFF", "WAVEfmt ", "data" },
            { wav:sub(1, 4), wav:sub(9, 16), wav:sub(37, 40) })
         assert.equal(#wav - 8, number(wav, 4, 4))
         assert.same({ 1, channels, 8000, 16000 * channels, 2 * channels, 16 }, {
            number(wav, 20, 2), number(wav, 22, 2), number(wav, 24, 4), number(wav, 28, 4),
            number(wav, 32, 2), number(wav, 34, 2),
         })
         assert.same({ 3 * 16000 * channels, 44 + 3 * 16000 * channels },
            { number(wav, 40, 4), #wav })
      end
      assert.equal(44, #recording_media.wav(0, 1))
      assert.equal(44 + 3600 * 16000, #recording_media.wav(1e9, 1))
   end)

   local box, client, recording

   before_each(function()
      box, client = sandbox_client.new()
      assert(client.calls:create {
         to = sandbox_client.OTHER, from = sandbox_client.NUMBER, record = true,
         recording_channels = "dual", twiml = "<Response><Pause length='6'/></Response>",
      })
      box:advance(5)
      recording = assert(client.recordings:list())[1]
   end)

   local function get(path)
      return box:send { method = "GET", url = "https://api.twilio.com/2010-04-01/Accounts/"
         .. sandbox_client.ACCOUNT .. path, headers = {} }
   end

   it("are there when the recording is over, with the channels that it has", function()
      assert.equal(404, get("/Recordings/" .. recording.sid .. ".wav").status)
      box:advance(60)
      local wav = get("/Recordings/" .. recording.sid .. ".wav")
      assert.same({ 200, "audio/x-wav", 44 + 6 * 32000 },
         { wav.status, wav.headers["content-type"], #wav.body })
      assert.equal(wav.body, get("/Recordings/" .. recording.sid).body)
      local mono = get("/Recordings/" .. recording.sid .. "?RequestedChannels=1")
      assert.equal(44 + 6 * 16000, #mono.body)
      assert.equal(404, get("/Recordings/" .. recording.sid .. ".mp3").status)
      assert.equal(404, get("/Recordings/RE" .. ("0"):rep(32) .. ".wav").status)
      assert.equal(401, get("/Recordings/" .. recording.sid .. ".json").status)
      assert.is_true(recording:delete())
      assert.equal(404, get("/Recordings/" .. recording.sid .. ".wav").status)
   end)

   it("are downloaded by the client", function()
      box:advance(60)
      local parts = {}
      local function sink(chunk) parts[#parts + 1] = chunk end
      assert.equal(44 + 6 * 32000, assert(client.recordings(recording.sid):download(sink)))
      assert.equal("RIFF", table.concat(parts):sub(1, 4))
      parts = {}
      assert(client:download("https://api.twilio.com/2010-04-01/Accounts/" .. sandbox_client.ACCOUNT
         .. "/Recordings/" .. recording.sid .. ".wav", sink))
      assert.equal(44 + 6 * 32000, #table.concat(parts))
   end)

   it("are refused to credentials that are wrong", function()
      local own = sandbox_client.ACCOUNT
      box, client = sandbox_client.new { account_sid = own, auth_token = sandbox_client.TOKEN }
      box:add("https://api.twilio.com/2010-04-01/Accounts/" .. own .. "/Recordings/"
         .. recording.sid .. ".json", { status = "completed", duration = "1" })
      local stranger = sandbox_client.of(box, { auth_token = ("c"):rep(32) })
      local _, err = stranger.recordings(recording.sid):download(function() end)
      assert.equal(401, err.status)
      assert.equal(44 + 16000, #get("/Recordings/" .. recording.sid .. ".wav").body)
      assert.equal(44 + 16000, client.recordings(recording.sid):download(function() end))
   end)
end)
