-- cli/util/signed_urls.lua: which URL a captured webhook was signed for, where it isn't the one
-- that the server saw.
--
-- Tries schemes, the hosts that any header names, ports, slashes at the end, and those that the
-- user names. All of them are for people: a server must never try so many.

local texts = require "twilio.util.text"

local signed_urls = {}

local function texts_of(value)
   if type(value) == "table" then return value end
   return value and { value } or {}
end

-- Hosts that the request's headers name, the nearest first.
local function hosts_of(headers)
   local hosts = {}
   for _, name in ipairs { "host", "x-forwarded-host", "x-original-host", "x-forwarded-server" } do
      for _, text in ipairs(texts_of(headers[name])) do
         for host in text:gmatch "[^,%s]+" do hosts[#hosts + 1] = host end
      end
   end
   for _, text in ipairs(texts_of(headers.forwarded)) do
      for host in text:gmatch '[Hh]ost="?([^;,"%s]+)' do hosts[#hosts + 1] = host end
   end
   return hosts
end

--- URLs that may have been signed, each once.
-- @param request (table) url, headers
-- @param bases (array of strings) what the user's public URLs begin with: scheme, host, path prefix
-- @return (array of strings)
function signed_urls.of(request, bases)
   local list, seen = {}, {}
   local function add(url)
      if not seen[url] then list[#list + 1] = url end
      seen[url] = true
   end
   local path = request.url:match "^[A-Za-z]+://[^/?]*(.*)$" or request.url
   if path:sub(1, 1) ~= "/" then path = "/" .. path end
   local plain, query = path:match "^([^?]*)(.*)$"
   local paths = {
      path, texts.strip(plain, "/") .. query, texts.strip(plain, "/") .. "/" .. query, plain,
   }
   local origins = {}
   for _, base in ipairs(bases) do origins[#origins + 1] = texts.strip(base, "/") end
   for _, host in ipairs(hosts_of(request.headers)) do
      local name = host:gsub(":%d+$", "")
      for _, scheme in ipairs { "https://", "http://" } do
         for _, one in ipairs { host, name } do origins[#origins + 1] = scheme .. one end
      end
   end
   for _, origin in ipairs(origins) do
      for _, one in ipairs(paths) do add(origin .. one) end
   end
   -- A base may be the whole URL.
   for _, base in ipairs(bases) do add(base) end
   return list
end

--- The first of them whose signature is the request's.
-- @param webhook (webhook), request (table)
-- @param urls (array of strings)
-- @return (string | nil)
function signed_urls.find(webhook, request, urls)
   local headers = request.headers
   local signature = headers["x-twilio-signature"]
   local settings = headers["x-twilio-webhooks-signature-settings"]
   if type(signature) ~= "string" or type(settings) == "table" then return nil end
   local is_form = tostring(headers["content-type"]):find("urlencoded", 1, true)
   local body = request.body ~= "" and request.body or nil
   local function signed_of(url)
      local has_hash = body and url:find("bodySHA256=", 1, true)
      return (is_form or has_hash) and body or nil
   end
   -- As it is first: validate takes a URL with another port, too.
   for _, url in ipairs(urls) do
      if webhook:signature(url, signed_of(url), settings) == signature then return url end
   end
   for _, url in ipairs(urls) do
      if webhook:validate(url, signed_of(url), signature, settings) then return url end
   end
   return nil
end

return signed_urls
