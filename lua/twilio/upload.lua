-- upload.lua: what the API takes as files, each at a host of its own, which the OpenAPI files leave
-- out.
--
--   local upload = require "twilio.upload"
--   local version, err = upload.asset_version(client, { service_sid = "ZS...", asset_sid = "ZH...",
--   path = "/logo.png",
--      visibility = "public", content = { path = "logo.png" } })
--
-- One table names them all; each is a function(client, arguments, options).

local core = require "twilio.core"
local multipart = require "twilio.file.multipart"
local options = require "twilio.util.options"

local upload = {}

local SERVERLESS = "https://serverless-upload.twilio.com/v1/Services/{service_sid}"

-- name -> where to, and argument -> field of the form ("!": required); whole: the one argument that
-- is the body itself.
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
      fields = { content = "!" }, whole = "content",
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
      fields = {
         file = "File!", friendly_name = "FriendlyName!", type = "Type!", attributes = "Attributes",
      },
   },
}

-- name -> rule (util/options.lua), and the names that are required, sorted
local function read_target(target)
   local known, required = {}, {}
   for name in target.url:gmatch("{([%w_]+)}") do
      known[name], required[#required + 1] = "any", name
   end
   for name, field in pairs(target.fields) do
      known[name] = "any"
      if field:find("!", 1, true) then required[#required + 1] = name end
   end
   table.sort(required, core.less)
   return known, required
end

-- A table that isn't a file is JSON text.
local function value_of(value)
   local is_file = type(value) == "table" and (value.path or value.handle or value.text)
   if type(value) ~= "table" or is_file then return value end
   return require("twilio.json").encode(value)
end

-- A value in the URL is text, and not "", which would lead elsewhere.
local function is_missing(target, name, value)
   if target.fields[name] then return value == nil end
   return type(value) ~= "string" or value == ""
end

-- @return true; or nil, (string) the caller's mistake
local function check(target, arguments)
   if type(arguments) ~= "table" then
      return nil, "arguments are one table, got a " .. type(arguments)
   end
   local known, required = read_target(target)
   local ok, message = options.check(arguments, known, nil, "parameter")
   if not ok then return nil, message end
   for _, name in ipairs(required) do
      if is_missing(target, name, arguments[name]) then
         return nil, ("missing required parameter '%s'"):format(name)
      end
   end
   return true
end

-- @return (table) options of a request that send a form
-- @return[2] nil, (string) the caller's mistake
local function form_of(target, arguments)
   local fields = {}
   for name, field in pairs(target.fields) do
      if arguments[name] ~= nil then
         local value, message = value_of(arguments[name])
         if value == nil then return nil, ("parameter '%s' holds %s"):format(name, message) end
         fields[field:gsub("!", "")] = value
      end
   end
   local ok, message = multipart.fields(fields)
   if not ok then return nil, message end
   return { multipart = fields }
end

-- The same of a file that is the whole body; its name stands in the query.
local function whole_of(target, arguments)
   local file = arguments[target.whole]
   if type(file) ~= "table" then
      return nil, ("'%s' is a file: { path | handle | text, content_type }"):format(target.whole)
   end
   local ok, message = multipart.file(file)
   if not ok then return nil, message end
   return { file = file, query = { Filename = file.filename } }
end

-- @return (string) URL, (table) options of the request; or nil, (string) the caller's mistake
local function prepare(target, arguments, given)
   local ok, message = check(target, arguments)
   if not ok then return nil, message end
   local all
   all, message = (target.whole and whole_of or form_of)(target, arguments)
   if not all then return nil, message end
   local url = target.url:gsub("{([A-Za-z0-9_]+)}", function(name)
      return core.percent_encode(arguments[name])
   end)
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
