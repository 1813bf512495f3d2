-- sandbox/http/canonical_path.lua: paths that lead to the same resources. Data, and the one
-- function that reads it.
--
-- Paths start with the product's name: "api/2010-04-01/Accounts/AC.../Messages".

local canonical_path = {}

-- A text that a path must hold before its pattern is tried, as most paths hold none; the pattern;
-- and what it becomes.
local same = {
   { "ip-messaging", "^ip%-messaging", "chat" },
   { "/Local", "^(api/.*/IncomingPhoneNumbers)/Local", "%1" },
   { "/Mobile", "^(api/.*/IncomingPhoneNumbers)/Mobile", "%1" },
   { "/TollFree", "^(api/.*/IncomingPhoneNumbers)/TollFree", "%1" },
   { "/Recordings", "^(api/.*/Accounts/AC%x+)/Calls/[^/]*/Recordings", "%1/Recordings" },
   { "/Recordings", "^(api/.*/Accounts/AC%x+)/Conferences/[^/]*/Recordings", "%1/Recordings" },
   {
      "/Transcriptions", "^(api/.*/Accounts/AC%x+)/Recordings/[^/]*/Transcriptions",
      "%1/Transcriptions",
   },
   {
      "ConversationWithParticipants", "^(conversations[^/]*/v1.*/)ConversationWithParticipants",
      "%1Conversations",
   },
}

-- Places are data: place -> boolean.
local changing = setmetatable({}, { __mode = "k" })

local function has_a_rule(place, product)
   local segments, at = {}, place
   while at.parent do
      table.insert(segments, 1, at.segment)
      at = at.parent
   end
   local path = product .. "/" .. table.concat(segments, "/")
   for _, rule in ipairs(same) do
      if path:find(rule[1], 1, true) then return true end
   end
   return false
end

--- Returns true if a path of this place may be another's.
-- @param place (table) of the router
-- @param product (string) whose it is
function canonical_path.may_change(place, product)
   if changing[place] == nil then changing[place] = has_a_rule(place, product) end
   return changing[place]
end

--- The one path under which a resource is kept. @return (string), (boolean | nil) true: it is kept
-- elsewhere than asked for
function canonical_path.of(path)
   for _, rule in ipairs(same) do
      if path:find(rule[1], 1, true) then
         local other, count = path:gsub(rule[2], rule[3])
         if count > 0 then return other, true end
      end
   end
   return path
end

return canonical_path
