-- sandbox/http/canonical_path.lua: paths that lead to the same resources. Data, and the one
-- function that reads it.
--
-- Paths start with the product's name: "api/2010-04-01/Accounts/AC.../Messages".

local canonical_path = {}

local same = {
   { "^ip%-messaging", "chat" },
   { "^(api/.*/IncomingPhoneNumbers)/Local", "%1" },
   { "^(api/.*/IncomingPhoneNumbers)/Mobile", "%1" },
   { "^(api/.*/IncomingPhoneNumbers)/TollFree", "%1" },
   { "^(api/.*/Accounts/AC%x+)/Calls/[^/]*/Recordings", "%1/Recordings" },
   { "^(api/.*/Accounts/AC%x+)/Conferences/[^/]*/Recordings", "%1/Recordings" },
   { "^(conversations[^/]*/v1.*/)ConversationWithParticipants", "%1Conversations" },
}

--- The one path under which a resource is kept. @return (string), (boolean | nil) true: it is kept
-- elsewhere than asked for
function canonical_path.of(path)
   for _, rule in ipairs(same) do
      local other, count = path:gsub(rule[1], rule[2])
      if count > 0 then return other, true end
   end
   return path
end

return canonical_path
