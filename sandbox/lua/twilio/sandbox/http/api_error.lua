-- sandbox/http/api_error.lua: the API's refusals: status, code and message, and the bodies in which
-- each product reports them.
--
-- Codes and statuses are Twilio's; the words are ours.

local check = require "twilio.sandbox.schema.check"
local json = require "twilio.json"

local api_error = {}

--- A refusal.
-- @param status (integer) HTTP
-- @param code (integer) Twilio's
-- @param message (string)
function api_error.new(status, code, message)
   return { status = status, code = code, message = message }
end

function api_error.unauthorized(why) return api_error.new(401, 20003, "Authenticate: " .. why) end

function api_error.not_found(path)
   return api_error.new(404, 20404, "The requested resource " .. path .. " was not found")
end

function api_error.wrong_method(verb)
   return api_error.new(405, 20004, "Method " .. verb .. " is not allowed here")
end

function api_error.taken(name)
   return api_error.new(409, 20409, "There is one named " .. tostring(name) .. " already")
end

--- A refusal of a parameter. @param message (string) of check.lua
function api_error.bad_parameter(message) return api_error.new(400, 20001, message) end

function api_error.missing(wire) return api_error.bad_parameter(check.missing(wire)) end

function api_error.unknown(wire) return api_error.bad_parameter(check.unknown(wire)) end

function api_error.invalid(wire, message)
   return api_error.bad_parameter(check.invalid(wire, message))
end

-- The products with Twilio's newer API standards answer as RFC 9457 says.
local rfc9457 = {
   conversations_v2 = true, insights_v3 = true, intelligence_v3 = true, knowledge_v2 = true,
   memory_v1 = true, numbers_v3 = true, routes_v3 = true, voice_v3 = true,
}

local titles = {
   [400] = "Bad Request", [401] = "Unauthorized", [403] = "Forbidden", [404] = "Not Found",
   [405] = "Method Not Allowed", [409] = "Conflict", [429] = "Too Many Requests",
   [500] = "Internal Server Error", [503] = "Service Unavailable",
}

local function more_info(code) return "https://www.twilio.com/docs/errors/" .. code end

local function plain(err)
   return {
      code = err.code, message = err.message, more_info = more_info(err.code), status = err.status,
   }, "application/json"
end

local function by_rfc9457(err)
   return {
      type = more_info(err.code), title = titles[err.status] or "Error", status = err.status,
      code = err.code, detail = err.message,
   }, "application/problem+json"
end

local function by_scim(err)
   return {
      schemas = json.array { "urn:ietf:params:scim:api:messages:2.0:Error" }, detail = err.message,
      status = tostring(err.status),
   }, "application/scim+json"
end

local function style(endpoint)
   if endpoint and endpoint.op.media == "scim" then return by_scim end
   return endpoint and rfc9457[endpoint.file] and by_rfc9457 or plain
end

--- The response that reports a refusal.
-- @param err (table) of api_error.new; retry_after (seconds) goes into the header
-- @param endpoint (table | nil) of the router: whose product speaks
-- @return (table) { status, headers, body }
function api_error.response(err, endpoint)
   local body, media = style(endpoint)(err)
   local headers = { ["content-type"] = media }
   if err.retry_after then headers["retry-after"] = tostring(err.retry_after) end
   if err.status == 401 then headers["www-authenticate"] = 'Basic realm="Twilio API"' end
   return { status = err.status, headers = headers, body = json.encode(body) }
end

return api_error
