-- sandbox/twiml/messaging.lua: follows the TwiML that answers an incoming message: the replies it
-- sends.
--
-- A transcript is an array of { verb = "Message", body =, to =, from =, media =, sid = }, { verb =
-- "Redirect", url = } and { verb = "Error", code =, message = }.

local document = require "twilio.sandbox.twiml.document"
local webhook = require "twilio.sandbox.http.webhook"
local xml = require "twilio.sandbox.twiml.xml"

local messaging = {}

local MOST_DOCUMENTS = 50 -- answers that redirect in circles are given up

local function trimmed(text) return (text:gsub("^[ \t-\r]+", ""):gsub("[ \t-\r]+$", "")) end

-- Text beside the elements counts only where there is no <Body>.
local function contents(element)
   local body, media, plain = nil, {}, {}
   for _, child in ipairs(element) do
      if type(child) == "string" then
         plain[#plain + 1] = child
      elseif child.tag == "Body" then
         body = (body or "") .. xml.text(child)
      elseif child.tag == "Media" then
         media[#media + 1] = trimmed(xml.text(child))
      end
   end
   return body or trimmed(table.concat(plain)), #media > 0 and media or nil
end

local function fail(run, err)
   run.transcript[#run.transcript + 1] = { verb = "Error", code = err.code, message = err.message }
end

local function reply(run, element)
   local body, media = contents(element)
   local fields = run.record.fields
   local made, params = run.send(run.record.collection, {
      body = body, media_url = media, to = element.attributes.to or fields.from,
      from = element.attributes.from or fields.to,
      account_sid = fields.account_sid, status_callback = element.attributes.statusCallback,
   })
   if not made then return fail(run, params) end
   run.transcript[#run.transcript + 1] = {
      verb = "Message", body = body, media = media, to = made.to, from = made.from, sid = made.sid,
   }
   local action = element.attributes.action
   if action then
      local url = document.resolve(run.url, action)
      webhook.tell(run.sandbox, fields.account_sid, element.attributes.method, url, params)
   end
end

-- @return (table | nil) the next document
local function execute(run, root)
   for _, element in ipairs(root) do
      if type(element) == "table" and not element.unknown then
         if element.tag == "Redirect" then
            local url = document.resolve(run.url, trimmed(xml.text(element)))
            run.transcript[#run.transcript + 1] = { verb = "Redirect", url = url }
            return { url = url, method = element.attributes.method or "POST" }
         end
         reply(run, element)
      end
   end
   return nil
end

--- The parameters by which a webhook tells of a message that came in.
local function parameters(fields, opt_out_type)
   local digits = fields.from:match("^whatsapp:%+(%d+)$")
   local params = {
      WaId = digits, ProfileName = digits,
      OptOutType = opt_out_type, MessagingServiceSid = fields.messaging_service_sid,
      MessageSid = fields.sid, SmsSid = fields.sid, SmsMessageSid = fields.sid,
      AccountSid = fields.account_sid,
      From = fields.from, To = fields.to, Body = fields.body, NumMedia = fields.num_media,
      NumSegments = fields.num_segments,
      SmsStatus = "received", ApiVersion = "2010-04-01",
   }
   for i, url in ipairs(fields.media_url or {}) do
      params["MediaUrl" .. i - 1], params["MediaContentType" .. i - 1] = url, "image/jpeg"
   end
   return params
end

local function obtain(run, from, params)
   local root, errors, url = document.fetch(
      run.sandbox, run.record.fields.account_sid, "messaging", from, params)
   run.url = url or from.url
   return root, errors
end

--- Gives an incoming message to its number's webhook and follows the answer.
-- @param record (table) the message's
-- @param from (table) { url, method, fallback, fallback_method }
-- @param opt_out_type (string | nil) "STOP", "START" or "HELP", if the message is such a keyword
-- @param send (function) (collection, fields) -> the fields of the reply that was sent, and a
--    webhook's parameters about it; or nil, { code, message }
-- @return (array) the transcript
function messaging.run(sandbox, record, from, opt_out_type, send)
   local run = { sandbox = sandbox, record = record, send = send, transcript = {} }
   local params = parameters(record.fields, opt_out_type)
   local spare = from.fallback and from.fallback ~= "" and from
   sandbox.transcripts[record.fields.sid] = run.transcript
   for _ = 1, MOST_DOCUMENTS do
      local root, errors = obtain(run, from, params)
      for _, err in ipairs(root and errors or { errors }) do fail(run, err) end
      if not root and spare then
         params = parameters(record.fields, opt_out_type)
         params.ErrorCode, params.ErrorUrl = errors.code, from.url
         from, spare = { url = spare.fallback, method = spare.fallback_method }, nil
      else
         from = root and execute(run, root)
      end
      if not from then return run.transcript end
   end
   local err = { code = 11200, message = "the answers redirect in a loop" }
   fail(run, err)
   document.refuse(sandbox, record.fields.account_sid, from.url, params, err)
   return run.transcript
end

return messaging
