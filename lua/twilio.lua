-- twilio.lua: the public face: what `require "twilio"` gives.
--
-- A program that only answers webhooks never loads the client, and the other way round.

local twilio = {}

--- Makes a client.
-- @param options (table | nil) account_sid with api_key and api_secret, or with auth_token; region,
--    edge, timeout, ...
-- @return (client); a mistake in the options raises
function twilio.client(options)
   local client, message = require("twilio.client").new(options)
   if not client then error(options == twilio and "use a dot: twilio.client{...}" or message, 2) end
   return client
end

--- Epoch seconds of a date that the API sent. @return (number), or nil, message
function twilio.time(text)
   return require("twilio.util.time").parse(text)
end

--- Makes a webhook validator; see twilio/webhook.lua.
function twilio.webhook(options)
   local webhook, message = require("twilio.webhook").new(options)
   if not webhook then
      error(options == twilio and "use a dot: twilio.webhook{...}" or message, 2)
   end
   return webhook
end

-- @param first (any) the first argument of the function called `name`: twilio where a colon stood
local function runtime(first, name)
   if first == twilio then error("use a dot: twilio." .. name, 3) end
   return require("twilio.runtime").choose()
end

--- Runs a function with a scheduler under it, in which calls suspend instead of blocking (OpenResty
-- has one anyway).
-- @return what the function returns, once it and all that it spawned are over
function twilio.run(f, ...) return runtime(f, "run(f)").run(f, ...) end

--- Starts a function beside the running one, inside twilio.run. @return (task) with wait() and
-- cancel()
function twilio.spawn(f, ...) return runtime(f, "spawn(f)").spawn(f, ...) end

--- Waits for some seconds, suspending where a call would.
function twilio.sleep(seconds) return runtime(seconds, "sleep(seconds)").sleep(seconds) end

-- Loaded when first asked for, then kept.
local lazy = {
   _VERSION = function() return require "twilio.util.version" end,
   json = function() return require "twilio.json" end,
   describe = function() return require("twilio.resource.describe").of end,
   null = function() return require("twilio.json").null end,
   array = function() return require("twilio.json").array end,
   object = function() return require("twilio.json").object end,
   verbatim = function() return require("twilio.json").verbatim end,
   jwt = function() return require "twilio.jwt" end,
   map = function() return require "twilio.runtime.map" end,
   twiml = function() return require "twilio.twiml" end,
   upload = function() return require "twilio.upload" end,
}

return setmetatable(twilio, {
   __index = function(self, name)
      local load = lazy[name]
      if not load then return nil end
      local value = load()
      rawset(self, name, value)
      return value
   end,
})
