-- sandbox/behaviour/lookups.lua: whether a number can be one, its country and its national form; of
-- what is known beyond that, only what the request asks for.
--
-- Every number that is formed as E.164 and its country's calling code say counts as valid. A test
-- gives a number other values by box:add.

local addresses = require "twilio.sandbox.behaviour.addresses"
local api_error = require "twilio.sandbox.http.api_error"
local countries = require "twilio.sandbox.behaviour.countries"
local json = require "twilio.json"

local lookups = {}

-- "020 7183 8750" of GB -> "+442071838750"
local function with_country(text, country)
   local code = not text:find("^%+") and country and countries.calling_code(country)
   local digits = text:gsub("[%s().-]", "")
   if not code or not digits:find("^%d+$") then return text end
   return "+" .. code .. (code == "1" and digits:gsub("^1", "") or digits:gsub("^0", ""))
end

-- @return (string) number, (string) national part, (string) country, (string) calling code
-- @return[2] nil, what is wrong with it, in the API's word
local function read(text)
   local plain = text:gsub("[%s().-]", "")
   if not plain:find("^%+?%d+$") then return nil, "NOT_A_NUMBER" end
   local number = addresses.number(text)
   local digits = number or (plain:find("^%+") and plain or "+" .. plain)
   local code, national, country = countries.split(digits)
   if not code then return nil, "INVALID_COUNTRY_CODE" end
   if not number then
      local longest = code == "1" and 10 or 15 - #code
      return nil, #national > longest and "TOO_LONG" or "TOO_SHORT"
   end
   if code == "1" and #national < 10 then return nil, "TOO_SHORT" end
   if code == "1" and national:find("^[01]") then return nil, "INVALID_BUT_POSSIBLE" end
   return number, national, country, code
end

local function national_format(national, code)
   if code ~= "1" then return national end
   return ("(%s) %s-%s"):format(national:match("^(...)(...)(....)$"))
end

-- Packages that can be asked for, by the versions' names, with the plainest values that make sense.
local packages = {
   caller_name = { caller_name = "SANDBOX", caller_type = "CONSUMER" },
   line_type_intelligence = {
      type = "mobile", carrier_name = "Sandbox Mobile", mobile_country_code = "310",
      mobile_network_code = "260",
   },
   carrier = {
      type = "mobile", name = "Sandbox Mobile", mobile_country_code = "310",
      mobile_network_code = "260",
   },
   call_forwarding = {}, identity_match = {}, line_status = {}, phone_number_quality_score = {},
   pre_fill = {}, reassigned_number = {}, sim_swap = {}, sms_pumping_risk = {}, add_ons = {},
}

-- Values that a test added stay.
local function complete(fields, more)
   for name, value in pairs(more) do
      if fields[name] == nil then fields[name] = value end
   end
end

function lookups.before_fetch(_, call, record)
   local given = call.values[#call.values]
   local text = with_country(given, call.arguments.country_code)
   local number, national, country, code = read(text)
   call.added = {}
   for name in pairs(packages) do call.added[name] = record.fields[name] ~= nil end
   local is_first_version = call.endpoint.file == "lookups_v1"
   if not number and is_first_version then return nil, api_error.not_found(call.uri) end
   record.fields.phone_number = number or given
   if number then
      complete(record.fields, {
         valid = true, validation_errors = json.array {}, country_code = country,
         calling_country_code = code, national_format = national_format(national, code),
      })
   else
      complete(record.fields, { valid = false, validation_errors = json.array { national } })
   end
   return true
end

local words = { ["caller-name"] = "caller_name", validation = "valid" }

local function asked_for(arguments)
   local asked = { add_ons = arguments.add_ons ~= nil }
   for _, name in ipairs { "fields", "type" } do
      local given = arguments[name]
      local text = type(given) == "table" and table.concat(given, ",") or tostring(given or "")
      for word in text:gmatch("[^,%s]+") do asked[words[word] or word] = true end
   end
   return asked
end

local function package(shown, is_added, defaults)
   if is_added then return shown end
   local out = {}
   for name, value in pairs(type(shown) == "table" and shown or {}) do out[name] = value end
   for name, value in pairs(defaults) do out[name] = value end
   out.error_code = json.null -- the answer to a question that could be answered
   return json.object(out)
end

--- Leaves out of an answer what the request doesn't ask for.
function lookups.show(_, call, record, body)
   local asked = asked_for(call.arguments)
   for name, defaults in pairs(packages) do
      -- The record isn't to keep what was invented for the answer.
      if not call.added[name] then record.fields[name] = nil end
      if body[name] ~= nil then
         body[name] = asked[name] and body.valid ~= false
            and package(body[name], call.added[name], defaults) or json.null
      end
   end
end

return lookups
