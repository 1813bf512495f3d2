-- fuzz/targets/jwt.lua: tokens, keys and base64.
--
-- A token that we haven't signed is refused with an error object; one that we have signed gives its
-- payload back, and none with a byte changed does; a text in base64 has one spelling.

local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local json = require "twilio.json"
local jwt = require "twilio.jwt"
local token = require "twilio.jwt.token"

local NOW = { now = 1000 }

local function refused(text)
   local payload, err = jwt.decode(text, "secret", NOW)
   assert(payload == nil, "a token of a stranger's is accepted")
   assert((err.kind == "decode" or err.kind == "auth") and type(err.message) == "string")
end

-- Three lines as the parts of a token, signed or not.
local function parts(text)
   local head, body, tail = text:match "^([^\n]*)\n([^\n]*)\n?(.*)$"
   if not head then return end
   local function url(bytes)
      return (core.base64_encode(bytes):gsub("[+/=]", { ["+"] = "-", ["/"] = "_", ["="] = "" }))
   end
   local signed = url(head) .. "." .. url(body)
   refused(signed .. "." .. url(tail))
   for _, hash in ipairs { "SHA256", "SHA384", "SHA512" } do
      local whole = signed .. "." .. url(crypto.hmac(hash, "secret", signed))
      local payload, err, header = jwt.decode(whole, "secret", NOW)
      if payload then
         assert(header.alg == "HS" .. hash:sub(4), "another algorithm")
         assert(payload.exp == nil or payload.exp > 1000, "it has expired")
      else
         assert(type(err.message) == "string")
      end
   end
end

local function round(text)
   local claim = json.decode(text)
   if claim == nil then claim = text end
   local signed = assert(token.sign({ alg = "HS256", typ = "JWT" }, { claim = claim }, "secret"))
   local payload = assert(jwt.decode(signed, "secret", NOW))
   assert(json.encode(payload.claim) == json.encode(claim), "another claim")
   refused(signed .. "x")
   local place = #text % #signed + 1
   local byte = signed:byte(place) == 65 and "B" or "A"
   refused(signed:sub(1, place - 1) .. byte .. signed:sub(place + 1))
   assert(jwt.decode(signed, text == "" and "x" or "x" .. text:gsub("[^A-Za-z]", ""), NOW) == nil)
end

local function made(text)
   local ok, signed = pcall(function()
      local made_token = jwt.access_token {
         account_sid = "AC1", api_key = "SK1", api_secret = "secret", identity = text,
         grants = { voice = { outgoing_application_sid = text } }, now = 1000,
      }
      return made_token -- no tail call, which has no line
   end)
   if ok then
      local payload = assert(jwt.decode(signed, "secret", { now = 1001 }))
      assert(payload.grants.identity == text, "another identity")
   else
      assert(signed:find("targets/jwt.lua", 1, true), signed)
   end
end

local function keys(text)
   for _, name in ipairs { "private_key", "public_key" } do
      local signer, err = crypto.signer { [name] = text }
      assert(signer or err.kind == "config" and type(err.message) == "string")
      if signer then signer:close() end
   end
   if text ~= "" then
      assert(jwt.decode("e30.e30.e30", { public_key = text }, NOW) == nil)
   end
end

local function base64(text)
   local bytes = core.base64_decode(text)
   if bytes then assert(core.base64_encode(bytes) == text, "a second spelling") end
   assert(core.base64_decode(core.base64_encode(text)) == text)
   assert(crypto.equal(text, text) and not crypto.equal(text, text .. "\0"))
   assert(#crypto.sha256_hex(text) == 64)
   local credentials = core.credentials { username = text:gsub(":", ""), password = text }
   if text:gsub(":", "") ~= "" then
      local pair = core.base64_decode(credentials:basic():sub(7))
      assert(pair == text:gsub(":", "") .. ":" .. text)
   end
   credentials:close()
end

return {
   covers = { "lua/twilio/jwt.lua", "lua/twilio/jwt/token.lua", "lua/twilio/jwt/access_token.lua" },
   is_linear = true,
   run = function(input)
      refused(input)
      parts(input)
      round(input)
      made(input)
      keys(input)
      base64(input)
   end,
}
