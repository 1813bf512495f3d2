-- The values of a text that a description names in words ("Can be: `mono` or `dual`"), where the
-- files have no enum. They are facts for help and for types; requests may hold others.

local LEADS = {
   "[Cc]an be", "[Oo]ptions are", "[Vv]alid values are", "[Pp]ossible values",
   "[Ss]upported values", "[Oo]ne of", "[Vv]alues? are", "[Vv]alues? is", "[Ee]vents? are",
}

-- The texts in backquotes that follow each other from a place on.
local function quoted(text, from)
   local values, at = {}, text:match("^[^`.]*()`", from)
   while at and at - from < 60 do
      local value, after = text:match("^`([^`]+)`()", at)
      if not value or #value > 40 or value:find("[|%s]") then break end
      values[#values + 1] = value
      from = after
      at = text:match("^[^`.]*()`", after)
      if at and at - after > 12 then break end
   end
   return values
end

--- @param description (string | nil) @return (array) values; nil: none, or only one
return function(description)
   description = (description or ""):gsub("%[(`[^`]+`)%]%([^)]*%)", "%1") -- links
   for _, lead in ipairs(LEADS) do
      local _, stop = description:find(lead)
      local values = stop and quoted(description, stop + 1) or {}
      if #values > 1 then return values end
   end
   return nil
end
