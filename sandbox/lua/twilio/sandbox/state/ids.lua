-- sandbox/state/ids.lua: fresh SIDs, secrets and numbers, the same ones for the same seed.

local crypto = require "twilio.core.crypto"
local pattern = require "twilio.sandbox.schema.pattern"

local Ids = {}
Ids.__index = Ids

local function digest(self)
   self.count = self.count + 1
   return crypto.sha256_hex(self.seed .. ":" .. self.count)
end

--- "SM" and 32 hexadecimal digits. @param prefix (string) "SM"; of "SM|MM" the first is taken
function Ids:sid(prefix)
   return prefix:match("^[^|]*") .. digest(self):sub(1, 32)
end

--- Hexadecimal digits. @param length (integer) at most 64
function Ids:hex(length) return digest(self):sub(1, length) end

--- An integer from 1 to n.
function Ids:pick(n)
   return tonumber(digest(self):sub(1, 12), 16) % n + 1
end

--- Decimal digits.
function Ids:digits(length)
   local digits = {}
   for i = 1, length do digits[i] = tostring(self:pick(10) - 1) end
   return table.concat(digits)
end

--- A text that matches a regular expression of the API's files.
function Ids:matching(regex)
   return pattern.text(regex, function(n) return self:pick(n) end)
end

local ids = {}

--- Makes a source of them.
-- @param seed (string | number)
-- @param count (integer | nil) how many were made already
function ids.new(seed, count)
   return setmetatable({ seed = tostring(seed), count = count or 0 }, Ids)
end

return ids
