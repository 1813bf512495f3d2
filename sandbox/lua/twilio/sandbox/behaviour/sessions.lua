-- sandbox/behaviour/sessions.lua: the window in which a message on WhatsApp or Messenger may be
-- free text: 24 hours from the last message that came in from its recipient.
--
-- The last one of each pair is a record apart from the API's, "sessions/<account>/<sender>/...", so
-- that a dump has it.

local sessions = {}

local COLLECTION = "sessions"
local WINDOW = 86400 -- seconds

sessions.CLOSED = 63016 -- Twilio's code

local channels = { whatsapp = true, messenger = true }

local function has_window(address)
   return channels[(address or ""):match("^(%a+):") or ""] == true
end

local function path_of(account_sid, sender, recipient)
   local collection = ("%s/%s/%s"):format(COLLECTION, account_sid, sender:gsub("/", "%%2F"))
   return collection .. "/" .. recipient:gsub("/", "%%2F"), collection
end

--- A message came in.
-- @param fields (table) of its record
function sessions.open(sandbox, fields)
   if not has_window(fields.from) then return end
   local path, collection = path_of(fields.account_sid, fields.to, fields.from)
   local record = sandbox.store:get(path)
   if record then
      record.fields.at = sandbox.clock.now
   else
      sandbox.store:put(path, collection, { at = sandbox.clock.now })
   end
end

--- Returns true if a message can't be delivered as it is: free text outside the window.
-- @param fields (table) of its record
function sessions.is_closed(sandbox, fields)
   local is_template = fields.content_sid and fields.content_sid ~= ""
   if is_template or not has_window(fields.to) then return false end
   local record = sandbox.store:get((path_of(fields.account_sid, fields.from, fields.to)))
   return not record or sandbox.clock.now - record.fields.at > WINDOW
end

return sessions
