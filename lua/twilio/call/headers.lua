-- call/headers.lua: the caller's own headers: checked, and put over those that a request has.
--
-- Loaded with the first call that has some.

local core = require "twilio.core"
local number = require "twilio.util.number"

local headers = {}

local header_types = { string = true, number = true, boolean = true }

-- A line break in a header would start another one, or the body.
local function check_header(name, value)
   if type(name) ~= "string" or not name:find("^[A-Za-z0-9!#$&'*+.^_`|~-]+$") then
      -- A line "Authorization: ..." in the place of a name holds a secret.
      local is_line = type(name) == "string" and (#name > 40 or name:find("[%z\1-\31\127:=]"))
      local shown = is_line and "..." or tostring(name)
      return nil, ("'%s' can't be a header's name"):format(shown)
   end
   if not header_types[type(value)] then
      return nil, ("the header '%s' is a %s, expected text"):format(name, type(value))
   end
   if tostring(value):find("[%z\r\n]") then
      return nil, ("the header '%s' holds a line break or a NUL"):format(name)
   end
   return true
end

--- Checks the caller's headers.
-- @param given (table | nil) name -> text, number or boolean
-- @return true; or nil, (string) the caller's mistake
function headers.check(given)
   local first
   for name, value in pairs(given or {}) do
      local ok, message = check_header(name, value)
      -- Of several the same one is told each time, whatever the table's order.
      if not ok and (not first or message < first) then first = message end
   end
   if first then return nil, first end
   return true
end

--- Puts the caller's own headers over those that are there, however they are capitalised.
-- @return true, or nil, (string) the caller's mistake
function headers.put(present, extra)
   if not extra or next(extra) == nil then return true end
   local ok, message = headers.check(extra)
   if not ok then return nil, message end
   for name, value in pairs(extra) do
      for other in pairs(present) do
         if core.lower(other) == core.lower(name) then present[other] = nil end
      end
      present[name] = number.plain(value)
   end
   return true
end

return headers
