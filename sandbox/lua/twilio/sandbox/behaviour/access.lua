-- sandbox/behaviour/access.lua: subaccounts, API keys and tokens: what is made here lets its owner
-- in, until it is closed or revoked.

local api_error = require "twilio.sandbox.http.api_error"
local json = require "twilio.json"

local access = {}

-- Accounts ----------------------------------------------------------------------------------------

access.accounts = {}

function access.accounts.after_create(sandbox, call, record)
   local fields = record.fields
   fields.account_sid = nil
   fields.auth_token, fields.owner_account_sid = sandbox.ids:hex(32), call.account_sid
   fields.status, fields.type = "active", "Full"
   fields.friendly_name = fields.friendly_name or "SubAccount"
   sandbox.accounts:add(fields.sid, { token = fields.auth_token, owner = call.account_sid })
   return true
end

local statuses = { active = true, suspended = true, closed = true }

function access.accounts.before_update(sandbox, call, record)
   local status = call.arguments.status
   if not status then return true end
   if not statuses[status] then
      return nil, api_error.invalid("Status", "must be active, suspended or closed")
   end
   if not sandbox.accounts:is_owned(record.fields.sid) then
      return nil, api_error.invalid("Status", "can only be changed on subaccounts")
   end
   return true
end

function access.accounts.after_update(sandbox, _, record)
   local status = record.fields.status
   local account = sandbox.accounts:get(record.fields.sid)
   if account then account.status = status ~= "active" and status or nil end
   return true
end

-- An account's second token, and its taking the first one's place.
access.secondary_token = {}

function access.secondary_token.after_create(sandbox, call, record)
   record.fields.secondary_auth_token = sandbox.ids:hex(32)
   sandbox.accounts:get(call.account_sid).secondary = record.fields.secondary_auth_token
   return true
end

function access.secondary_token.before_delete(sandbox, call)
   sandbox.accounts:get(call.account_sid).secondary = nil
   return true
end

access.token_promotion = {}

function access.token_promotion.after_update(sandbox, call, record)
   local account = sandbox.accounts:get(call.account_sid)
   if not account.secondary then
      return nil, api_error.new(400, 20001, "There is no secondary token to promote")
   end
   account.token, account.secondary, account.adopted = account.secondary, nil, nil
   record.fields.auth_token = account.token
   sandbox:know_account(call.account_sid).fields.auth_token = account.token
   return true
end

-- API keys ----------------------------------------------------------------------------------------

access.keys = {}

function access.keys.after_create(sandbox, call, record)
   local fields = record.fields
   fields.secret = sandbox.ids:hex(32)
   sandbox.accounts:set_key(fields.sid, call.arguments.account_sid or call.account_sid,
      fields.secret)
   return true
end

function access.keys.before_delete(sandbox, call, record)
   sandbox.accounts:set_key(record.fields.sid, call.account_sid, nil)
   return true
end

-- Tokens ------------------------------------------------------------------------------------------

access.oauth_token = {}

function access.oauth_token.after_create(sandbox, call, record)
   local fields = record.fields
   fields.access_token = sandbox.ids:hex(64)
   fields.token_type, fields.expires_in = "Bearer", 3600
   sandbox.accounts:add_bearer(fields.access_token, call.account_sid)
   return true
end

-- Credentials for media relays: they lead nowhere.
access.ice_token = {}

function access.ice_token.after_create(sandbox, call, record)
   local fields = record.fields
   fields.username = sandbox.ids:hex(64)
   fields.password = sandbox.ids:hex(44)
   fields.ttl = tostring(call.arguments.ttl or 86400)
   fields.ice_servers = json.array {}
   return true
end

return access
