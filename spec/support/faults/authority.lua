-- support/faults/authority.lua: TLS contexts of a server whose certificates are right or wrong in
-- one way each, and the certificate of their authority. Needs luaossl.

local bignum = require "openssl.bignum"
local context = require "openssl.ssl.context"
local altname = require "openssl.x509.altname"
local name = require "openssl.x509.name"
local pkey = require "openssl.pkey"
local x509 = require "openssl.x509"

local DAY = 86400

local function new_key() return pkey.new { type = "EC", curve = "prime256v1" } end

local serial = 0

-- @param fields (table) subject, key, issuer, signer: its key; host, from, to: days from now
local function certificate(fields)
   local made, subject, issuer = x509.new(), name.new(), name.new()
   serial = serial + 1
   subject:add("CN", fields.subject)
   issuer:add("CN", fields.issuer)
   made:setVersion(3)
   made:setSerial(bignum.new(serial))
   made:setSubject(subject)
   made:setIssuer(issuer)
   made:setLifetime(os.time() + (fields.from or -1) * DAY, os.time() + (fields.to or 30) * DAY)
   made:setBasicConstraints { CA = not fields.host }
   made:setBasicConstraintsCritical(true)
   if fields.host then
      local names = altname.new()
      names:add(fields.host:find "^[%d.]+$" and "IP" or "DNS", fields.host)
      made:setSubjectAlt(names)
   end
   made:setPublicKey(fields.key)
   made:sign(fields.signer)
   return made
end

local function server_context(chosen, protocol, certificate_of, key)
   local made = context.new(chosen or "TLS", true)
   made:setOptions(context.OP_ALL)
   if protocol then made:setOptions(protocol) end
   made:setCertificate(certificate_of)
   made:setPrivateKey(key)
   return made
end

local authority = {}

--- @return (table) name -> context, (string) the authority's certificate, PEM
function authority.contexts()
   local ca_key, key = new_key(), new_key()
   local ca = certificate {
      subject = "faults CA", issuer = "faults CA", key = ca_key, signer = ca_key,
   }
   local function leaf(fields)
      fields.subject, fields.host = "server", fields.host or "127.0.0.1"
      fields.issuer, fields.key = fields.issuer or "faults CA", key
      fields.signer = fields.signer or ca_key
      return certificate(fields)
   end
   local good = leaf {}
   local function with(certificate_of, chosen, protocol)
      return server_context(chosen, protocol, certificate_of, key)
   end
   local wants_certificate = with(good)
   wants_certificate:setVerify(context.VERIFY_PEER + context.VERIFY_FAIL_IF_NO_PEER_CERT)
   local old = with(good, nil, context.OP_NO_TLSv1_2 + context.OP_NO_TLSv1_3)
   old:setCipherList "ALL:@SECLEVEL=0"
   return {
      good = with(good),
      good_1_2 = with(good, nil, context.OP_NO_TLSv1_3),
      wrong_host = with(leaf { host = "other.test" }),
      expired = with(leaf { from = -10, to = -1 }),
      not_yet = with(leaf { from = 10, to = 20 }),
      other_authority = with(leaf { issuer = "another CA", signer = new_key() }),
      forged = with(leaf { signer = new_key() }),
      own_authority = with(certificate {
         subject = "127.0.0.1", issuer = "127.0.0.1", host = "127.0.0.1", key = key, signer = key,
      }),
      wants_certificate = wants_certificate,
      old = old,
   }, ca:toPEM()
end

return authority
