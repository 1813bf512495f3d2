-- upload.lua: what the API takes as files, each at a host of its own, which the OpenAPI files leave
-- out.
--
--   local upload = require "twilio.upload"
--   local version, err = upload.asset_version(client, { service_sid = "ZS...", asset_sid = "ZH...", path = "/logo.png",
--      visibility = "public", content = { path = "logo.png" } })
--
-- One table names them all; each is a function(client, arguments, options).

local core = require "twilio.core"
local options = require "twilio.util.options"

local upload = {}

local SERVERLESS = "https://serverless-upload.twilio.com/v1/Services/{service_sid}"

-- name -> where to, and argument -> field of the form ("!": required)
local targets = {
   asset_version = {
      url = SERVERLESS .. "/Assets/{asset_sid}/Versions",
      fields = { content = "Content!", path = "Path!", visibility = "Visibility!" },
   },
   function_version = {
      url = SERVERLESS .. "/Functions/{function_sid}/Versions",
      fields = { content = "Content!", path = "Path!", visibility = "Visibility!" },
   },
   supporting_document = {
      url = "https://numbers-upload.twilio.com/v2/RegulatoryCompliance/SupportingDocuments",
      fields = { file = "File!", friendly_name = "FriendlyName!", type = "Type!", attributes = "Attributes" },
   },
}

-- The URL with its placeholders filled. @return (string), or nil, (string) the caller's mistake
local function fill(url, arguments, used)
   local missing
   local filled = url:gsub("{([A-Za-z0-9_]+)}", function(name)
      local value = arguments[name]
      if type(value) ~= "string" or value == "" then missing = missing or name end
      used[name] = true
      return core.percent_encode(tostring(value))
   end)
   if missing then return nil, ("missing required parameter '%s'"):format(missing) end
   return filled
end

local function names_of(target, used)
   local names = {}
   for name in pairs(target.fields) do names[#names + 1] = name end
   for name in pairs(used) do names[#names + 1] = name end
   table.sort(names, core.less)
   return names
end

-- A table that isn't a file is JSON text.
local function value_of(value)
   local is_file = type(value) == "table" and (value.path or value.handle or value.text)
   if type(value) ~= "table" or is_file then return value end
   return require("twilio.json").encode(value)
end

local function fields_of(target, arguments, used)
   local fields = {}
   for name, value in pairs(arguments) do
      local field = target.fields[name]
      if not field and not used[name] then return nil, options.unknown("parameter", name, names_of(target, used)) end
      if field then fields[field:gsub("!", "")] = value_of(value) end
   end
   for name, field in pairs(target.fields) do
      if field:find("!", 1, true) and arguments[name] == nil then return nil, ("missing required parameter '%s'"):format(name) end
   end
   return fields
end

local function prepare(target, arguments)
   if type(arguments) ~= "table" then return nil, "arguments are one table, got a " .. type(arguments) end
   local used = {}
   local url, why = fill(target.url, arguments, used)
   if not url then return nil, why end
   local fields, wrong = fields_of(target, arguments, used)
   if not fields then return nil, wrong end
   return url, fields
end

--- Each: function(client, arguments, options) -> what the API made of it (table), nil, response; or
-- nil, err, response. Files are { path | handle | text, filename, content_type }, as in
-- client:request{ multipart = ... }.
for name, target in pairs(targets) do
   upload[name] = function(client, arguments, given)
      local url, fields = prepare(target, arguments)
      if not url then error(fields, 2) end
      local all = { multipart = fields }
      for option, value in pairs(given or {}) do all[option] = value end
      local made, err, result = client:request("POST", url, all)
      return made, err, result
   end
end

return upload
