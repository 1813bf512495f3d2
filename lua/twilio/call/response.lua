-- call/response.lua: a response -> what the API said: the decoded body, or an error object.
--
-- Knows which statuses are successes; refusal.lua knows the shapes in which Twilio's products
-- report errors. Must not know resources or transports.

local core = require "twilio.core"
local Error = require "twilio.util.error"
local json = require "twilio.json"
local lazy = require "twilio.util.lazy"

local numbers = lazy "twilio.util.number"
local redact = lazy "twilio.util.redact"
local refusal = lazy "twilio.call.refusal"
local texts = lazy "twilio.util.text"
local time = lazy "twilio.util.time"
local userinfo = lazy "twilio.util.userinfo"

local response = {}

-- of an error's body: enough for any of Twilio's, little enough for a log or a crash report
local BODY_KEPT = 4096

--- Twilio's id of a request. Its products don't agree on one name.
-- @param headers (table) of a response
function response.request_id(headers)
   return headers["twilio-request-id"] or headers["x-twilio-request-id"] or headers["t-request-id"]
end

-- A phone number in a path (lookups) is personal data; errors end up in logs.
local function mask(digits)
   return digits:sub(1, 2) .. ("x"):rep(#digits - 4) .. digits:sub(-2)
end

--- A URL fit for an error or a log: no query, no user name, phone numbers masked.
function response.public_url(url)
   local before, after = userinfo.around(url)
   if before then url = before .. after end
   url = url:gsub("[?#].*$", "")
   return (url:gsub("(%%2[Bb])(%d%d%d%d%d+)", function(plus, digits)
      return plus .. mask(digits)
   end)
      :gsub("(%+)(%d%d%d%d%d+)", function(plus, digits) return plus .. mask(digits) end))
end

local reasons = {
   [301] = "redirected", [302] = "redirected", [303] = "redirected", [304] = "not modified",
   [307] = "redirected", [308] = "redirected",
   [400] = "bad request", [401] = "authentication failed", [403] = "forbidden", [404] = "not found",
   [405] = "method not allowed",
   [409] = "conflict", [413] = "request too large", [429] = "too many requests",
   [500] = "internal server error",
   [502] = "bad gateway", [503] = "service unavailable", [504] = "gateway timeout",
}

--- Statuses that may go away by themselves. A 429 was never processed; the others may have been.
response.retryable = { [429] = true, [500] = true, [502] = true, [503] = true, [504] = true }

-- HTTP dates are RFC 2822 dates with GMT for the zone; ISO 8601 has no place here.
local function seconds_until(date)
   if not date:find("%d%d? [A-Za-z][A-Za-z][A-Za-z] %d%d%d%d") then return nil end
   date = texts.trim_end(date)
   if date:sub(-3) == "GMT" then date = date:sub(1, -4) .. "+0000" end
   local moment = time.parse(date)
   return moment and math.max(0, moment - core.time())
end

--- Seconds that the Retry-After header asks for. @return (number | nil)
function response.retry_after(headers)
   local value = headers["retry-after"]
   if type(value) ~= "string" then return tonumber(value) end
   local number = texts.trim(value)
   if number:find("^%d+$") or number:find("^%d+%.%d*$") then return numbers.parse(number) end
   return seconds_until(value)
end

--- Twilio's error code in the body of a refusal. @return (integer | nil)
function response.code(result)
   return result.status >= 400 and tonumber(refusal.read(result.body).code) or nil
end

-- A member that is cut off is still hidden, so only the beginning is looked through.
local function kept_body(result)
   return redact.body(
      result.body:sub(1, BODY_KEPT), result.headers["content-type"]):sub(1, BODY_KEPT)
end

local function stamp(err, request, result)
   err.method, err.url = request.method, response.public_url(request.url)
   err.status, err.headers, err.attempts = result.status, result.headers, result.attempts
   err.request_id = response.request_id(result.headers)
   err.body = result.body and not request.confidential and kept_body(result) or nil
   err.sent = true
   return Error.new(err)
end

local function refused(request, result)
   local err = refusal.read(result.body)
   -- It may repeat secrets that it was sent, anywhere.
   if request.confidential then err = { message = err.message, code = err.code } end
   err.kind = "api"
   err.message = err.message
      or (reasons[result.status] or "unexpected answer") .. " (no explanation from the API)"
   err.retry_after = response.retry_after(result.headers)
   err.retryable = result.status == 429
      or (response.retryable[result.status] and request.idempotent) or false
   return stamp(err, request, result)
end

local function undecodable(request, result, message)
   local err = { kind = "decode", message = message, retryable = request.idempotent or false }
   return stamp(err, request, result)
end

local function not_json(request, result, why)
   return undecodable(request, result, "the answer is not JSON: " .. why)
end

local function is_success(status) return status >= 200 and status < 300 end

-- A fetch may be answered with a redirect, which is its result (where a payload is) and is never
-- followed. A 304 is none: the request had no condition.
local function is_redirect(request, result)
   local status = result.status
   return request.method == "GET" and status >= 300 and status < 400 and status ~= 304
end

local function is_blank(body)
   return body == nil or not body:find("[^ \t-\r]")
end

local function is_json(headers)
   return core.lower(headers["content-type"] or "json"):find("json", 1, true) ~= nil
end

-- Some operations have nothing to say (202, 204). By Twilio's OpenAPI files none that answers 200
-- or 201 has an empty body, but for a DELETE: without it the answer is broken.
local function without_body(request, result)
   if request.method == "DELETE" then return true end
   if result.status <= 201 then return nil, not_json(request, result, "it is empty") end
   return {}
end

-- A redirect says where to go, in its body or in its Location; any other 3xx is a refusal.
local function from_redirect(request, result)
   local value = is_redirect(request, result) and json.decode(result.body)
   if type(value) == "table" then return value end
   if value ~= false and result.headers.location then return {} end
   return nil, refused(request, result)
end

--- Parses the response to one of the API's operations.
-- @param request (table) that was sent
-- @param result (table) { status, headers, body, attempts } of a transport
-- @return the decoded body; without one, true for a DELETE and an empty table for the rest
-- @return[2] nil, error object: kind "api" or "decode"
function response.parse(request, result)
   if not is_success(result.status) then return from_redirect(request, result) end
   local value, why = json.decode(result.body)
   if type(value) == "table" then return value end
   if is_blank(result.body) then return without_body(request, result) end
   -- The body of a DELETE may be meant for people.
   if request.method == "DELETE" then return true end
   return nil, not_json(request, result, why or "it is neither an object nor an array")
end

--- Parses the response to a list. An empty page has its array too; an answer without it isn't known
-- to be one.
-- @param find (function) find(payload) -> array of records | nil
-- @return (table) the decoded body
-- @return[2] nil, error object: kind "api" or "decode"
function response.parse_list(request, result, find)
   if not is_success(result.status) then return nil, refused(request, result) end
   if is_blank(result.body) then return nil, not_json(request, result, "it is empty") end
   local value, why = json.decode(result.body)
   if type(value) ~= "table" then
      return nil, not_json(request, result, why or "it is neither an object nor an array")
   end
   if find(value) then return value end
   return nil, undecodable(request, result, "the answer is not a list: it has no array of records")
end

--- Parses the response to any other request: JSON is decoded, everything else is returned as text.
-- @return the decoded body, or the body's text, or true if there is none
-- @return[2] nil, error object: kind "api" or "decode"
function response.parse_any(request, result)
   local blank = is_blank(result.body)
   local redirected = is_redirect(request, result) and (result.headers.location or not blank)
   if not is_success(result.status) and not redirected then return nil, refused(request, result) end
   if blank then return true end
   if not is_json(result.headers) then return result.body end
   local value, why = json.decode(result.body)
   if value == nil then return nil, not_json(request, result, why) end
   return value
end

--- An error object of what a transport returned instead of a response.
-- @param failure (table | string) with kind, message, sent, ... as far as known
function response.failure(request, failure)
   local err = failure
   if not Error.is(err) then
      err = Error.new { message = type(failure) ~= "table" and tostring(failure) or nil }
      -- A copy: a transport of the caller's own may return the same table again.
      for name, value in pairs(type(failure) == "table" and failure or {}) do err[name] = value end
   end
   err.kind = err.kind or "network"
   err.message = err.message or "no answer"
   if err.sent == nil then err.sent = "unknown" end
   if err.retryable == nil then
      err.retryable = (err.kind == "network" or err.kind == "timeout")
         and (err.sent == false or request.idempotent or false)
   end
   err.method, err.url = request.method, response.public_url(request.url)
   return err
end

return response
