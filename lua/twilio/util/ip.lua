-- util/ip.lua: IPv4 and IPv6 addresses as text, in time that is linear in the text.

local text = require "twilio.util.text"

local find = string.find

local ip = {}

--- Returns true for four numbers from 0 to 255 with dots between them.
function ip.is_ipv4(s)
   if not find(s, "^%d%d?%d?%.%d%d?%d?%.%d%d?%d?%.%d%d?%d?$") then return false end
   for number in s:gmatch("%d+") do
      if tonumber(number) > 255 then return false end
   end
   return true
end

--- Returns true for an address of RFC 4291, 2.2: eight groups of up to four hexadecimal digits.
-- "::" stands once for groups that are zero, and an IPv4 address for the last two groups. Neither
-- brackets nor a zone belong to it.
function ip.is_ipv6(s)
   if #s > 45 then return false end
   local tail, head = text.after_last(s, ":")
   if find(tail, ".", 1, true) then
      if not head or not ip.is_ipv4(tail) then return false end
      s = head .. ":0:0"
   end
   local gap = find(s, "::", 1, true)
   if gap and find(s, "::", gap + 1, true) then return false end
   if find(s, "^:[^:]") or find(s, "[^:]:$") then return false end
   local groups = 0
   for group in s:gmatch("[^:]+") do
      if not find(group, "^%x%x?%x?%x?$") then return false end
      groups = groups + 1
   end
   return gap and groups < 8 or not gap and groups == 8
end

return ip
