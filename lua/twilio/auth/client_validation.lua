-- auth/client_validation.lua: a transport around a transport: signs each request (public key client
-- validation, PKCV).
--
-- Each attempt carries a JWT of its own in the header Twilio-Client-Validation: a claim of the
-- request's canonical form, good for five minutes. The canonical form is of what is on the wire.
-- A verifier may decode and encode again, resolve dot segments, or take the bytes as they came
-- (twilio-java does the first two, twilio-python the last); the URL is sent in the one spelling for
-- which all of them agree. Stands under retry, so that a late attempt isn't sent with an old token.
-- Must not know where requests come from or how they are sent.

local copy = require "twilio.transport.copy"
local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local endpoint = require "twilio.call.endpoint"
local options = require "twilio.util.options"
local texts = require "twilio.util.text"
local token = require "twilio.jwt.token"

local LIFE = 300 -- seconds
local SIGNED = "authorization;host"

local client_validation = {}

local function decode(text)
   return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

-- RFC 3986: everything but letters, digits and -._~ is encoded, in capitals.
local function encode_again(text) return core.percent_encode(decode(text)) end

-- Without empty and dot segments (RFC 3986, 5.2.4), each of the others encoded once.
local function normal_path(path)
   local kept, is_folder = {}, true
   for part in path:gmatch "[^/]+" do
      local segment = encode_again(part)
      is_folder = segment == "." or segment == ".."
      if segment == ".." then kept[#kept] = nil end
      if not is_folder then kept[#kept + 1] = segment end
   end
   if path:sub(-1) == "/" then is_folder = true end
   return "/" .. table.concat(kept, "/") .. (is_folder and #kept > 0 and "/" or "")
end

-- A name without a "=" stays one; "+" is a space, as in a form.
local function normal_pairs(query)
   local list = {}
   for pair in query:gmatch("[^&]+") do
      local name, sign, value = pair:gsub("%+", " "):match("^([^=]*)(=?)(.*)$")
      list[#list + 1] = encode_again(name) .. sign .. encode_again(value)
   end
   return list
end

local default_ports = { http = ":80", https = ":443" }

-- The Host header that is sent: without user name and default port.
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

-- The parts of a URL as they are sent: "https", "api.twilio.com", "/path", { "a=1", ... }
local function parts_of(url)
   local scheme, _, rest, authority = endpoint.split(url)
   local path, query = rest:match("^([^?#]*)%??([^#]*)")
   return scheme, core.lower(authority), normal_path(path), normal_pairs(query)
end

--- A URL in the spelling in which it is signed and sent.
-- @param url (string) absolute
-- @return (string)
function client_validation.normal_url(url)
   local scheme, authority, path, list = parts_of(url)
   local query = #list > 0 and "?" .. table.concat(list, "&") or ""
   return scheme .. "://" .. authority .. path .. query
end

--- The canonical form of a request, whose SHA-256 is what is signed.
-- @param final (table) as transports get it (docs/architecture.md)
-- @return (string)
function client_validation.canonical(final)
   local scheme, authority, path, list = parts_of(final.url)
   table.sort(list, core.less)
   local host = header(final.headers, "host")
   local body = final.body or ""
   return table.concat({
      final.method, path, table.concat(list, "&"),
      "authorization:" .. texts.trim(header(final.headers, "authorization")),
      "host:" .. host_header(scheme, host ~= "" and texts.trim(host) or authority), "",
      SIGNED, body == "" and "" or crypto.sha256_hex(body),
   }, "\n")
end

local Validation = {}
Validation.__index = Validation

-- @return (string) the token; or nil, (string) why there is none
local function sign(self, final)
   local head = {
      alg = self.algorithm, cty = "twilio-pkrv;v=1", kid = self.credential_sid, typ = "JWT",
   }
   local claims = {
      iss = self.api_key, sub = self.account_sid, exp = self.clock() + LIFE,
      hrh = SIGNED, rqh = crypto.sha256_hex(client_validation.canonical(final)),
   }
   return token.encode(head, claims, self.key)
end

local HEADER = "Twilio-Client-Validation"

--- Sends a request with its signature.
function Validation:send(final)
   if self.is_closed then -- during the call
      return nil, { kind = "cancelled", message = "the client was closed", sent = false }
   end
   if final.foreign then return self.inner:send(final) end -- a download that has left Twilio
   local outgoing = copy.with(final, { url = client_validation.normal_url(final.url) })
   local value, message = sign(self, outgoing)
   if not value then return nil, { kind = "config", message = message, sent = false } end
   -- One that the caller of the call has set stands.
   return self.inner:send(copy.with_header(outgoing, HEADER, final.headers[HEADER] or value))
end

--- Overwrites the private key.
function Validation:close()
   self.is_closed = true
   self.key:close()
end

local LARGEST = 1024 * 1024 -- bytes of a file with a key

-- PEM text, or what is in the file of that name. A message never holds the text, which may be a key
-- without its first line.
local function pem(text_or_path)
   if text_or_path:find("-----BEGIN", 1, true) then return text_or_path end
   if text_or_path:find("[%z\1-\31\127]") then
      return nil, "it is neither PEM text, which has a BEGIN line, nor a path"
   end
   local size, message = core.file_size(text_or_path) -- of regular files only: a FIFO would block
   if not size then return nil, "there is no BEGIN line, and as a path: " .. message end
   if size > LARGEST then return nil, "the file is too large for a key" end
   local io = core.global "io"
   if not io then return nil, "this Lua has no io: give the PEM text" end
   local file, message = io.open(text_or_path, "rb")
   if not file then return nil, message:sub(#text_or_path + 3) end -- "PATH: reason"
   local text = file:read("*a")
   file:close()
   return text or ""
end

--- The rules of a client's option validation (util/options.lua).
client_validation.known = {
   private_key = "string",
   credential_sid = { "string", check = options.credential },
   algorithm = { one_of = { "RS256", "PS256" } },
}

--- Checks what that option's fields are together.
-- @return true; or nil, (string) the rest of a sentence
function client_validation.check(given)
   if not given.private_key then
      return nil, "needs a private_key: PEM text, or the path of a file with it"
   end
   if not given.credential_sid or not given.credential_sid:match("^CR") then
      return nil, "needs the credential_sid (CR...) under which Twilio has the public key"
   end
   return true
end

--- @param inner (transport)
-- @param given (table) account_sid, api_key, credential_sid (CR...), private_key (PEM text or
--    path), algorithm = "RS256" | "PS256", clock = function() -> epoch seconds
-- @return (transport), or nil, (string) why the key can't be used
function client_validation.new(inner, given)
   local text, message = pem(given.private_key)
   if not text then return nil, "private_key can't be read: " .. message end
   local key, err = crypto.signer { private_key = text }
   if not key then return nil, err.message end
   return setmetatable({
      inner = inner, key = key, algorithm = given.algorithm or "RS256",
      clock = given.clock or core.time,
      account_sid = given.account_sid, api_key = given.api_key,
      credential_sid = given.credential_sid,
   }, Validation)
end

return client_validation
