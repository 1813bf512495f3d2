-- call/refusal.lua: the body of a refusal -> the fields of an error object.
--
-- Twilio's products share no shape: api v2010's { code, message, more_info }, its camelCase and
-- snake_case relatives (insights, intelligence, monitor), RFC 9457 (voice v3), SCIM
-- (organizations), OAuth, lists of errors (Segment, SendGrid), errors inside `error`, and api
-- v2010's XML where a URL lacks its ".json". So each field is looked for under all of its names.
-- Loaded with the first refusal. Must not know statuses, requests or transports.

local json = require "twilio.json"

local refusal = {}

-- Field -> its names, the more telling one first.
local messages = {
   "message", "detail", "error_description", "title", "error", "errorMessage", "error_message",
   "Message", "description", "reason",
}
local codes = { "code", "error_code", "errorCode", "Code" }
local links = { "more_info", "moreInfo", "type", "help", "documentation_url" }

local function text(value)
   if type(value) == "string" and value ~= "" then return value end
   return nil
end

-- A number nearly always; SCIM and OAuth have words.
local function code_of(value)
   if type(value) == "number" then return value end
   local word = text(value)
   return word and (word:find("^%d+$") and tonumber(word) or word)
end

-- RFC 9457 has a type that is no page's address, about:blank, and Segment has words there.
local function link_of(value)
   local link = text(value)
   return link and link:find("^https?://") and link or nil
end

local function first(body, names, read)
   for _, name in ipairs(names) do
      local value = read(body[name])
      if value ~= nil then return value end
   end
   return nil
end

local function table_of(value) return type(value) == "table" and value or nil end

local function either(a, b)
   if a ~= nil then return a end
   return b
end

local describe

local DEPTH = 4 -- { errors = { { error = { message = ... } } } }

-- Fills in from an error inside an error: { error = { ... } }, { errors = { { ... } } }, or a list.
local function look_inside(fields, body, depth)
   if depth == DEPTH then return end
   for _, where in ipairs { "error", "errors", 1 } do
      local inner = table_of(body[where])
      local item = inner and text(inner[1])
      local found = item and { message = item } or inner and describe(inner, depth + 1) or {}
      for name, value in pairs(found) do
         if fields[name] == nil then fields[name] = value end
      end
   end
end

function describe(body, depth)
   local fields = {
      message = first(body, messages, text),
      code = first(body, codes, code_of) or code_of(body.scimType),
      more_info = first(body, links, link_of),
      details = either(body.details, body.params), errors = table_of(body.errors),
      title = text(body.title), instance = text(body.instance),
      scim_type = text(body.scimType), user_error = either(body.userError, body.user_error),
   }
   -- A message with a code is all there is to say: what is inside tells of single fields.
   if not (fields.message and fields.code) then look_inside(fields, body, depth) end
   return fields
end

local entities = { amp = "&", lt = "<", gt = ">", quot = '"', apos = "'" }

local function element(xml, name)
   local content = xml:match("<" .. name .. ">([^<]*)</")
   return content and text((content:gsub("&([A-Za-z]+);", entities)))
end

local function from_xml(xml)
   if not xml:find("<RestException>", 1, true) then return {} end
   return {
      message = element(xml, "Message"), code = code_of(element(xml, "Code")),
      more_info = link_of(element(xml, "MoreInfo")),
   }
end

--- Reads the body of a refusal.
-- @param body (string | nil) whatever it is
-- @return (table) as far as the body says so: message, code (number, or text where the product has
--    words), more_info (URL), details, errors (array), title, instance, scim_type, user_error
function refusal.read(body)
   if not body then return {} end
   local value = json.decode(body)
   if type(value) == "table" then return describe(value, 1) end
   return type(value) == "nil" and from_xml(body) or {}
end

return refusal
