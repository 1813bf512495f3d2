-- sandbox/caller.lua: may this request reach a served sandbox? Decided by its Host, Origin and
-- Content-Type.
--
-- A browser sends what any page of any site asks for, to loopback addresses too. Pages can't write
-- Origin and Sec-Fetch-Site, and can't send application/json to another site without a preflight,
-- which is never granted here.

local core = require "twilio.core"

local caller = {}

-- The host of "host[:port]", in lower case. Returns nil if it is neither a name, an IPv4 nor a
-- bracketed IPv6 address.
local function host_of(authority)
   if type(authority) ~= "string" or #authority > 300 then return nil end
   local host = authority:gsub(":%d%d?%d?%d?%d?$", "")
   if not host:find("^[A-Za-z0-9._-]+$") and not host:find("^%[[%x:.]+%]$") then return nil end
   return core.lower(host)
end

local function is_loopback(host)
   return host == "localhost" or host:sub(-10) == ".localhost" or host == "[::1]" or host:find("^127%.%d+%.%d+%.%d+$") ~= nil
end

local function is_twilio(host) return host == "twilio.com" or host:sub(-11) == ".twilio.com" end

local function is_known(authority, hosts)
   local host = host_of(authority)
   if not host then return false end
   if is_loopback(host) or is_twilio(host) then return true end
   for _, other in ipairs(hosts or {}) do
      if host == core.lower(other) then return true end
   end
   return false
end

--- Is this exactly the media type application/json? Parameters may follow it.
-- @param content_type (string | nil) the header; of a repeated one all values, joined by commas
function caller.is_json(content_type)
   if type(content_type) ~= "string" or content_type:find(",", 1, true) then return false end
   local media = content_type:match("^[ \t]*([^; \t]*)[ \t]*$") or content_type:match("^[ \t]*([^; \t]*)[ \t]*;")
   return media ~= nil and core.lower(media) == "application/json"
end

-- Is it the sandbox's own page that asks? Its origin is the host and port that were asked.
local function is_own_origin(origin, authority)
   local host = origin:match("^https?://(.*)$")
   return host ~= nil and core.lower(host) == core.lower(authority)
end

--- Refuses a request that a page of another site may have sent.
-- @param headers (table) by lower-case name
-- @param hosts (array | nil) names by which the sandbox is called, beside loopback's and Twilio's
-- @param is_ours (boolean) is it for the page or a command, and not for the API?
-- @return (string | nil) why it is refused
function caller.refuse(headers, hosts, is_ours)
   local authority = headers.host
   if not is_known(authority, hosts) then
      return "this sandbox isn't called by that name: use localhost, or name it in the option `hosts`"
   end
   local origin, site = headers.origin, headers["sec-fetch-site"]
   if origin and not is_own_origin(origin, authority) then return "requests of other sites' pages are refused (Origin)" end
   if is_ours and site and site ~= "same-origin" and site ~= "none" then
      return "requests of other sites' pages are refused (Sec-Fetch-Site)"
   end
   return nil
end

return caller
