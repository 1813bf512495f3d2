-- sandbox/behaviour/usage.lua: usage records: what happened, counted by category and day.
--
-- A list counts when it is asked for, from the messages, calls, recordings, numbers and
-- verifications that are there, so that nothing else pays for it; a resource that is deleted is
-- counted then. Records that a test has added stand in place of counted ones, in the list at whose
-- URL they were added; one with dates that was added to the plain list also counts in lists of
-- periods that hold these dates.

local convert = require "twilio.sandbox.schema.convert"
local field_names = require "twilio.sandbox.schema.field_names"
local json = require "twilio.json"
local time = require "twilio.util.time"

local usage = {}

local API = "api/2010-04-01/Accounts"
local KEPT = "usage" -- the collection of what was counted when it was deleted
local DAY = 86400

-- Categories --------------------------------------------------------------------------------------

-- Category -> description, unit of what is used, unit of the count, and the category above it.
local categories = {
   { "calls", "Voice Minutes", "minutes", "calls" },
   { "calls-inbound", "Inbound Voice Minutes", "minutes", "calls", "calls" },
   { "calls-inbound-local", "Inbound Local Calls", "minutes", "calls", "calls-inbound" },
   { "calls-inbound-tollfree", "Inbound Toll Free Calls", "minutes", "calls", "calls-inbound" },
   { "calls-outbound", "Outbound Voice Minutes", "minutes", "calls", "calls" },
   { "calls-client", "Client Minutes", "minutes", "calls", "calls" },
   { "calls-sip", "SIP Minutes", "minutes", "calls", "calls" },
   { "calls-sip-inbound", "Inbound SIP Minutes", "minutes", "calls", "calls-sip" },
   { "calls-sip-outbound", "Outbound SIP Minutes", "minutes", "calls", "calls-sip" },
   { "sms", "SMS", "messages", "messages" },
   { "sms-inbound", "Inbound SMS", "messages", "messages", "sms" },
   { "sms-inbound-longcode", "Long Code Inbound SMS", "messages", "messages", "sms-inbound" },
   { "sms-inbound-shortcode", "Short Code Inbound SMS", "messages", "messages", "sms-inbound" },
   { "sms-outbound", "Outbound SMS", "messages", "messages", "sms" },
   { "sms-outbound-longcode", "Long Code Outbound SMS", "messages", "messages", "sms-outbound" },
   { "sms-outbound-shortcode", "Short Code Outbound SMS", "messages", "messages", "sms-outbound" },
   { "mms", "MMS", "messages", "messages" },
   { "mms-inbound", "Inbound MMS", "messages", "messages", "mms" },
   { "mms-inbound-longcode", "Long Code Inbound MMS", "messages", "messages", "mms-inbound" },
   { "mms-inbound-shortcode", "Short Code Inbound MMS", "messages", "messages", "mms-inbound" },
   { "mms-outbound", "Outbound MMS", "messages", "messages", "mms" },
   { "mms-outbound-longcode", "Long Code Outbound MMS", "messages", "messages", "mms-outbound" },
   { "mms-outbound-shortcode", "Short Code Outbound MMS", "messages", "messages", "mms-outbound" },
   { "channels", "Channels", "messages", "messages" },
   { "channels-whatsapp", "WhatsApp", "messages", "messages", "channels" },
   { "channels-whatsapp-inbound", "Inbound WhatsApp", "messages", "messages",
      "channels-whatsapp" },
   { "channels-whatsapp-outbound", "Outbound WhatsApp", "messages", "messages",
      "channels-whatsapp" },
   { "recordings", "Recordings", "minutes", "recordings" },
   { "phonenumbers", "Phone Numbers", "numbers", "numbers" },
   { "phonenumbers-local", "Local Phone Numbers", "numbers", "numbers", "phonenumbers" },
   { "phonenumbers-tollfree", "Toll Free Phone Numbers", "numbers", "numbers", "phonenumbers" },
   { "authy-phone-verifications", "Phone Verifications", "verifications", "verifications" },
   { "authy-sms-outbound", "Verification SMS", "messages", "messages" },
   { "authy-calls-outbound", "Verification Calls", "calls", "calls" },
   { "verify-whatsapp-conversations-business-initiated", "Verification WhatsApp Conversations",
      "conversations", "conversations" },
   { "totalprice", "Total Price", "usd", "" },
}

local known = {}
for _, category in ipairs(categories) do
   known[category[1]] = {
      description = category[2], usage_unit = category[3], count_unit = category[4],
      above = category[5],
   }
end

-- North American ones: +1 800, 833, 844, ... 888
local function is_toll_free(number)
   local one, other = (number or ""):match("^%+18([03-8])(%d)")
   return one ~= nil and one == other
end

local function is_short_code(address) return (address or ""):find("^%d%d%d%d?%d?%d?$") ~= nil end

local uncounted = { queued = true, accepted = true, scheduled = true, canceled = true,
   failed = true, sending = true }

-- @return category, count, amount; nil: it isn't counted
local function of_message(fields)
   if uncounted[fields.status] then return nil end
   local is_inbound = fields.direction == "inbound"
   local way = is_inbound and "inbound" or "outbound"
   local other = is_inbound and fields.from or fields.to
   local channel = (other or ""):match("^(%a+):")
   if channel then return "channels-" .. channel .. "-" .. way, 1, 1 end
   local own = is_inbound and fields.to or fields.from
   local kind = (tonumber(fields.num_media) or 0) > 0 and "mms" or "sms"
   return ("%s-%s-%s"):format(kind, way, is_short_code(own) and "shortcode" or "longcode"), 1,
      kind == "mms" and 1 or tonumber(fields.num_segments) or 1
end

local function of_call(fields)
   local seconds = tonumber(fields.duration)
   if fields.status ~= "completed" or not seconds then return nil end
   local is_inbound = fields.direction == "inbound"
   local other = (is_inbound and fields.from or fields.to) or ""
   local category = "calls-outbound"
   if other:find("^client:") then
      category = "calls-client"
   elseif other:find("^sips?:") then
      category = is_inbound and "calls-sip-inbound" or "calls-sip-outbound"
   elseif is_inbound then
      category = is_toll_free(fields.to) and "calls-inbound-tollfree" or "calls-inbound-local"
   end
   return category, 1, math.ceil(seconds / 60)
end

local function of_recording(fields)
   local seconds = tonumber(fields.duration)
   if not seconds then return nil end
   return "recordings", 1, math.ceil(seconds / 60)
end

local function of_number(fields)
   local kind = is_toll_free(fields.phone_number) and "tollfree" or "local"
   return "phonenumbers-" .. kind, 1, 1
end

local counted = {
   Messages = of_message, Calls = of_call, Recordings = of_recording,
   IncomingPhoneNumbers = of_number,
}

local by_channel = {
   sms = "authy-sms-outbound", call = "authy-calls-outbound",
   whatsapp = "verify-whatsapp-conversations-business-initiated",
}

-- Counting ----------------------------------------------------------------------------------------

local function day_of(seconds) return math.floor(seconds / DAY) end

local function moment_of(fields)
   return tonumber(fields.date_sent) or tonumber(fields.end_time) or tonumber(fields.date_created)
end

--- Counts a resource that is deleted.
-- @param record (table) of any kind
function usage.keep(sandbox, record)
   local account_sid, name = record.collection:match("^api/2010%-04%-01/Accounts/(AC%x+)/(%a+)$")
   local read, at = counted[name], moment_of(record.fields)
   if not read or not at then return end
   local category, count, amount = read(record.fields)
   if not category then return end
   local collection, day = KEPT .. "/" .. account_sid, day_of(at)
   local path = ("%s/%d:%s"):format(collection, day, category)
   local kept = sandbox.store:get(path) or sandbox.store:put(path, collection,
      { category = category, day = day, count = 0, usage = 0 })
   kept.fields.count, kept.fields.usage = kept.fields.count + count, kept.fields.usage + amount
end

-- A verification and its sends. A test may have added one with anything in it.
local function each_send(fields, f)
   local made, attempts = tonumber(fields.date_created), fields.send_code_attempts
   if not made then return end
   f("authy-phone-verifications", day_of(made), 1, 1)
   for _, attempt in ipairs(type(attempts) == "table" and attempts or {}) do
      local category = type(attempt) == "table" and by_channel[attempt.channel]
      if category then f(category, day_of(time.parse(tostring(attempt.time)) or made), 1, 1) end
   end
end

-- Calls f with the category, day, count and amount of all that an account has used.
local function each_use(sandbox, account_sid, f)
   for name, read in pairs(counted) do
      for record in sandbox.store:each(("%s/%s/%s"):format(API, account_sid, name), {}) do
         local at = moment_of(record.fields)
         local category, count, amount = read(record.fields)
         if category and at then f(category, day_of(at), count, amount) end
      end
   end
   for record in sandbox.store:each(KEPT .. "/" .. account_sid, {}) do
      local fields = record.fields
      f(fields.category, fields.day, fields.count, fields.usage)
   end
   local scope = sandbox.accounts:scope(account_sid)
   for service in sandbox.store:each("verify" .. scope .. "/v2/Services", {}) do
      for record in sandbox.store:each(service.path .. "/Verifications", {}) do
         if record.fields.account_sid == account_sid then each_send(record.fields, f) end
      end
   end
end

local function accounts_of(sandbox, call)
   local list = { call.account_sid }
   if call.arguments.include_subaccounts == false then return list end
   for account in sandbox.store:each(API, {}) do
      local known_account = sandbox.accounts:get(account.fields.sid)
      if known_account and known_account.owner == call.account_sid then
         list[#list + 1] = account.fields.sid
      end
   end
   return list
end

-- Periods -----------------------------------------------------------------------------------------

local function day_at(year, month, day)
   return day_of(time.parse(("%04d-%02d-%02d"):format(year, month, day)))
end

local function month_of(day)
   local t = time.utc(day * DAY)
   local year, month = t.year, t.month + 1
   if month > 12 then year, month = year + 1, 1 end
   return day_at(t.year, t.month, 1), day_at(year, month, 1) - 1
end

local function year_of(day)
   local year = time.utc(day * DAY).year
   return day_at(year, 1, 1), day_at(year, 12, 31)
end

local function itself(day) return day, day end

-- The last segment of a list's path -> the one period that it is about
local single = {
   Today = itself, Yesterday = function(today) return today - 1, today - 1 end,
   ThisMonth = month_of, LastMonth = function(today) return month_of(month_of(today) - 1) end,
}
-- or how it divides time
local divided = { Daily = itself, Monthly = month_of, Yearly = year_of }

local LAST_DAY = day_of(convert.LATEST)

-- The day of a moment; nil: it is none that dates hold.
local function day_within(seconds)
   return seconds >= 0 and seconds <= convert.LATEST and day_of(seconds) or nil
end

-- A date of a filter: "2026-01-31", or days from today: "-30days". @return (integer) a day
local function read_date(text, today)
   if text == nil or text == "" then return nil end
   local days = tostring(text):match("^([+-]%d+)days?$")
   local seconds = not days and (tonumber(text) or time.parse(text))
   local day = days and today + tonumber(days) or seconds and day_within(seconds)
   return day and day >= 0 and day <= LAST_DAY and day or nil
end

-- A number that a test added; one that isn't finite is none.
local function amount_of(value)
   local amount = tonumber(value) or 0
   return amount - amount == 0 and amount or 0
end

local function add_to(sums, category, count, amount, price)
   while category do
      local sum = sums[category] or { count = 0, usage = 0, price = 0 }
      sums[category] = sum
      sum.count, sum.usage, sum.price = sum.count + count, sum.usage + amount, sum.price + price
      category = known[category] and known[category].above
   end
end

-- The periods of a list, newest first: array of { first, last, sums = category -> { count, usage,
-- price } }.
local function periods_of(sandbox, call, name, added)
   local today = day_of(sandbox.clock.now)
   local from, to = read_date(call.arguments.start_date, today),
      read_date(call.arguments.end_date, today)
   local by_first, list = {}, {}
   local function period(first, last)
      local found = by_first[first]
      if not found then
         found = { first = first, last = last, sums = {} }
         by_first[first], list[#list + 1] = found, found
      end
      return found
   end
   local earliest
   if single[name] then
      from, to = single[name](today)
      period(from, to)
   end
   local function use(category, day, count, amount, price)
      if from and day < from or to and day > to then return end
      earliest = math.min(earliest or day, day)
      local first, last = from or 0, to or today
      if divided[name] then first, last = divided[name](day) end
      add_to(period(first, last).sums, category, count, amount, price or 0)
   end
   for _, account_sid in ipairs(accounts_of(sandbox, call)) do each_use(sandbox, account_sid, use) end
   for _, fields in ipairs(added) do
      local day = read_date(fields.start_date, today)
      if day then
         use(fields.category, day, amount_of(fields.count), amount_of(fields.usage),
            amount_of(fields.price))
      end
   end
   if #list == 0 and not divided[name] then period(from or 0, to or today) end
   for _, each in ipairs(list) do
      if each.first == 0 then each.first = math.min(earliest or today, each.last) end
   end
   table.sort(list, function(a, b) return a.first > b.first end)
   return list
end

-- Lists -------------------------------------------------------------------------------------------

local function date(day) return convert.dates.date(day * DAY) end

local function number(value) return ("%.14g"):format(value) end

local function fields_of(call, category, period, sum)
   local about = known[category] or {}
   return {
      category = category, account_sid = call.account_sid, api_version = "2010-04-01",
      description = about.description, count_unit = about.count_unit,
      usage_unit = about.usage_unit, count = number(sum.count), usage = number(sum.usage),
      price = sum.price, price_unit = "usd", start_date = date(period.first),
      end_date = date(period.last), is_counted = true,
   }
end

-- The records that a test has added at a list's path, and those with dates of the plain list.
local function added_of(sandbox, call, name)
   local own, dated = {}, {}
   for record in sandbox.store:each(call.path, {}) do own[#own + 1] = record end
   if name == "Records" then return own, dated end
   for record in sandbox.store:each(call.path:match("^(.*)/[^/]*$"), {}) do
      local fields = record.fields
      if fields.category and fields.start_date then dated[#dated + 1] = fields end
   end
   return own, dated
end

-- A store of one list, for paging.
local function source(records)
   for i, record in ipairs(records) do record.seq = #records - i + 1 end
   return { each = function(_, _, options)
      local step = options.ascending and -1 or 1
      local i = options.ascending and #records or 1
      if options.after then i = #records - options.after + 1 + step end
      return function()
         local record = records[i]
         i = i + step
         return record
      end
   end }
end

--- The records of a list, as paging reads a store.
function usage.source(sandbox, call)
   local name = call.path:match("[^/]*$")
   local wanted = call.arguments.category
   local own, dated = added_of(sandbox, call, name)
   local records, is_added = {}, {}
   for i, record in ipairs(own) do
      local fields = {}
      for field, value in pairs(record.fields) do fields[field] = value end
      records[i] = { path = record.path, fields = fields }
      is_added[record.fields.category or ""] = true
   end
   for _, period in ipairs(periods_of(sandbox, call, name, dated)) do
      for _, category in ipairs(categories) do
         local sum = period.sums[category[1]]
         if wanted == category[1] then sum = sum or { count = 0, usage = 0, price = 0 } end
         if sum and not is_added[category[1]] then
            records[#records + 1] = {
               path = call.path .. "/" .. category[1],
               fields = fields_of(call, category[1], period, sum),
            }
         end
      end
   end
   -- The dates have chosen the periods already.
   call.arguments.start_date, call.arguments.end_date = nil, nil
   return source(records)
end

local lists = { "AllTime", "Daily", "LastMonth", "Monthly", "ThisMonth", "Today", "Yearly",
   "Yesterday" }

-- A record has no URL of its own: its category is in the query of its list's.
function usage.show(_, call, record, shown)
   local fields = record.fields
   if not fields.is_counted then return end
   local records = "/2010-04-01/Accounts/" .. call.account_sid .. "/Usage/Records"
   local name = call.path:match("[^/]*$")
   shown.uri = ("%s%s.json?Category=%s&StartDate=%s&EndDate=%s"):format(records,
      name == "Records" and "" or "/" .. name, fields.category, fields.start_date, fields.end_date)
   local uris = {}
   for _, list in ipairs(lists) do
      uris[field_names.snake(list)] = ("%s/%s.json?Category=%s"):format(records, list,
         fields.category)
   end
   shown.subresource_uris = json.object(uris)
end

return usage
