-- sandbox/behaviour/addresses.lua: whom messages and calls come from and go to: what an address is,
-- and whether an account may send from it.
--
-- An account that has no number yet may send from any; from its first one on, only from its own. So
-- a test that doesn't care for numbers needs none. The option own_numbers = true makes an account
-- need its numbers from the beginning.

local addresses = {}

local LONGEST_SENDER_ID = 11

--- A phone number as E.164 has it: "+15558675310". One with punctuation is read; one without its
-- country code counts as North American, as at Twilio.
-- @param text (string)
-- @return (string); nil: it is no phone number
function addresses.number(text)
   if text:find("^%+[1-9]%d%d%d%d%d%d+$") then
      if #text > 16 or text:find("^%+1") and #text > 12 then return nil end
      return text
   end
   local plain = text:gsub("[%s().-]", "")
   if plain == text and not text:find("^%d+$") then return nil end
   if plain:find("^%d+$") then
      if #plain == 10 then plain = "1" .. plain end
      plain = #plain > 10 and "+" .. plain or ""
   end
   if plain == text or plain == "" then return nil end
   return addresses.number(plain)
end

--- Returns true for a short code: "12345".
function addresses.is_short_code(text) return text:find("^%d%d%d%d?%d?%d?$") ~= nil end

--- Returns true for an address on another channel: "whatsapp:+15558675310", "client:alice".
function addresses.is_channel(text)
   local number = text:match("^whatsapp:(.*)$")
   if number then return number:find("^%+") ~= nil and addresses.number(number) ~= nil end
   return text:find("^%a[%w+.-]*:.") ~= nil
end

-- A name as the sender: "Acme Inc".
local function is_sender_id(text)
   return #text <= LONGEST_SENDER_ID and text:find("^[%w &+_-]+$") ~= nil and text:find("%a") ~= nil
end

--- Reads the recipient of a message or a call.
-- @return (string) as the API writes it; nil: there is no such address
function addresses.recipient(text)
   if text:find("^%+") then return addresses.number(text) end
   return addresses.is_channel(text) and text or addresses.number(text)
end

--- Reads the sender of a message.
-- @return (string) as the API writes it; nil: there is no such address
function addresses.sender(text)
   local number = text:find("^%+") and addresses.number(text)
   if number then return number end
   local is_known = addresses.is_channel(text) or addresses.is_short_code(text)
   return is_known and text or addresses.number(text) or is_sender_id(text) and text or nil
end

-- Anybody's, for tests (magic_numbers.lua).
local function is_for_tests(number) return number:find("^%+1500555%d%d%d%d$") ~= nil end

local function path_of(account_sid, collection)
   return "api/2010-04-01/Accounts/" .. account_sid .. "/" .. collection
end

local function short_code(sandbox, account_sid, code)
   for record in sandbox.store:each(path_of(account_sid, "SMS/ShortCodes"), {}) do
      if record.fields.short_code == code then return record end
   end
   return nil
end

--- The record of an account's own number or short code. @return (table | nil)
function addresses.own(sandbox, account_sid, address)
   if addresses.is_short_code(address) then return short_code(sandbox, account_sid, address) end
   return sandbox.store:get(path_of(account_sid, "IncomingPhoneNumbers/") .. address)
end

--- Returns true if a caller ID was verified for the account.
function addresses.is_verified(sandbox, account_sid, number)
   for record in sandbox.store:each(path_of(account_sid, "OutgoingCallerIds"), {}) do
      if record.fields.phone_number == number then return true end
   end
   return false
end

--- Returns true if an account may send only from its own numbers.
function addresses.must_own(sandbox, account_sid)
   return sandbox.options.own_numbers
      or sandbox.store:count(path_of(account_sid, "IncomingPhoneNumbers")) > 0
end

--- Returns true if an account may send from a number or a short code. Names and other channels'
-- addresses are nobody's.
function addresses.may_use(sandbox, account_sid, address)
   local is_owned = address:find("^%+") or addresses.is_short_code(address)
   return not is_owned or is_for_tests(address)
      or not addresses.must_own(sandbox, account_sid)
      or addresses.own(sandbox, account_sid, address) ~= nil
end

return addresses
