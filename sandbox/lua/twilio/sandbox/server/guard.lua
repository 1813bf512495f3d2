-- sandbox/server/guard.lua: which requests a served sandbox takes: those that were sent to it by
-- name, and not by another site's page.
--
-- A browser sends any page's requests to a loopback address. The name in Host shows DNS rebinding
-- (a foreign name that resolves to this machine); Origin and Sec-Fetch-Site show requests of other
-- sites; an exact media type makes a browser ask first. Each header is parsed by its grammar. A
-- repeated header is an array here, and is refused.

local core = require "twilio.core"

local guard = {}

local function is_loopback(name)
   if name == "localhost" or name:find("%.localhost$") then return true end
   local a, b, c, d = name:match("^(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)$")
   return a == "127" and tonumber(b) < 256 and tonumber(c) < 256 and tonumber(d) < 256
end

local loopback_v6 = { ["[::1]"] = true, ["[0:0:0:0:0:0:0:1]"] = true }

-- "API.twilio.com.:443" -> "api.twilio.com", ":443"; nil if the text is no host with an optional
-- port.
local function split(authority)
   local host, port = authority:match("^(%[[%x:.]+%])(.*)$")
   if not host then host, port = authority:match("^([A-Za-z0-9._-]+)(.*)$") end
   if not host or #authority > 300 then return nil end
   if port ~= "" then
      local number = tonumber(port:match("^:(%d%d?%d?%d?%d?)$"))
      if not number or number > 65535 then return nil end
   end
   return core.lower(host):gsub("%.$", "", 1), port
end

local function has_empty_label(name)
   return name:find("^%.") ~= nil or name:find("..", 1, true) ~= nil or name == ""
end

--- Returns true if a host, with or without a port, is twilio.com or below it.
function guard.is_twilio(authority)
   local name = type(authority) == "string" and split(authority)
   if not name or has_empty_label(name) then return false end
   return name == "twilio.com" or name:find("%.twilio%.com$") ~= nil
end

--- Returns true if a host, with or without a port, is one by which the sandbox may be called.
-- @param authority (string | array) of Host or X-Original-Host
-- @param hosts (set | nil) of guard.hosts
function guard.is_own(authority, hosts)
   local name = type(authority) == "string" and split(authority)
   if not name or has_empty_label(name) then return false end
   return loopback_v6[name] or is_loopback(name) or guard.is_twilio(name)
      or (hosts ~= nil and hosts[name] == true)
end

--- Reads the option `hosts`.
-- @param names (array of strings | nil) without ports
-- @return (set); or nil, the caller's mistake
function guard.hosts(names)
   local set = {}
   if names ~= nil and type(names) ~= "table" then
      return nil, "hosts must be an array of names, got a " .. type(names)
   end
   for key, given in pairs(names or {}) do
      local name, port
      if type(key) == "number" and type(given) == "string" then name, port = split(given) end
      if not name or port ~= "" or has_empty_label(name) then
         return nil, "hosts must be an array of names without ports, got " .. tostring(given)
      end
      set[name] = true
   end
   return set
end

local default_ports = { http = ":80", https = ":443" }

local function origin_of(text)
   if type(text) ~= "string" then return nil end
   local scheme, authority = text:match("^([A-Za-z]+)://([^/]*)$")
   scheme = scheme and core.lower(scheme)
   return default_ports[scheme] and split(authority) and scheme, authority
end

local function is_same(scheme, a, b)
   local name_a, port_a = split(a)
   local name_b, port_b = split(b)
   local usual = default_ports[scheme]
   if port_a == "" then port_a = usual end
   if port_b == "" then port_b = usual end
   return name_a == name_b and port_a == port_b
end

-- A link on another site may lead to the page itself, which shows nothing before its own requests
-- are answered.
local function is_navigation(headers)
   return headers["sec-fetch-mode"] == "navigate" and headers["sec-fetch-dest"] == "document"
end

local OWN = "a loopback name or address, a name of twilio.com, or one of the option hosts"
local words = { host = "Host", ["x-original-host"] = "X-Original-Host" }

--- Checks who sends a request to the console.
-- @param headers (table) by lower-case name
-- @param is_page (boolean) true: the request is for the page
-- @param hosts (set | nil) of guard.hosts
-- @return true; or nil, (string) why the request is refused
function guard.console(headers, is_page, hosts)
   local host, origin, site = headers.host, headers.origin, headers["sec-fetch-site"]
   -- Only a program in this process sends none: openresty.lua makes a missing Host an empty one.
   if host ~= nil and not guard.is_own(host, hosts) then
      return nil, "Host must be " .. OWN
   end
   if origin ~= nil then
      local scheme, authority = origin_of(origin)
      if not scheme or not host or not is_same(scheme, authority, host) then
         return nil, "Origin must be the sandbox's own"
      end
   end
   local is_other = site ~= nil and site ~= "same-origin" and site ~= "none"
   if is_other and not (is_page and is_navigation(headers)) then
      return nil, "requests of other sites' pages are refused"
   end
   return true
end

--- Checks who sends a request to the API. Pages of this machine may, by way of a development server
-- that passes them on; pages of others may not, as a form can bear credentials in its URL.
-- @return as guard.console
function guard.api(headers, hosts)
   for name in pairs(words) do
      if headers[name] ~= nil and not guard.is_own(headers[name], hosts) then
         return nil, words[name] .. " must be " .. OWN
      end
   end
   if headers.origin ~= nil then
      local scheme, authority = origin_of(headers.origin)
      if not scheme or not guard.is_own(authority, hosts) then
         return nil, "requests of other sites' pages are refused"
      end
   end
   return true
end

-- The end of a parameter of a media type that begins at `at`: ; name=token or ; name="quoted"; nil
-- if there is none.
local function after_parameter(header, at)
   local _, last = header:find("^[ \t]*;[ \t]*", at)
   if not last then return nil end
   local _, name = header:find("^[A-Za-z0-9!#$%%&'*+.^_`|~-]+=", last + 1)
   if not name then return last + 1 end -- an empty one, which the grammar allows
   local _, value = header:find("^[A-Za-z0-9!#$%%&'*+.^_`|~-]+", name + 1)
   if value then return value + 1 end
   if header:sub(name + 1, name + 1) ~= '"' then return nil end
   at = name + 2
   while true do
      local stop = header:find('[\\"]', at)
      if not stop then return nil end
      if header:sub(stop, stop) == '"' then return stop + 1 end
      at = stop + 2
   end
end

--- Returns true if a Content-Type is application/json, with any parameters.
-- @param header (string | array | nil)
function guard.is_json(header)
   if type(header) ~= "string" then return false end
   local _, last = core.lower(header):find("^[ \t]*application/json")
   local at = last and last + 1
   while at and not header:find("^[ \t]*$", at) do at = after_parameter(header, at) end
   return at ~= nil
end

return guard
