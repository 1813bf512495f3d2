-- sandbox/behaviour/magic_numbers.lua: numbers that mean something: Twilio's own for tests
-- (+1500555...), and those that a test names.
--
-- Data, and the functions that read it.

local api_error = require "twilio.sandbox.http.api_error"

local magic_numbers = {}

-- kind of resource -> parameter -> last digits of +1500555.... -> code
local codes = {
   message = {
      from = { ["0001"] = 21212, ["0007"] = 21606, ["0008"] = 21611 },
      to = {
         ["0001"] = 21211, ["0002"] = 21612, ["0003"] = 21408, ["0004"] = 21610, ["0009"] = 21614,
      },
   },
   call = {
      from = { ["0001"] = 21212 },
      to = { ["0001"] = 21217, ["0002"] = 21214, ["0003"] = 21215, ["0004"] = 21216 },
   },
   number = { phone_number = { ["0000"] = 21422, ["0001"] = 21421 } },
}

-- The codes by which test credentials refuse a number that isn't theirs.
local foreign = { message = 21606, call = 21210, number = 21421 }

local words = {
   [21210] = "is not a number of this account", [21211] = "is not a valid phone number",
   [21212] = "is not a valid phone number",
   [21214] = "can't be reached", [21215] = "is in a country that this account may not call",
   [21216] = "is not allowed to be called",
   [21217] = "is not a valid phone number",
   [21408] = "is in a region that this account may not message",
   [21421] = "is not a valid phone number", [21422] = "is not available",
   [21606] = "is not a number that can send messages",
   [21610] = "has unsubscribed", [21611] = "has too many messages waiting",
   [21612] = "can't be reached from this number",
   [21614] = "is not a mobile number",
}

local OWN = "+15005550006"

local function refusal(code, number)
   return api_error.new(400, code, ("The number %s %s"):format(tostring(number), words[code]))
end

--- The API's answer to a magic number. @return (table | nil) an API error
function magic_numbers.refused(kind, parameter, number)
   local digits = type(number) == "string" and number:match("^%+1500555(%d%d%d%d)$")
   local code = digits and codes[kind][parameter][digits]
   return code and refusal(code, number) or nil
end

--- With test credentials, the only number that can be used is the one for tests.
-- @return (table | nil) an API error
function magic_numbers.only(sandbox, kind, number)
   if not sandbox.options.test_credentials or number == OWN then return nil end
   return refusal(foreign[kind], number)
end

--- The outcome of messages and calls to a number, as the test said: an error code, or "busy",
-- "no-answer", "failed".
function magic_numbers.outcome(sandbox, number) return (sandbox.options.outcomes or {})[number] end

return magic_numbers
