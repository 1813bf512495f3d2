-- sandbox/behaviour/recording_media.lua: what a recording sounds like: a WAV file of its duration,
-- 8 kHz and 16 bits, with a tone in each channel.
--
-- Media are had with the recording's address and no extension, or .wav. There is no .mp3, as
-- nothing here can encode one.

local api_error = require "twilio.sandbox.http.api_error"
local context = require "twilio.sandbox.http.context"

local recording_media = {}

local RATE, BYTES = 8000, 2 -- samples a second, bytes a sample
local LONGEST = 3600 -- seconds of a file; a longer recording's ends there

local function little_endian(value, size)
   local out = {}
   for i = 1, size do
      out[i] = string.char(value % 256)
      value = math.floor(value / 256)
   end
   return table.concat(out)
end

-- One period of each channel's tone fits into 40 frames: 200 and 400 Hz.
local PERIOD = 40

local function period(channels)
   local out = {}
   for i = 0, PERIOD - 1 do
      for channel = 1, channels do
         local sample = math.floor(8000 * math.sin(2 * math.pi * channel * i / PERIOD))
         out[#out + 1] = little_endian(sample % 65536, BYTES)
      end
   end
   return table.concat(out)
end

--- Makes a WAV file.
-- @param seconds (number)
-- @param channels (integer) 1 or 2
-- @return (string)
function recording_media.wav(seconds, channels)
   seconds = math.max(0, math.min(seconds, LONGEST))
   local data = period(channels):rep(math.floor(seconds * RATE / PERIOD))
   return table.concat {
      "RIFF", little_endian(36 + #data, 4), "WAVEfmt ", little_endian(16, 4),
      little_endian(1, 2), little_endian(channels, 2), little_endian(RATE, 4),
      little_endian(RATE * channels * BYTES, 4), little_endian(channels * BYTES, 2),
      little_endian(8 * BYTES, 2), "data", little_endian(#data, 4), data,
   }
end

-- The path without its extension, and that, if it is a recording's.
local function split(path)
   local bare, extension = path:match("^(/2010%-04%-01/.*/Recordings/RE%x+)(%.?%a*%d?)$")
   if not bare or extension == ".json" then return nil end
   local is_recording = bare:find("^/2010%-04%-01/Accounts/[^/]+/Recordings/")
      or bare:find("^/2010%-04%-01/Accounts/[^/]+/Calls/[^/]+/Recordings/")
      or bare:find("^/2010%-04%-01/Accounts/[^/]+/Conferences/[^/]+/Recordings/")
   return is_recording and bare or nil, extension
end

local is_wav = { [""] = true, [".wav"] = true }

--- Answers a request for a recording's media. They are public, as at Twilio; credentials that are
-- given must be right.
-- @param request (table) of context.parse
-- @return (table | nil) the response; nil: the request is for something else
function recording_media.answer(sandbox, request)
   local bare, extension = split(request.path)
   if not bare or request.method ~= "GET" and request.method ~= "HEAD" then return nil end
   local url = "https://" .. request.host .. bare .. ".json"
   local authorization = request.headers.authorization
   local call, err
   if authorization then
      call, err = context.new(sandbox,
         context.parse { method = "GET", url = url, headers = { authorization = authorization } })
   else
      call = context.about(sandbox, url)
   end
   if not call or err then
      return api_error.response(err or api_error.not_found(request.path))
   end
   local record = sandbox.store:get(call.path)
   if not record or record.fields.status ~= "completed" or not is_wav[extension] then
      return api_error.response(api_error.not_found(request.path))
   end
   local wanted = tonumber(("&" .. request.query):match("&RequestedChannels=(%d)"))
   local channels = math.min(wanted or record.fields.channels or 1, record.fields.channels or 1)
   return {
      status = 200,
      headers = { ["content-type"] = "audio/x-wav" },
      body = recording_media.wav(tonumber(record.fields.duration) or 0, channels == 2 and 2 or 1),
   }
end

return recording_media
