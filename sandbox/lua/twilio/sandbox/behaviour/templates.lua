-- sandbox/behaviour/templates.lua: content templates: the text and media of a message that names
-- one.

local api_error = require "twilio.sandbox.http.api_error"
local limits = require "twilio.sandbox.schema.limits"

local templates = {}

-- ContentVariables, as text or as JSON that was read already.
local function read_variables(given)
   if given == nil or given == "" then return {} end
   local variables = given
   if type(given) == "string" then variables = limits.decode(given) end
   if type(variables) ~= "table" or #variables > 0 then
      return nil, api_error.new(400, 21656, "ContentVariables must be a JSON object")
   end
   return variables
end

local function filled(text, defaults, variables)
   return (text:gsub("{{%s*([%w_]+)%s*}}", function(name)
      local value = variables[name]
      if value == nil then value = defaults[name] end
      return value ~= nil and tostring(value) or nil
   end))
end

-- The type that a text message shows: twilio/text, or another one that has a body.
local function shown(types)
   if types["twilio/text"] then return types["twilio/text"] end
   local names = {}
   for name, content in pairs(types) do
      if type(content) == "table" then names[#names + 1] = name end
   end
   table.sort(names)
   for _, name in ipairs(names) do
      if types[name].body then return types[name] end
   end
   return types[names[1]] or {}
end

--- The content of a template.
-- @param path (string) of the account's templates
-- @param arguments (table) content_sid, content_variables
-- @return (table) { body, media = array of URLs | nil }
-- @return[2] nil, an API error
function templates.content(sandbox, path, arguments)
   local record = sandbox.store:get(path .. "/" .. arguments.content_sid)
   if not record then
      return nil, api_error.new(400, 21655,
         "There is no content template " .. arguments.content_sid)
   end
   local variables, err = read_variables(arguments.content_variables)
   if not variables then return nil, err end
   local types, defaults = record.fields.types, record.fields.variables
   local content = shown(type(types) == "table" and types or {})
   local body = type(content.body) == "string" and content.body or ""
   local media = type(content.media) == "table" and #content.media > 0 and content.media or nil
   return { body = filled(body, type(defaults) == "table" and defaults or {}, variables), media = media }
end

return templates
