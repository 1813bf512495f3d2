-- transport/hooks.lua: a transport around a transport: lets the caller's program watch each
-- request, and be traced.
--
-- Stands under retry: an attempt is a request. The functions get copies: changing them changes
-- nothing. An error that one of them raises goes up to the caller of the API, as from any
-- code of his.

local core = require "twilio.core"
local copy = require "twilio.transport.copy"
local redact = require "twilio.transport.redact"

local Hooks = {}
Hooks.__index = Hooks

local function shallow(t)
   if type(t) ~= "table" then return t end
   local new = setmetatable({}, getmetatable(t))
   for name, value in pairs(t) do new[name] = value end
   return new
end

local function has_header(final, wanted)
   for name in pairs(final.headers) do
      if core.lower(name) == wanted then return true end
   end
   return false
end

-- The trace context of W3C: who calls us. A header of the call itself stands before the client's
-- function.
local function traced(self, final)
   if not self.trace or has_header(final, "traceparent") then return final end
   local parent = self.trace()
   if type(parent) ~= "string" then return final end
   return copy.with_header(final, "traceparent", parent)
end

--- Sends a request between two calls of the caller's functions.
function Hooks:send(final)
   local sent = traced(self, final)
   if self.on_request then self.on_request(redact.without_secrets(sent)) end
   local result, err = self.inner:send(sent)
   if self.on_response then
      local shown = result and redact.response_without_secrets(sent, result)
      self.on_response(redact.without_secrets(sent), shown, shallow(err))
   end
   return result, err
end

local hooks = {}

--- @param inner (transport)
-- @param options (table) each optional: on_request = function(request), on_response =
--    function(request, response, err), trace = function() -> traceparent | nil
function hooks.new(inner, options)
   return setmetatable({
      inner = inner, on_request = options.on_request, on_response = options.on_response,
      trace = options.trace,
   }, Hooks)
end

return hooks
