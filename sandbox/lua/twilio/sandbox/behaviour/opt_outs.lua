-- sandbox/behaviour/opt_outs.lua: who wants no more messages: STOP, START, HELP and their other
-- keywords.
--
-- An opt-out is a record apart from the API's, "opt-outs/<sender>/<recipient>", so that a dump has
-- it. The sender is a number, a short code, or a messaging service with all of its senders.

local opt_outs = {}

local COLLECTION = "opt-outs"

local keywords = {}
for kind, words in pairs {
   STOP = "STOP STOPALL UNSUBSCRIBE END QUIT CANCEL REVOKE OPTOUT", START = "START YES UNSTOP",
   HELP = "HELP INFO",
} do
   for word in words:gmatch("%S+") do keywords[word] = kind end
end

opt_outs.answers = {
   STOP = "No more messages will come from this number. Send START to get them again.",
   START = "Messages will come from this number again. Send STOP to end them.",
   HELP = "Send STOP to get no more messages from this number, START to get them again.",
}

--- Names the request of a text that came in: it is one keyword and nothing else.
-- @return "STOP", "START", "HELP", or nil
function opt_outs.kind(body)
   if #body > 20 then return nil end
   return keywords[body:match("^%s*(.-)%s*$"):upper()]
end

local function collection_of(account_sid, sender)
   return COLLECTION .. "/" .. account_sid .. "/" .. sender
end

--- Returns true if a recipient wants nothing from a sender.
-- @param sender (string) a number, a short code, or a messaging service's SID
function opt_outs.has(sandbox, account_sid, sender, recipient)
   return sandbox.store:get(collection_of(account_sid, sender) .. "/" .. recipient) ~= nil
end

--- Keeps or lifts an opt-out. @param kind "STOP" or "START"; others change nothing
function opt_outs.set(sandbox, account_sid, sender, recipient, kind)
   local collection = collection_of(account_sid, sender)
   local path = collection .. "/" .. recipient
   if kind == "STOP" then
      sandbox.store:put(path, collection, { sid = recipient, date_created = sandbox.clock.now })
   elseif kind == "START" then
      sandbox.store:remove(path)
   end
end

return opt_outs
