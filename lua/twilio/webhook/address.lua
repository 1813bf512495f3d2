-- webhook/address.lua: the URL that Twilio called, as far as a request behind proxies tells.
--
-- Pure text work on a request's URL and headers. Believing a forwarded header can't let a forgery in, for the signature
-- covers the URL; it is optional because a wrong one would keep the genuine out. Knows nothing of signatures.

local address = {}

-- "a, b" -> "a": the proxy that the client talked to is the first in these headers.
local function first(value)
   return value and value:match("^%s*([^,]-)%s*,") or value and value:match("^%s*(.-)%s*$")
end

-- RFC 7239: for=..., proto=https; host="example.com:8443"
local function forwarded(headers)
   local element = first(headers.forwarded)
   if not element then return nil end
   local found = {}
   for name, value in element:gmatch("([%w-]+)%s*=%s*([^;]+)") do
      found[name:lower()] = value:match('^"(.-)"%s*$') or value:match("^(.-)%s*$")
   end
   return found.proto, found.host
end

local function with_port(host, port)
   if not port or host:find(":%d+$") then return host end
   return host .. ":" .. port
end

-- Scheme and host as the outermost proxy saw them; nil where it doesn't say.
local function proxied(headers)
   local scheme, host = forwarded(headers)
   scheme = scheme or first(headers["x-forwarded-proto"])
   host = host or first(headers["x-forwarded-host"])
   local port = first(headers["x-forwarded-port"])
   return scheme and scheme:lower(), host, port
end

-- Twilio writes the port only where it was configured: a default one is left to the candidates.
local DEFAULT_PORT = { https = "443", http = "80" }

local function seen(request, headers, trust_proxy)
   local scheme, host, path = request.url:match("^(%a[%w+.-]*)://([^/?#]*)(.*)$")
   scheme, host, path = scheme or request.scheme or "https", host or first(headers.host), path or request.url
   if trust_proxy then
      local their_scheme, their_host, port = proxied(headers)
      scheme = their_scheme or scheme
      host = their_host or host
      if host and port ~= DEFAULT_PORT[scheme] then host = with_port(host, port) end
   end
   return host and scheme .. "://" .. host, path
end

-- public_url takes the place of all that comes before the path. Where it has a path of its own, a proxy may have removed
-- that from the request or not: both are tried.
local function published(public_url, path)
   local base = public_url:gsub("/+$", "")
   local origin, prefix = base:match("^(%a[%w+.-]*://[^/]*)(.*)$")
   local after = path:sub(#prefix + 1, #prefix + 1)
   if prefix ~= "" and path:sub(1, #prefix) == prefix and (after == "" or after:find("[/?]")) then
      return { origin .. path, base .. path }
   end
   return { base .. path }
end

-- Twilio signs a WebSocket handshake as wss://, whatever the server calls it.
local function as_websocket(urls)
   local list = {}
   for _, url in ipairs(urls) do list[#list + 1] = (url:gsub("^http", "ws")) end
   for _, url in ipairs(urls) do list[#list + 1] = url end
   return list
end

--- The URLs that Twilio may have called.
-- @param request (table) url: absolute, or path and query; scheme: where url hasn't got it, "https" by default
-- @param headers (table) by lower-case name
-- @param options (table) public_url (string | nil), trust_proxy (boolean | nil)
-- @return (array of strings), (string) the path and query seen; or nil if no host is known
function address.of(request, headers, options)
   local origin, path = seen(request, headers, options.trust_proxy)
   if not origin and not options.public_url then return nil end
   if not path:find("^/") then path = "/" .. path end
   local urls = options.public_url and published(options.public_url, path) or { origin .. path }
   if (headers.upgrade or ""):lower() == "websocket" then urls = as_websocket(urls) end
   return urls, path
end

return address
