-- sandbox/behaviour/conversations/states.lua: conversations become inactive, and close, when
-- nothing is said for as long as their timers have it.

local api_error = require "twilio.sandbox.http.api_error"
local bindings = require "twilio.sandbox.behaviour.conversations.bindings"
local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"
local later = require "twilio.sandbox.behaviour.later"
local record_fields = require "twilio.sandbox.state.fields"
local webhooks = require "twilio.sandbox.behaviour.conversations.webhooks"

local states = {}

-- Parameter -> the hidden field that keeps its seconds, the state, and the timer's field.
local timers = {
   { "Timers.Inactive", "inactive_after", "inactive", "date_inactive" },
   { "Timers.Closed", "closed_after", "closed", "date_closed" },
}

local LONGEST = 315360000 -- seconds: ten years

--- Reads a request's timers.
-- @return (table) hidden fields for the record
-- @return[2] nil, an API error
function states.read(call)
   local out = {}
   for _, timer in ipairs(timers) do
      local parameter = call.op.by_wire[timer[1]]
      local text = parameter and call.arguments[parameter.name]
      local seconds = text and (record_fields.duration(text) or 0)
      if seconds and seconds > LONGEST then
         return nil, api_error.invalid(timer[1], "must be at most ten years")
      end
      out[timer[2]] = seconds
   end
   return out
end

--- Starts a conversation's timers anew: it was made, or somebody said something.
function states.restart(sandbox, conversation, name)
   local fields, now = conversation.fields, sandbox.clock.now
   fields.run = (tonumber(fields.run) or 0) + 1
   for _, timer in ipairs(timers) do
      local seconds = tonumber(fields[timer[2]]) or 0
      if seconds > 0 and fields.state ~= "closed" then
         if type(fields.timers) ~= "table" then fields.timers = json.object {} end
         fields.timers[timer[4]] = convert.dates["date-time"](now + seconds)
         later.plan(sandbox, seconds, {
            name = name, step = timer[3], path = conversation.path, run = fields.run,
         })
      end
   end
end

--- Gives a conversation another state.
-- @param reason (string) "API", "TIMER", "EVENT"
-- @param is_told (boolean) whether webhooks tell of it
function states.set(sandbox, conversation, state, reason, is_told)
   local fields = conversation.fields
   local before = fields.state
   if before == state then return end
   fields.state, fields.date_updated = state, sandbox.clock.now
   if state == "closed" then bindings.release_all(sandbox, conversation) end
   if not is_told then return end
   local params = webhooks.of_conversation(fields)
   params.StateFrom, params.StateTo, params.Reason = before, state, reason
   webhooks.tell(sandbox, conversation, "onConversationStateUpdated", params, "API")
end

-- A timer is over, unless it was started anew.
local function reach(state)
   return function(sandbox, event)
      local conversation = sandbox.store:get(event.path)
      local fields = conversation and conversation.fields
      if not fields or fields.run ~= event.run or fields.state == "closed" then return end
      states.set(sandbox, conversation, state, "TIMER", true)
   end
end

states.events = { inactive = reach "inactive", closed = reach "closed" }

return states
