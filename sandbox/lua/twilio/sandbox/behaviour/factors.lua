-- sandbox/behaviour/factors.lua: Verify's TOTP factors and their challenges: codes as an
-- authenticator app makes them (RFC 6238), by the sandbox's clock.
--
-- Factors of other kinds are only kept.

local api_error = require "twilio.sandbox.http.api_error"
local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local record_fields = require "twilio.sandbox.state.fields"

local SECRET_SIZE = 20 -- bytes
local CHALLENGE_LIFE = 300 -- seconds

local factors = {}

-- Secrets -----------------------------------------------------------------------------------------

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" -- of base32 (RFC 4648)

local function to_base32(bytes)
   local out, value, bits = {}, 0, 0
   for i = 1, #bytes do
      value, bits = value * 256 + bytes:byte(i), bits + 8
      while bits >= 5 do
         bits = bits - 5
         local index = math.floor(value / 2 ^ bits)
         value = value - index * 2 ^ bits
         out[#out + 1] = ALPHABET:sub(index + 1, index + 1)
      end
   end
   if bits > 0 then
      local index = value * 2 ^ (5 - bits)
      out[#out + 1] = ALPHABET:sub(index + 1, index + 1)
   end
   return table.concat(out)
end

-- @return (string) bytes; nil: it isn't base32
local function from_base32(text)
   local out, value, bits = {}, 0, 0
   for character in text:upper():gsub("=+$", ""):gmatch(".") do
      local index = ALPHABET:find(character, 1, true)
      if not index then return nil end
      value, bits = value * 32 + index - 1, bits + 5
      if bits >= 8 then
         bits = bits - 8
         local byte = math.floor(value / 2 ^ bits)
         value = value - byte * 2 ^ bits
         out[#out + 1] = string.char(byte)
      end
   end
   return table.concat(out)
end

local function fresh_secret(sandbox)
   local hex = sandbox.ids:hex(2 * SECRET_SIZE)
   return to_base32((hex:gsub("%x%x", function(byte) return string.char(tonumber(byte, 16)) end)))
end

-- Codes -------------------------------------------------------------------------------------------

-- A number below 2^53 as eight bytes, the highest first.
local function counter_bytes(counter)
   local bytes = {}
   for i = 8, 1, -1 do
      local byte = counter % 256
      bytes[i] = string.char(byte)
      counter = (counter - byte) / 256
   end
   return table.concat(bytes)
end

local hashes = { sha1 = "SHA1", sha256 = "SHA256", sha512 = "SHA512" }

--- The code of a moment.
-- @param secret (string) base32
-- @param config (table) { alg = "sha1" | "sha256" | "sha512", code_length, time_step = seconds }
-- @param moment (number) epoch seconds
-- @return (string) decimal digits
function factors.code(secret, config, moment)
   local counter = math.floor(moment / config.time_step)
   local digest = crypto.hmac(hashes[config.alg], from_base32(secret), counter_bytes(counter))
   local at = digest:byte(-1) % 16 + 1
   local a, b, c, d = digest:byte(at, at + 3)
   local number = ((a % 128 * 256 + b) * 256 + c) * 256 + d
   return ("%0" .. config.code_length .. ".0f"):format(number % 10 ^ config.code_length)
end

-- Codes of neighbouring steps count, as clocks differ.
local function is_right(sandbox, fields, code)
   local config, secret = fields.config, fields.binding.secret
   for step = -config.skew, config.skew do
      local moment = sandbox.clock.now + step * config.time_step
      if moment >= 0 and factors.code(secret, config, moment) == code then return true end
   end
   return false
end

-- Factors -----------------------------------------------------------------------------------------

-- A member of an object that a record or a request has ("Config.CodeLength"); an empty one is none.
local function member_of(fields, object, name)
   local whole = fields[object]
   local value = type(whole) == "table" and whole[name]
   return value ~= "" and value or nil
end

local function service_of(sandbox, call)
   return sandbox.store:get(call.path:match("^(.*/Services/[^/]*)")) or { fields = {} }
end

local function config_of(given, service)
   local function setting(name, default)
      return member_of(given, "config", name) or member_of(service, "totp", name) or default
   end
   return {
      alg = setting("alg", "sha1"), skew = setting("skew", 1),
      code_length = setting("code_length", 6), time_step = setting("time_step", 30),
   }
end

local bounds = { skew = { 0, 2 }, code_length = { 3, 8 }, time_step = { 20, 60 } }

local function check_config(config)
   for name, range in pairs(bounds) do
      local value = config[name]
      if type(value) ~= "number" or value < range[1] or value > range[2] then
         return nil, api_error.new(400, 60200,
            ("Invalid parameter: Config.%s must be from %d to %d"):format(name, range[1], range[2]))
      end
   end
   return true
end

--- The API makes an entity with its first factor.
function factors.prepare(sandbox, call)
   local path, identity = call.path:match("^(.*/Entities/([^/]*))/Factors$")
   if call.endpoint.method ~= "create" or sandbox.store:get(path) then return end
   if not sandbox.store:get((path:match("^(.*)/Entities/"))) then return end
   local now = sandbox.clock.now
   sandbox.store:put(path, path:match("^(.*)/[^/]*$"), {
      sid = sandbox.ids:sid "YE", identity = (identity:gsub("%%2F", "/")),
      account_sid = call.account_sid, service_sid = call.values[1],
      date_created = now, date_updated = now,
   })
end

local function is_totp(fields) return fields.factor_type == "totp" end

function factors.before_create(sandbox, call)
   local given = record_fields.of_arguments(sandbox, call)
   if not is_totp(given) then return true end
   local secret = member_of(given, "binding", "secret")
   if secret and (secret == "" or not from_base32(secret)) then
      return nil, api_error.new(400, 60200, "Invalid parameter: Binding.Secret must be base32")
   end
   call.totp = config_of(given, service_of(sandbox, call).fields)
   return check_config(call.totp)
end

local function encoded(text) return core.percent_encode(tostring(text)) end

local function uri_of(issuer, label, secret, config)
   return ("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=%s&digits=%d&period=%d"):format(
      encoded(issuer), encoded(label), secret, encoded(issuer), hashes[config.alg],
      config.code_length, config.time_step)
end

local function join_entity(sandbox, call, fields)
   local path = call.path:match("^(.*/Entities/[^/]*)")
   local entity = sandbox.store:get(path)
   fields.entity_sid = entity and entity.fields.sid
   fields.identity = entity and entity.fields.identity or fields.identity
end

function factors.after_create(sandbox, call, record)
   local fields = record.fields
   fields.status = "unverified"
   join_entity(sandbox, call, fields)
   if not call.totp then return true end
   local service = service_of(sandbox, call).fields
   local issuer = member_of(service, "totp", "issuer") or service.friendly_name or "Sandbox"
   local secret = member_of(fields, "binding", "secret") or fresh_secret(sandbox)
   fields.config = call.totp
   fields.binding = {
      secret = secret, uri = uri_of(issuer, fields.friendly_name, secret, call.totp),
   }
   return true
end

-- A wrong code is no error: the factor stays unverified.
function factors.before_update(sandbox, call, record)
   local fields, given = record.fields, record_fields.of_arguments(sandbox, call)
   if not is_totp(fields) then return true end
   local config = {}
   for name, before in pairs(fields.config) do
      config[name] = member_of(given, "config", name) or before
   end
   local ok, err = check_config(config)
   if not ok then return nil, err end
   if given.auth_payload and is_right(sandbox, fields, given.auth_payload) then
      fields.status = "verified"
   end
   given.auth_payload, given.config = nil, config
   call.arguments = given
   return true
end

-- Services ----------------------------------------------------------------------------------------

factors.services = {}

--- A service's settings for its TOTP factors, where the request doesn't say them.
function factors.services.after_create(sandbox, call, record)
   local given = record_fields.of_arguments(sandbox, call)
   local totp = { issuer = record.fields.friendly_name, code_length = 6, skew = 1, time_step = 30 }
   for name, default in pairs(totp) do totp[name] = member_of(given, "totp", name) or default end
   record.fields.totp = totp
   return true
end

-- Challenges --------------------------------------------------------------------------------------

local challenges = {}

function challenges.before_create(sandbox, call)
   local sid = call.arguments.factor_sid
   local factor = sandbox.store:get((call.path:gsub("Challenges$", "Factors/")) .. sid)
   if not factor then return nil, api_error.not_found("/Factors/" .. sid) end
   if factor.fields.status ~= "verified" and is_totp(factor.fields) then
      return nil, api_error.new(403, 60318, "The factor is unverified")
   end
   call.factor = factor.fields
   return true
end

local function answer(sandbox, fields, factor, code)
   if not is_totp(factor) or not code or not is_right(sandbox, factor, code) then return end
   fields.status, fields.date_responded = "approved", sandbox.clock.now
end

function challenges.after_create(sandbox, call, record)
   local fields, code = record.fields, call.arguments.auth_payload
   fields.status, fields.factor_type = "pending", call.factor.factor_type
   fields.expiration_date = fields.expiration_date or sandbox.clock.now + CHALLENGE_LIFE
   fields.auth_payload = nil
   join_entity(sandbox, call, fields)
   answer(sandbox, fields, call.factor, code)
   return true
end

local function is_over(sandbox, fields)
   local expires = tonumber(fields.expiration_date)
   return fields.status == "pending" and expires ~= nil and expires <= sandbox.clock.now
end

function challenges.before_fetch(sandbox, _, record)
   if is_over(sandbox, record.fields) then record.fields.status = "expired" end
   return true
end

function challenges.before_update(sandbox, call, record)
   local fields, code = record.fields, call.arguments.auth_payload
   challenges.before_fetch(sandbox, call, record)
   if fields.status == "expired" then
      return nil, api_error.new(403, 60323, "The challenge has expired")
   end
   call.arguments.auth_payload = nil
   local path = call.path:gsub("Challenges/[^/]*$", "Factors/") .. tostring(fields.factor_sid)
   local factor = sandbox.store:get(path)
   if fields.status == "pending" and factor then answer(sandbox, fields, factor.fields, code) end
   return true
end

factors.challenges = challenges

return factors
