-- A program that makes one call, from the call's description (twilio.describe).

local describe = require "twilio.resource.describe"
local sample = require "docs.sample"

local example = {}

local heads = {
   basic = 'local twilio = require "twilio"\nlocal client = twilio.client()\n\n',
   oauth = 'local twilio = require "twilio"\nlocal client = twilio.client {\n'
      .. '   oauth = { client_id = "OQ...", client_secret = "..." },\n}\n\n',
}
heads.none = heads.basic

local texts = {
   date = "2030-01-31", ["date-time"] = "2030-01-31T12:00:00Z", URL = "https://example.com/hook",
   ["phone number"] = "+15558675310", ["country code"] = "US", currency = "USD",
}

-- Values that a name tells.
local named = {
   to = "+15558675310", from = "+14155552344", phone_number = "+15558675310", channel = "sms",
   country = "US", country_code = "US", iso_country = "US", iso_country_code = "US",
   identity = "alice", domain_name = "example.com", code = "123456",
}

-- Arguments that no file tells: what one parameter may be depends on another, or on the record.
local arguments_of = {
   ["client.messages(sid):update"] = '{ body = "" }',
   ["client.verify.v2.services(sid).verification_checks:create"] =
      '{ to = "+15558675310", code = "123456" }',
   ["client.messaging.v3.typing_indicator:create"] =
      '{ channel = "WHATSAPP", message_id = "SM' .. ("0"):rep(32) .. '" }',
   ["client.memory.v1.data_mappings(store_id):create"] = [[{
   display_name = "text",
   mapping_from = { type = "INGRESS", columns = { "plan" } },
   mapping_to = {
      type = "TRAITS",
      mappings = { { expression = "plan", trait_group = "text", trait_name = "plan" } },
   },
}]],
   ["client.taskrouter.v1.workspaces(sid).tasks(sid):update"] =
      '{ assignment_status = "canceled", reason = "text" }',
   ["client.taskrouter.v1.workspaces(sid).workflows:create"] = ([[{
   friendly_name = "text",
   configuration = { task_routing = { default_filter = { queue = "WQ%s" } } },
}]]):format(("0"):rep(32)),
   ["client.voice.v3.transcriptions:create"] = ([[{
   transcription_configuration_id = "%s",
   source_id = "RE%s",
}]]):format(sample "voice_transcriptionconfiguration_[0-9a-z]{26}", ("0"):rep(32)),
}

local function sid(prefixes) return prefixes:match("^%w+") .. ("0"):rep(32) end

local value

local function fields(list)
   local out = {}
   for _, one in ipairs(list) do out[#out + 1] = one.name .. " = " .. value(one) end
   return #out > 0 and "{ " .. table.concat(out, ", ") .. " }" or "{}"
end

local function single(one)
   if one.members then
      local list = {}
      for _, member in ipairs(one.members) do
         if member.required then list[#list + 1] = member end
      end
      return fields(list)
   end
   if one.values then
      for _, known in ipairs(one.values) do
         if known == named[one.name] then return ("%q"):format(known) end
      end
      return ("%q"):format(one.values[1])
   end
   if one.type == "boolean" then return "true" end
   if one.type == "integer" or one.type == "number" then
      return tostring(not one.array and one.minimum or 1)
   end
   if one.type == "object" then return "{}" end -- nothing is known of its members
   if one.type == "map" or one.type:find("^JSON") then
      return '{ key = "value" }'
   end
   if one.sid then return ("%q"):format(sid(one.sid)) end
   if one.pattern then return ("%q"):format(sample(one.pattern)) end
   local by_name = named[one.name] or one.name:find "email$" and "alice@example.com"
   return ("%q"):format(texts[one.type] or by_name or "text")
end

function value(one)
   local text = single(one)
   if one.map then text = text:find("^{") and "{}" or "{ key = " .. text .. " }" end
   if not one.array then return text end
   return "{ " .. (text .. ", "):rep(math.max(1, one.minimum or 1) - 1) .. text .. " }"
end

-- The call's path with literals in the place of the names of arguments.
local function path_of(label)
   return (label:gsub("()(%b())", function(position, names)
      local node = describe.find(label:sub(1, position - 1))
      return names:gsub("[%w_]+", function(name)
         local of = node and node.sid
         local known = type(of) == "string" and name:find "sid" and sid(of) or named[name]
         return ("%q"):format(known or name)
      end)
   end))
end

-- The parameters without which there is no call.
local function needed(one)
   local list, seen = {}, {}
   local function add(parameter)
      if not seen[parameter.name] then list[#list + 1] = parameter end
      seen[parameter.name] = true
   end
   for _, parameter in ipairs(one.parameters) do
      if parameter.required then add(parameter) end
   end
   for _, group in ipairs(one.any_of or {}) do
      local parameter = one.parameters[group[1]]
      if parameter then add(parameter) end
   end
   if #list == 0 and (one.method == "update" or one.method == "patch") then
      for _, parameter in ipairs(one.parameters) do
         if parameter.place ~= "header" then return { parameter } end
      end
   end
   return list
end

--- A program. @param one (table) an operation's description
-- @return (string) Lua
function example.of(one)
   local head = heads[one.authentication]
   local call = path_of(one.label) .. ":" .. one.method
   if one.method == "page_at" then
      local page = needed(assert(describe.find(one.label .. ":page")))
      local first = path_of(one.label) .. ":page" .. (#page > 0 and " " .. fields(page) or "()")
      return head .. ("local page = assert(%s)\nif page.next_url then\n"
         .. "   page = assert(%s(page.next_url))\nend\nprint(#page.items)\n"):format(first, call)
   elseif one.method == "wait_until" then
      return head .. ("local record = assert(%s(function(record)\n   return record ~= nil\nend))\n")
         :format(call) .. "print(record)\n"
   elseif one.method == "download" then
      return head .. ('local file = assert(io.open("file", "wb"))\n'
         .. "local bytes = assert(%s(file))\nfile:close()\nprint(bytes)\n"):format(call)
   end
   local list = needed(one)
   local arguments = arguments_of[one.call] or #list > 0 and fields(list)
   arguments = arguments and " " .. arguments or "()"
   if one.gives == "iterator" then
      return head .. ("for record in %s%s do\n   print(record)\nend\n"):format(call, arguments)
   end
   local result = one.gives == "true" and "ok" or one.gives
   local shown = one.gives == "records" and "#records" or one.gives == "page" and "#page.items"
      or result
   return head .. ("local %s = assert(%s%s)\nprint(%s)\n"):format(result, call, arguments, shown)
end

return example
