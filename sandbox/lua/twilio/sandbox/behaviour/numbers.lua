-- sandbox/behaviour/numbers.lua: phone numbers to buy, and those that were bought.

local api_error = require "twilio.sandbox.http.api_error"
local json = require "twilio.json"
local magic_numbers = require "twilio.sandbox.behaviour.magic_numbers"

local numbers = {}

local OFFERED = 30 -- numbers in a list of those for sale

local calling_codes = {
   US = "1", CA = "1", GB = "44", DE = "49", FR = "33", AU = "61", NL = "31", IE = "353", ES = "34",
   IT = "39",
}

local function capabilities()
   return json.object { voice = true, sms = true, mms = true, fax = false }
end

local function friendly(number)
   local area, exchange, rest = number:match("^%+1(%d%d%d)(%d%d%d)(%d%d%d%d)$")
   return area and ("(%s) %s-%s"):format(area, exchange, rest) or number
end

local function fresh(sandbox, country, area)
   area = area or tostring(200 + sandbox.ids:pick(700))
   return "+" .. (calling_codes[country] or "1") .. area .. "555" .. sandbox.ids:digits(4)
end

-- Numbers for sale --------------------------------------------------------------------------------

local available = { is_unpaged = true }

-- Each area code has its own offer, made when first asked for.
function available.before_list(sandbox, call)
   local area = call.arguments.area_code
   if area then call.path = call.path .. "/" .. tostring(area) end
   if sandbox.store:count(call.path) > 0 then return true end
   for _ = 1, OFFERED do
      local number = fresh(sandbox, call.values[2], area and tostring(area))
      sandbox.store:put(call.path .. "/" .. number, call.path, {
         phone_number = number, friendly_name = friendly(number), iso_country = call.values[2],
         beta = false, capabilities = capabilities(), address_requirements = "none",
      })
   end
   return true
end

numbers.available = available

-- Numbers bought ----------------------------------------------------------------------------------

local function check_area(area)
   if area == nil or area ~= "533" then return nil end
   return api_error.new(400, 21452, "There are no numbers in area code " .. area)
end

function numbers.before_create(sandbox, call)
   local given = call.arguments
   local err = magic_numbers.refused("number", "phone_number", given.phone_number)
      or check_area(given.area_code)
   if not err and given.phone_number then
      err = magic_numbers.only(sandbox, "number", given.phone_number)
   end
   if err then return nil, err end
   if given.phone_number and numbers.find(sandbox, given.phone_number) then
      return nil, api_error.new(400, 21422, given.phone_number .. " is not available")
   end
   return true
end

--- Completes a number's fields, whoever made it.
function numbers.start(sandbox, record)
   local fields = record.fields
   fields.phone_number = fields.phone_number or fresh(sandbox, "US", fields.area_code)
   fields.friendly_name = fields.friendly_name or friendly(fields.phone_number)
   fields.capabilities = capabilities()
   fields.status = "in-use"
   fields.origin = "twilio"
   fields.beta = false
   fields.voice_method = fields.voice_method or "POST"
   fields.sms_method = fields.sms_method or "POST"
   sandbox.store:name(record, fields.phone_number)
end

function numbers.after_create(sandbox, _, record)
   numbers.start(sandbox, record)
   return true
end

function numbers.after_add(sandbox, _, record)
   local number = record.fields.phone_number
   if type(number) == "string" then sandbox.store:name(record, number) end
end

--- The record of a number, whichever account owns it.
function numbers.find(sandbox, number)
   for account in sandbox.store:each("api/2010-04-01/Accounts", {}) do
      local record = sandbox.store:get(account.path .. "/IncomingPhoneNumbers/" .. number)
      if record then return record end
   end
   return nil
end

return numbers
