-- transport/proxy.lua: the grammar of a proxy's URL, checked once when a client is made.
--
-- libcurl parses the URL with each connection and shows the whole text, password included, in the
-- error for one that it can't parse. This file accepts what libcurl can use, and no message of it
-- holds any of the text. Every step is linear: plain finds and anchored classes. Must not
-- know sessions or clients.

local core = require "twilio.core"
local ip = require "twilio.util.ip"

local proxy = {}

local schemes = {
   http = true, https = true, socks4 = true, socks4a = true, socks5 = true, socks5h = true,
}

local function is_port(text)
   local number = text:find("^%d%d?%d?%d?%d?$") and tonumber(text)
   return number and number >= 1 and number <= 65535 or false
end

local function is_ipv6(text)
   local zone = text:find("%", 1, true)
   if not zone then return ip.is_ipv6(text) end
   return ip.is_ipv6(text:sub(1, zone - 1)) and #text <= 100
      and text:find("^[A-Za-z0-9._~-]+$", zone + 1) ~= nil
end

-- Bytes above 127 are for international names, which libcurl converts.
local function is_name(text)
   if #text > 255 or not text:find("^[A-Za-z0-9_.\128-\255-]+$") then return false end
   if text:find("^[%d.]+$") then return ip.is_ipv4(text) end
   return not text:find("^[.-]") and not text:find("..", 1, true)
end

-- host[:port], its host a name, an IPv4 address or an IPv6 address in brackets.
local function is_authority(text)
   local host, rest
   if text:sub(1, 1) == "[" then
      local stop = text:find("]", 1, true)
      if not stop or not is_ipv6(text:sub(2, stop - 1)) then return false end
      rest = text:sub(stop + 1)
   else
      local colon = text:find(":", 1, true)
      host, rest = text:sub(1, (colon or 0) - 1), colon and text:sub(colon) or ""
      if not is_name(host) then return false end
   end
   return rest == "" or (rest:sub(1, 1) == ":" and is_port(rest:sub(2)))
end

-- libcurl decodes it, and refuses control characters that come out of that.
local function is_userinfo(text)
   if text == "" or text == ":" or text:find("@", 1, true) then return false end
   return not text:find("%%[01]%x") and not text:find("%%7[Ff]")
end

local EXPECTED = "can't be parsed: expected [scheme://][user[:password]@]host[:port],"
   .. " special characters of user and password percent-encoded"

--- Checks that libcurl can use this as a proxy's URL.
-- @param text (string) "" means no proxy
-- @return true; or nil, (string) the rest of a sentence that says why not, without any of the text
function proxy.check(text)
   if text == "" then return true end
   if text:find("[%z\1-\31\127 \t-\r]") then return nil, "holds a blank or a control character" end
   local colon = text:find("://", 1, true)
   if colon then
      if not schemes[core.lower(text:sub(1, colon - 1))] then
         return nil, "needs one of the schemes http, https, socks4, socks4a, socks5 and socks5h"
      end
      text = text:sub(colon + 3)
   end
   local first = not colon and text:match("^[A-Za-z][A-Za-z0-9]*:")
   if first and schemes[core.lower(first:sub(1, -2))] and text:find("@", 1, true) then
      return nil, EXPECTED
   end
   if text:sub(-1) == "/" then text = text:sub(1, -2) end
   if text:find("[/?#]") then return nil, EXPECTED end
   local at = text:find("@", 1, true)
   -- The last one ends the user and password, which can't hold one that isn't percent-encoded.
   while at and text:find("@", at + 1, true) do at = text:find("@", at + 1, true) end
   if at and not is_userinfo(text:sub(1, at - 1)) then return nil, EXPECTED end
   if not is_authority(text:sub((at or 0) + 1)) then return nil, EXPECTED end
   return true
end

return proxy
