-- auth/client_validation.lua: a transport around a transport: signs each request (public key client
-- validation, PKCV).
--
-- Each attempt carries a JWT of its own in the header Twilio-Client-Validation: a claim of the
-- request's canonical form, good for five minutes. Stands under retry, so that a late attempt isn't
-- sent with an old token. Must not know where requests come from or how they are sent.

local redact = require "twilio.transport.redact"
local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local endpoint = require "twilio.call.endpoint"
local options = require "twilio.util.options"
local texts = require "twilio.util.text"
local token = require "twilio.jwt.token"

local LIFE = 300 -- seconds
local SIGNED = "authorization;host"

local client_validation = {}

-- Characters that encodeURIComponent leaves as they are and our encoder doesn't.
local left_alone = { ["%21"] = "!", ["%27"] = "'", ["%28"] = "(", ["%29"] = ")" }

local function encode(text)
   return (core.percent_encode(text):gsub("%%2[1789]", left_alone))
end

local function decode(text)
   return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

local function canonical_path(path)
   local normal = path:gsub("/+", "/"):gsub("[^/]+", function(segment) return encode(decode(segment)) end)
   return normal == "" and "/" or normal
end

-- Sorted as decoded text, so that the order doesn't depend on how something was encoded.
local function canonical_query(query)
   local pairs_in_order = {}
   for pair in query:gmatch("[^&]+") do
      local name, value = pair:gsub("%+", " "):match("^([^=]*)=?(.*)$")
      name, value = decode(name), decode(value)
      pairs_in_order[#pairs_in_order + 1] = { text = name .. "=" .. value, encoded = encode(name) .. "=" .. encode(value) }
   end
   table.sort(pairs_in_order, function(a, b) return core.less(a.text, b.text) end)
   for i, pair in ipairs(pairs_in_order) do pairs_in_order[i] = pair.encoded end
   return table.concat(pairs_in_order, "&")
end

local default_ports = { http = ":80", https = ":443" }

-- The Host header that will be sent: without user name and default port.
local function host_header(scheme, authority)
   local host = authority:match("@([^@]*)$") or authority
   local port = default_ports[scheme]
   if port and host:sub(-#port) == port then host = host:sub(1, -#port - 1) end
   return core.lower(host)
end

local function header(headers, wanted)
   for name, value in pairs(headers) do
      if core.lower(name) == wanted then return value end
   end
   return ""
end

--- The canonical form of a request, whose SHA-256 is what is signed.
-- @param final (table) as transports get it (docs/architecture.md)
-- @return (string)
function client_validation.canonical(final)
   local scheme, _, rest, authority = endpoint.split(final.url)
   local path, query = rest:match("^([^?#]*)%??([^#]*)")
   local body = final.body or ""
   return table.concat({
      final.method, canonical_path(path), canonical_query(query),
      "authorization:" .. texts.trim(header(final.headers, "authorization")),
      "host:" .. host_header(scheme, authority), "",
      SIGNED, body == "" and "" or crypto.sha256_hex(body),
   }, "\n")
end

local Validation = {}
Validation.__index = Validation

-- @return (string) the token; or nil, (string) why there is none
local function sign(self, final)
   local head = { alg = self.algorithm, cty = "twilio-pkrv;v=1", kid = self.credential_sid, typ = "JWT" }
   local claims = {
      iss = self.api_key, sub = self.account_sid, exp = self.clock() + LIFE,
      hrh = SIGNED, rqh = crypto.sha256_hex(client_validation.canonical(final)),
   }
   return token.encode(head, claims, self.key)
end

local HEADER = "Twilio-Client-Validation"

--- Sends a request with its signature.
function Validation:send(final)
   if final.foreign then return self.inner:send(final) end -- a download that has left Twilio
   local value, why = sign(self, final)
   if not value then return nil, { kind = "config", message = why, sent = false } end
   -- One that the caller of the call has set stands.
   return self.inner:send(redact.with_header(final, HEADER, final.headers[HEADER] or value))
end

--- Overwrites the private key.
function Validation:close() self.key:close() end

local LARGEST = 1024 * 1024 -- bytes of a file with a key

-- PEM text, or what is in the file of that name. A message never holds the text, which may be a key
-- without its first line.
local function pem(text_or_path)
   if text_or_path:find("-----BEGIN", 1, true) then return text_or_path end
   if text_or_path:find("[%z\1-\31\127]") then return nil, "it is neither PEM text, which has a BEGIN line, nor a path" end
   local size, message = core.file_size(text_or_path) -- of regular files only: a FIFO would block
   if not size then return nil, "there is no BEGIN line, and as a path: " .. message end
   if size > LARGEST then return nil, "the file is too large for a key" end
   local file, trouble = io.open(text_or_path, "rb")
   if not file then return nil, trouble:sub(#text_or_path + 3) end -- "PATH: reason"
   local text = file:read("*a")
   file:close()
   return text or ""
end

local known = { private_key = "string", credential_sid = "string", algorithm = "string" }

--- Checks a client's option validation.
-- @param s (table) the client's settings
-- @return (string | nil) the caller's mistake
function client_validation.check(s)
   local v = s.validation
   local ok, why = options.check(v, known, "validation.")
   if not ok then return why end
   if not v.private_key then return "validation needs a private_key: PEM text, or the path of a file with it" end
   if not v.credential_sid or not v.credential_sid:match("^CR") then
      return "validation needs the credential_sid (CR...) under which Twilio has the public key"
   end
   if not s.api_key or not s.account_sid then return "validation needs account_sid, api_key and api_secret" end
   return nil
end

local algorithms = { RS256 = true, PS256 = true }

--- @param inner (transport)
-- @param given (table) account_sid, api_key, credential_sid (CR...), private_key (PEM text or
--    path), algorithm = "RS256" | "PS256", clock = function() -> epoch seconds
-- @return (transport), or nil, (string) why the key can't be used
function client_validation.new(inner, given)
   local algorithm = given.algorithm or "RS256"
   if not algorithms[algorithm] then return nil, "algorithm must be RS256 or PS256" end
   local text, why = pem(given.private_key)
   if not text then return nil, "private_key can't be read: " .. why end
   local key, err = crypto.signer { private_key = text }
   if not key then return nil, err.message end
   return setmetatable({
      inner = inner, key = key, algorithm = algorithm, clock = given.clock or os.time,
      account_sid = given.account_sid, api_key = given.api_key, credential_sid = given.credential_sid,
   }, Validation)
end

return client_validation
