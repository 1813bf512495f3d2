-- webhook/headers.lua: the headers of a webhook request that count, however they are spelt and
-- repeated.
--
-- Of a header that came several times the first counts; those that are lists are joined. Two
-- content types that differ are refused: this library and the program's own parser could each
-- believe another one. The header that chooses the secret may come once only.

local text = require "twilio.util.text"

local find, sub = string.find, string.sub

local headers = {}

--- Their names. Those of proxies count with trust_proxy only.
headers.NAMES = {
   "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings", "I-Twilio-Idempotency-Token",
   "Content-Type", "Host", ":authority", "Upgrade", "Forwarded",
   "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port",
}

local LONGEST = 8 * 1024 -- of one header's value, in bytes; plain_request.c has it too

local OF_PROXIES = {
   ["forwarded"] = true,
   ["x-forwarded-proto"] = true, ["x-forwarded-host"] = true, ["x-forwarded-port"] = true,
}

local SETTINGS = "x-twilio-webhooks-signature-settings"

-- The spellings that are met nearly always -> the name in lower case. Most others are told by their
-- length, without a look at their letters.
local SPELLINGS, SHOWN, LENGTHS = {}, {}, {}
for _, name in ipairs(headers.NAMES) do
   local lower = text.lower(name)
   SPELLINGS[name], SPELLINGS[lower], SHOWN[lower], LENGTHS[#name] = lower, lower, name, true
end

--- The names of those that count. @param trust_proxy (boolean | nil)
function headers.names(trust_proxy)
   local names = {}
   for _, name in ipairs(headers.NAMES) do
      if trust_proxy or not OF_PROXIES[text.lower(name)] then names[#names + 1] = name end
   end
   return names
end

local TWICE = "is there twice, with different values"
local SEVERAL = "is there more than once"

local function all_equal(values)
   for i = 2, #values do
      if values[i] ~= values[1] then return false end
   end
   return true
end

-- The value of a header that came several times; or nil, message: why it is refused.
local function joined(values, name)
   for _, value in ipairs(values) do
      if type(value) ~= "string" then return nil, "isn't text" end
   end
   if #values == 0 then return nil, "isn't text" end
   if OF_PROXIES[name] then return table.concat(values, ",") end
   if name == "content-type" and not all_equal(values) then return nil, TWICE end
   if name == SETTINGS and #values > 1 then return nil, SEVERAL end
   return values[1]
end

-- The value of one entry as text; or nil, message: why it is refused.
local function value_of(value, name)
   local message = "isn't text"
   if type(value) == "table" then value, message = joined(value, name) end
   if type(value) ~= "string" then return nil, message end
   if #value > LONGEST then return nil, ("has more than %d bytes"):format(LONGEST) end
   return value
end

--- Reads the headers of a request.
-- @param given (table) name, in any case -> text, or an array of texts where it came several times
-- @param trust_proxy (boolean | nil)
-- @return (table) lower-case name -> text
-- @return[2] nil, (string) why the request is refused
function headers.read(given, trust_proxy)
   local found = {}
   for spelling, value in pairs(given) do
      local name = SPELLINGS[spelling]
      if not name and type(spelling) == "string" and LENGTHS[#spelling] then
         name = SPELLINGS[text.lower(spelling)]
      end
      if name and (trust_proxy or not OF_PROXIES[name]) then
         local message
         if type(value) ~= "string" or #value > LONGEST then
            value, message = value_of(value, name)
         end
         local before = found[name]
         if before and name == SETTINGS then message = SEVERAL end
         if before and before ~= value then message = message or TWICE end
         if message then return nil, ("the %s header %s"):format(SHOWN[name], message) end
         found[name] = value
      end
   end
   return found
end

local FORM = "application/x-www-form-urlencoded"

--- The content types that are met nearly always -> the kind of body.
headers.KINDS = {
   [""] = "form", [FORM] = "form", [FORM .. "; charset=UTF-8"] = "form",
   ["application/json"] = "json",
}
local KINDS = headers.KINDS

--- The kind of body that a Content-Type tells of; without one a body is taken for a form.
-- @param content_type (string | nil) the header's value
-- @return (string) "form", "json", "multipart" or "other"
-- @return[2] nil, (string) why the request is refused
function headers.body_kind(content_type)
   local kind = KINDS[content_type or ""]
   if kind then return kind end
   if find(content_type, "[%z\1-\8\10-\31\127,]") then
      return nil, "the Content-Type header isn't one media type"
   end
   local start = find(content_type, "[^ \t]") or 1
   local stop = find(content_type, "[; \t]", start) or #content_type + 1
   local name = text.lower(sub(content_type, start, stop - 1))
   if KINDS[name] then return KINDS[name] end
   if sub(name, 1, 10) == "multipart/" then return "multipart" end
   local is_application = sub(name, 1, 12) == "application/" and not find(name, "/", 13, true)
   if is_application and sub(name, -5) == "+json" then return "json" end
   return "other"
end

return headers
