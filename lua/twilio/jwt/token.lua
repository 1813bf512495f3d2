-- jwt/token.lua: JSON Web Tokens: signing, and reading with all checks.
--
-- Knows nothing of what Twilio puts into a token.

local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local error_of = require("twilio.util.error").new
local json = require "twilio.json"
local options = require "twilio.util.options"

local token = {}

-- base64url ---------------------------------------------------------------------------------------

local FROM_URL = { ["-"] = "+", ["_"] = "/" }

local encode = core.base64url_encode

-- Only the one spelling that encode gives: a token has no twins.
local function decode(text)
   local padding = ("="):rep((4 - #text % 4) % 4)
   local bytes = core.base64_decode(text:gsub("[-_]", FROM_URL) .. padding)
   if bytes and encode(bytes) == text then return bytes end
end

-- Signing -----------------------------------------------------------------------------------------

--- Signs with a key that is there already.
-- @param header (table) with `alg`
-- @param payload (table)
-- @param signer (userdata) of core.signer
-- @return (string) the token
-- @return[2] nil, (string) what in it has no JSON form, or why it can't be signed
function token.encode(header, payload, signer)
   local parts = { header, payload }
   for i, part in ipairs(parts) do
      local text, message = json.encode(part)
      if not text then return nil, message end
      parts[i] = encode(text)
   end
   local signed = table.concat(parts, ".")
   local signature, err = signer:sign(header.alg, signed)
   if not signature then return nil, err.message end
   return signed .. "." .. encode(signature)
end

--- Signs with a secret (string) for HS256, HS384 or HS512. Results as token.encode.
function token.sign(header, payload, secret)
   local signer = crypto.signer { secret = secret }
   local text, message = token.encode(header, payload, signer)
   signer:close()
   return text, message
end

-- Reading -----------------------------------------------------------------------------------------

-- A public key must never be taken for a HMAC secret, which everybody could then sign with.
local ALGORITHMS = {
   string = { HS256 = true, HS384 = true, HS512 = true },
   table = { RS256 = true, PS256 = true },
}

local function check_key(key)
   if type(key) == "table" then
      return options.check(key, { public_key = "string!" }, nil, "key field")
   end
   if type(key) ~= "string" or key == "" then
      return nil, "expected a secret (string) or { public_key = PEM } to check the token with, got "
         .. (key == "" and "''" or "a " .. type(key))
   end
   if key:find("-----BEGIN", 1, true) then
      return nil, "a key in PEM can't be a secret: give it as { public_key = PEM }"
   end
   local ok, message = options.credential(key)
   if not ok then return nil, "the secret " .. message end
   return true
end

--- Checks the key and the options of jwt.decode.
-- @return true; or nil, (string) the caller's mistake
function token.check_key(key, given)
   local ok, message = check_key(key)
   if not ok then return nil, message end
   ok, message = options.check(given, { now = "number", leeway = "number" })
   if not ok then return nil, message end
   return true
end

local function malformed(what)
   return nil, error_of { kind = "decode", message = "not a token: " .. what }
end

local function invalid(message)
   return nil, error_of { kind = "auth", message = "token not accepted: " .. message }
end

-- One part of a token as a JSON object, or nil.
local function read_object(text)
   local bytes = decode(text)
   local object = bytes and bytes:find("^[ \t-\r]*{") and json.decode(bytes)
   return object or nil
end

-- Checks who made it, before anything that it says is believed.
local function check_signature(header, key, signed, signature)
   if type(header.alg) ~= "string" or not ALGORITHMS[type(key)][header.alg] then
      return invalid("its algorithm isn't one for this key")
   end
   if header.crit ~= nil then return invalid("it has critical extensions") end
   local secret = type(key) == "string" and { secret = key } or { public_key = key.public_key }
   local signer, err = crypto.signer(secret)
   if not signer then return nil, error_of { kind = "config", message = err.message } end
   local good
   good, err = signer:verify(header.alg, signed, signature)
   signer:close()
   if good == nil then return nil, error_of { kind = "config", message = err.message } end
   if not good then return invalid("its signature is wrong") end
   return true
end

local function check_times(payload, opts)
   local now, leeway = opts.now or core.time(), opts.leeway or 0
   for _, name in ipairs { "exp", "nbf" } do
      if payload[name] ~= nil and type(payload[name]) ~= "number" then
         return invalid("its " .. name .. " isn't a number")
      end
   end
   if payload.exp and now >= payload.exp + leeway then return invalid("it has expired") end
   if payload.nbf and now < payload.nbf - leeway then return invalid("it isn't valid yet") end
   return true
end

--- Reads and checks; see jwt.decode.
function token.read(text, key, opts)
   local signed, head, body, tail
   if type(text) == "string" then
      signed, head, body, tail = text:match(
         "^(([A-Za-z0-9_-]+)%.([A-Za-z0-9_-]+))%.([A-Za-z0-9_-]+)$")
   end
   if not signed then return malformed("expected three parts of base64url") end
   local header, payload, signature = read_object(head), read_object(body), decode(tail)
   if not header or not payload or not signature then
      return malformed("its parts aren't JSON objects and a signature")
   end
   local ok, err = check_signature(header, key, signed, signature)
   if ok then ok, err = check_times(payload, opts) end
   if not ok then return nil, err end
   return payload, nil, header
end

-- Claims ------------------------------------------------------------------------------------------

--- The rule of an argument that authenticates (util/options.lua): with a spoiled one a token would
-- be refused by Twilio without a reason.
token.CREDENTIAL = { "string!", check = options.credential }

--- The claims that every token has.
-- @param issuer (string)
-- @param a (table) the caller's arguments: ttl, nbf, now
-- @return (table) iss, exp and nbf; (integer) now
function token.claims(issuer, a)
   local now = math.floor(a.now or core.time())
   return {
      iss = issuer, exp = now + math.floor(a.ttl or 3600), nbf = a.nbf and math.floor(a.nbf),
   }, now
end

return token
