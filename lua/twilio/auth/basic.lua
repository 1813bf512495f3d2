-- auth/basic.lua: credentials that are a user name and a password: an API key, or an account SID
-- with its auth token.

local core = require "twilio.core"

local basic = {}

local Basic = {}
Basic.__index = Basic

--- The Authorization header's value. @return (string)
function Basic:authorization() return self.secret:basic() end

--- Overwrites the password.
function Basic:close() self.secret:close() end

--- Makes credentials; the password is kept in C memory.
-- @param s (table) api_key with api_secret, or account_sid with auth_token
-- @return (credentials)
function basic.new(s)
   local secret = core.credentials {
      username = s.api_key or s.account_sid, password = s.api_secret or s.auth_token,
   }
   return setmetatable({ secret = secret }, Basic)
end

return basic
