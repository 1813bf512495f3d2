-- webhook/address.lua: the URL that Twilio called, as far as a request behind proxies tells.
--
-- Pure text work on a request's target and headers; knows nothing of signatures. It believes:
--
--   target               Path and query of each URL tried are those of the request's target. In
--                        absolute form (http://host/path) it also names the server, before Host.
--   Host, :authority     Host and port. If both are there they must name the same.
--   request.scheme       The adapter's word for the scheme, "https" by default.
--   Forwarded, and       Scheme, host and port, never a path, and with trust_proxy only. Of a list,
--   X-Forwarded-Proto,   the first element, which the proxy that the client talked to has written.
--   X-Forwarded-Host,    Forwarded stands before the others. X-Forwarded-Port is added to a host
--   X-Forwarded-Port     without a port, unless it is the scheme's default.
--   public_url           Takes the place of scheme, host and port, whatever the headers say.
--
-- Each is read by its grammar (grammar.lua). If one breaks it the request is refused, even if
-- another would do: what is no host ("example.com/sms#") could move the path or hide it, and then a
-- signature would count for another resource than the one that answers. An empty header counts as
-- absent.
--
-- Believing a forwarded header lets no forgery in, because the signature covers the URL. It can let
-- in a request that Twilio has sent to another host of the same account.

local grammar = require "twilio.webhook.grammar"
local text = require "twilio.util.text"

local byte, find, sub = string.byte, string.find, string.sub

local address = {}

local LONGEST_TARGET = 64 * 1024 -- bytes; plain_request.c has it too

--- The query of a URL, without its "?"; "" where there is none. A "#" ends it.
function address.query_of(url)
   local mark = find(url, "?", 1, true)
   if not mark then return "" end
   local fragment = find(url, "#", 1, true) or #url + 1
   return sub(url, mark + 1, fragment - 1)
end

--- Checks that a request's target can have come over a wire. A fragment would show another query to
-- whoever looks for one.
-- @return true; or nil, (string) why it is refused
function address.check_target(target)
   if #target > LONGEST_TARGET then
      return nil, ("the request's target has more than %d bytes"):format(LONGEST_TARGET)
   end
   if target == "" then return nil, "the request's target is empty" end
   if not find(target, "[%z\1-\32#\127]") then return true end
   if find(target, "#", 1, true) then
      return nil, "the request's target holds a '#', and a fragment is never sent"
   end
   return nil, "the request's target holds a space or a control character"
end

local function broken(name, message) return nil, ("the %s header %s"):format(name, message) end

-- The user name and password that some programs leave in a URL (RFC 3986, 3.2.1).
local USER = "^[A-Za-z0-9._~!$&'()*+,;=:%%-]*$"

-- Splits a target in absolute form.
-- @return (string) scheme, (string) authority, with the user if there is one, (string) the rest
-- @return[2] nil: it has another form
-- @return[3] false, (string) why it is refused
local function split_absolute(target)
   local _, mark = find(target, "^[A-Za-z][A-Za-z0-9+.-]*://")
   if not mark then return nil end
   local stop = find(target, "[/?]", mark + 1) or #target + 1
   local scheme, authority = sub(target, 1, mark - 3), sub(target, mark + 1, stop - 1)
   local host, user = text.after_last(authority, "@")
   if not grammar.scheme(scheme) then
      return false, "the request's target has a scheme that isn't HTTP's"
   end
   if not grammar.authority(host) or user and not find(user, USER) then
      return false, "the request's target doesn't name a host and a port"
   end
   return scheme, authority, sub(target, stop)
end

-- Without the port that stands for none: some clients write it in one of the two headers only.
local function without_default_port(host, port)
   if port == "443" or port == "80" then host = sub(host, 1, -#port - 2) end
   return text.lower(host)
end

-- The server that the headers name.
-- @return (string), or nil if they name none; or nil, (string) why they are refused
local function host_of(headers)
   local host, authority = headers.host, headers[":authority"]
   if host and not authority and grammar.authority(host) then return host end -- nearly always
   host, authority = grammar.trim(host or ""), grammar.trim(authority or "")
   local named, port = grammar.authority(host)
   local other, other_port = grammar.authority(authority)
   if host ~= "" and not named then return broken("Host", "isn't a host and a port") end
   if authority ~= "" and not other then return broken(":authority", "isn't a host and a port") end
   local same = not named or not other
      or without_default_port(named, port) == without_default_port(other, other_port)
   if not same then return broken("Host", "isn't the :authority") end
   return other or named
end

-- The first element of the list in a header's value.
-- @return (string), or nil if there is none; or nil, (string) why it is refused
local function first(value, name, read)
   if not value then return nil end
   local element, message = grammar.list(value, read)
   if message then return broken(name, message) end
   return element or nil
end

-- Twilio writes the port only where it was configured: a default one is left to the candidates.
local DEFAULT_PORT = { https = "443", wss = "443", http = "80", ws = "80" }

local function with_port(scheme, host, port)
   if not host or not port or port == DEFAULT_PORT[text.lower(scheme)] then return host end
   local _, own = grammar.authority((text.after_last(host, "@")))
   return own and host or host .. ":" .. port
end

-- The address as the outermost proxy saw it; what is given where it doesn't say.
-- @return (string) scheme, (string | nil) host; or nil, (string) why the request is refused
local function proxied(headers, scheme, host)
   local said, message = {}, nil
   if headers.forwarded then said, message = grammar.forwarded(headers.forwarded) end
   if message then return broken("Forwarded", message) end
   local proto, name, port
   proto, message = first(headers["x-forwarded-proto"], "X-Forwarded-Proto", grammar.scheme)
   if message then return nil, message end
   name, message = first(headers["x-forwarded-host"], "X-Forwarded-Host", grammar.authority)
   if message then return nil, message end
   port, message = first(headers["x-forwarded-port"], "X-Forwarded-Port", grammar.port)
   if message then return nil, message end
   scheme = said.proto or proto or scheme
   return scheme, with_port(scheme, said.host or name or host, port)
end

-- The address as the client saw it.
-- @return (string) scheme, (string | nil) host, (string) path and query
-- @return[2] nil, (string) why the request is refused
local function seen(request, headers, trust_proxy)
   local named, message = host_of(headers)
   if message then return nil, message end
   local target, scheme, host, path = request.url, nil, nil, nil
   if byte(target, 1) ~= 47 then scheme, host, path = split_absolute(target) end -- 47: "/"
   if scheme == false then return nil, host end
   if not scheme then
      scheme, host, path = request.scheme, named, target
      scheme = grammar.scheme((scheme == nil or scheme == "") and "https" or scheme)
      if not scheme then return nil, "the request's scheme isn't one of http, https, ws and wss" end
   end
   if trust_proxy then
      scheme, host = proxied(headers, scheme, host)
      if not scheme then return nil, host end
   end
   return scheme, host, byte(path, 1) == 47 and path or "/" .. path
end

-- public_url takes the place of all that comes before the path. If it has a path of its own, a
-- proxy may have removed that from the request or not: both are tried.
local function published(public_url, path)
   local base = text.strip(public_url, "/")
   local origin, prefix = base:match("^([^/]*//[^/]*)(.*)$")
   local after = byte(path, #prefix + 1)
   local is_end = after == nil or after == 47 or after == 63 -- "/", "?"
   if prefix ~= "" and is_end and sub(path, 1, #prefix) == prefix then
      return { origin .. path, base .. path }
   end
   return { base .. path }
end

-- Twilio signs a WebSocket handshake as wss://, whatever the server calls it.
local function as_websocket(urls)
   local list = {}
   for _, url in ipairs(urls) do list[#list + 1] = (url:gsub("^[Hh][Tt][Tt][Pp]", "ws")) end
   for _, url in ipairs(urls) do list[#list + 1] = url end
   return list
end

--- The URLs that Twilio may have called. Path and query of each are those of the request.
-- @param request (table) url: its target, absolute or path and query, that has passed
--    address.check_target; scheme: where url has none, "https" by default
-- @param headers (table) by lower-case name
-- @param options (table) public_url (string | nil), trust_proxy (boolean | nil)
-- @return (array of strings)
-- @return[2] nil, (string) why the request is refused; without a reason no host is known
function address.of(request, headers, options)
   local scheme, host, path = seen(request, headers, options.trust_proxy)
   if not scheme then return nil, host end
   local urls
   if options.public_url then
      urls = published(options.public_url, path)
   elseif host then
      urls = { scheme .. "://" .. host .. path }
   else
      return nil
   end
   local upgrade = headers.upgrade
   return upgrade and text.lower(upgrade) == "websocket" and as_websocket(urls) or urls
end

--- Are there headers of proxies about the address? @param headers (table) by lower-case name
function address.is_forwarded(headers)
   return headers.forwarded or headers["x-forwarded-proto"] or headers["x-forwarded-host"]
      or headers["x-forwarded-port"]
end

return address
