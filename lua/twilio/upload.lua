-- upload.lua: what the API takes as files, each at a host of its own, which the OpenAPI files leave
-- out.
--
--   local upload = require "twilio.upload"
--   local version, err = upload.asset_version(client, { service_sid = "ZS...", asset_sid = "ZH...", path = "/logo.png",
--      visibility = "public", content = { path = "logo.png" } })
--
-- One table names them all; each is a function(client, arguments, options).

local core = require "twilio.core"
local multipart = require "twilio.file.multipart"
local options = require "twilio.util.options"

local upload = {}

local SERVERLESS = "https://serverless-upload.twilio.com/v1/Services/{service_sid}"

-- name -> where to, and argument -> field of the form ("!": required); or the argument that is the
-- whole body.
local targets = {
   asset_version = {
      url = SERVERLESS .. "/Assets/{asset_sid}/Versions",
      fields = { content = "Content!", path = "Path!", visibility = "Visibility!" },
   },
   function_version = {
      url = SERVERLESS .. "/Functions/{function_sid}/Versions",
      fields = { content = "Content!", path = "Path!", visibility = "Visibility!" },
   },
   -- Attached to a message by its SID. The service is the conversation's chat_service_sid.
   conversation_media = {
      url = "https://mcs.us1.twilio.com/v1/Services/{chat_service_sid}/Media",
      whole = "content",
   },
   -- For porting numbers in: document_type "utility_bill".
   document = {
      url = "https://numbers-upload.twilio.com/v1/Documents",
      fields = {
         document_type = "document_type!", friendly_name = "friendly_name", file = "File!",
      },
   },
   supporting_document = {
      url = "https://numbers-upload.twilio.com/v2/RegulatoryCompliance/SupportingDocuments",
      fields = { file = "File!", friendly_name = "FriendlyName!", type = "Type!", attributes = "Attributes" },
   },
}

-- The URL with its placeholders filled. @return (string), or nil, (string) the caller's mistake
local function fill(url, arguments, used)
   local missing
   local filled = url:gsub("{([%w_]+)}", function(name)
      local value = arguments[name]
      if type(value) ~= "string" or value == "" then missing = missing or name end
      used[name] = true
      return core.percent_encode(tostring(value))
   end)
   if missing then return nil, ("missing required parameter '%s'"):format(missing) end
   return filled
end

local function names_of(fields, used)
   local names = {}
   for name in pairs(fields) do names[#names + 1] = name end
   for name in pairs(used) do names[#names + 1] = name end
   table.sort(names)
   return names
end

-- A table that isn't a file is JSON text.
local function value_of(value)
   local is_file = type(value) == "table" and (value.path or value.handle or value.text)
   if type(value) ~= "table" or is_file then return value end
   return require("twilio.json").encode(value)
end

-- The fields of the form by their wire names, or nil and the caller's mistake.
local function fields_of(known, arguments, used)
   local fields = {}
   for name, value in pairs(arguments) do
      local field = known[name]
      if not field and not used[name] then
         return nil, options.unknown("parameter", name, names_of(known, used))
      end
      if field then fields[field:gsub("!", "")] = value_of(value) end
   end
   for _, name in ipairs(options.names(known)) do
      if known[name]:find("!", 1, true) and arguments[name] == nil then
         return nil, ("missing required parameter '%s'"):format(name)
      end
   end
   return fields
end

-- The options of the request that carry the body, or nil and the caller's mistake. The name of a
-- file that is the whole body stands in the query.
local function carrier(target, fields)
   if not target.whole then
      local ok, mistake = multipart.fields(fields)
      return ok and { multipart = fields }, mistake
   end
   local file = fields[target.whole]
   if type(file) ~= "table" then
      return nil, ("'%s' is a file: { path | handle | text, content_type }"):format(target.whole)
   end
   local ok, mistake = multipart.file(file)
   return ok and { file = file, query = { Filename = file.filename } }, mistake
end

-- @return (string) the URL, (table) options of the request
-- @return[2] nil, (string) the caller's mistake
local function prepare(target, arguments, given)
   if type(arguments) ~= "table" then return nil, "arguments are one table, got a " .. type(arguments) end
   local used = {}
   local url, why = fill(target.url, arguments, used)
   if not url then return nil, why end
   local known = target.fields or { [target.whole] = target.whole .. "!" }
   local fields, wrong = fields_of(known, arguments, used)
   if not fields then return nil, wrong end
   local all, mistake = carrier(target, fields)
   if not all then return nil, mistake end
   for option, value in pairs(given or {}) do all[option] = value end
   return url, all
end

--- Each: function(client, arguments, options) -> what the API made of it (table), nil, response; or
-- nil, err, response. Files are { path | handle | text, filename, content_type }, as in
-- client:request{ multipart = ... }; arguments are those of `targets` and the placeholders of their
-- URLs. A mistake in the arguments raises at the caller's line.
for name, target in pairs(targets) do
   upload[name] = function(client, arguments, given)
      local url, all = prepare(target, arguments, given)
      if not url then error(all, 2) end
      local made, err, result = client:request("POST", url, all)
      return made, err, result
   end
end

return upload
