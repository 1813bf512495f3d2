-- sandbox/behaviour/registry.lua: the resources that do more than being kept, by product and path.
-- Data.
--
-- Each is a table of functions (sandbox, call, record) that methods.lua calls at their moment:
-- before_create, after_create, before_fetch, before_update, after_update, before_delete,
-- before_list; returning nil, an API error refuses the call. `prepare` runs before the resource is
-- looked for: it makes what that hangs on where the API does so by itself, or reads a name; it
-- returns an API error to refuse. `filter(sandbox, call)` returns a function(record) that says
-- which records a list's arguments let through, beyond those that are fields, or nil. `after_add`
-- completes one that a test added, and `show(sandbox, call, record, body)` changes how it is
-- written; a list with `is_unpaged` tells nothing of pages, and one with `source(sandbox, call)`
-- reads from that as from a store. Its `events` are called when the clock reaches what it planned.

local access = require "twilio.sandbox.behaviour.access"
local conferences = require "twilio.sandbox.behaviour.conferences"
local event_streams = require "twilio.sandbox.behaviour.event_streams"
local conversations = require "twilio.sandbox.behaviour.conversations.conversations"
local conversation_messages = require "twilio.sandbox.behaviour.conversations.messages"
local factors = require "twilio.sandbox.behaviour.factors"
local flow_executions = require "twilio.sandbox.behaviour.studio.executions"
local messaging_services = require "twilio.sandbox.behaviour.messaging_services"
local numbers = require "twilio.sandbox.behaviour.numbers"
local participants = require "twilio.sandbox.behaviour.participants"
local queues = require "twilio.sandbox.behaviour.queues"
local serverless = require "twilio.sandbox.behaviour.serverless"
local sync = require "twilio.sandbox.behaviour.sync"
require "twilio.sandbox.behaviour.taskrouter.enqueued"
local task_queues = require "twilio.sandbox.behaviour.taskrouter.queues"
local statistics = require "twilio.sandbox.behaviour.taskrouter.statistics"
local taskrouter_events = require "twilio.sandbox.behaviour.taskrouter.events"
local tasks = require "twilio.sandbox.behaviour.taskrouter.tasks"
local workers = require "twilio.sandbox.behaviour.taskrouter.workers"
local workflows = require "twilio.sandbox.behaviour.taskrouter.workflows"
local workspaces = require "twilio.sandbox.behaviour.taskrouter.workspaces"
local verifications = require "twilio.sandbox.behaviour.verifications"

local registry = {}

-- endpoint.name of the router -> its behaviour
registry.of = {
   ["accounts/AuthTokens/Promote"] = access.token_promotion,
   ["accounts/AuthTokens/Secondary"] = access.secondary_token,
   ["api/Accounts"] = access.accounts,
   ["api/Accounts/{}/Calls"] = require "twilio.sandbox.behaviour.calls",
   ["api/Accounts/{}/Calls/{}/Recordings"] = require "twilio.sandbox.behaviour.recordings",
   ["api/Accounts/{}/Conferences"] = conferences,
   ["api/Accounts/{}/Conferences/{}/Participants"] = participants,
   ["api/Accounts/{}/IncomingPhoneNumbers"] = numbers,
   ["api/Accounts/{}/IncomingPhoneNumbers/Local"] = numbers,
   ["api/Accounts/{}/IncomingPhoneNumbers/Mobile"] = numbers,
   ["api/Accounts/{}/IncomingPhoneNumbers/TollFree"] = numbers,
   ["api/Accounts/{}/Keys"] = access.keys,
   ["api/Accounts/{}/SigningKeys"] = access.keys,
   ["api/Accounts/{}/Messages"] = require "twilio.sandbox.behaviour.messages",
   ["api/Accounts/{}/Transcriptions"] = require "twilio.sandbox.behaviour.transcriptions",
   ["api/Accounts/{}/Queues"] = queues,
   ["api/Accounts/{}/Queues/{}/Members"] = queues.members,
   ["api/Accounts/{}/Tokens"] = access.ice_token,
   ["events/Sinks/{}/Test"] = event_streams.sinks.test,
   ["events/Sinks/{}/Validate"] = event_streams.sinks.validate,
   ["events/Subscriptions"] = event_streams.subscriptions,
   ["iam/Keys"] = access.keys,
   ["messaging/Services"] = messaging_services,
   ["messaging/Services/{}/PhoneNumbers"] = messaging_services.phone_numbers,
   ["messaging/Services/{}/ShortCodes"] = messaging_services.short_codes,
   ["monitor/Alerts"] = require "twilio.sandbox.behaviour.alerts",
   ["oauth/token"] = access.oauth_token,
   ["preview-iam/token"] = access.oauth_token,
   ["lookups/PhoneNumbers"] = require "twilio.sandbox.behaviour.lookups",
   ["serverless/Services/{}/Builds"] = serverless.builds,
   ["serverless/Services/{}/Builds/{}/Status"] = serverless.builds.status,
   ["serverless/Services/{}/Environments"] = serverless.environments,
   ["serverless/Services/{}/Environments/{}/Deployments"] = serverless.deployments,
   ["serverless/Services/{}/Functions/{}/Versions/{}/Content"] = serverless.version_contents,
   ["studio/Flows/{}/Executions"] = flow_executions,
   ["studio/Flows/{}/Executions/{}/Context"] = flow_executions.contexts,
   ["studio/Flows/{}/Executions/{}/Steps/{}/Context"] = flow_executions.contexts,
   ["sync/Services/{}/Documents"] = sync.documents,
   ["sync/Services/{}/Lists"] = sync.lists,
   ["sync/Services/{}/Lists/{}/Items"] = sync.list_items,
   ["sync/Services/{}/Maps"] = sync.maps,
   ["sync/Services/{}/Maps/{}/Items"] = sync.map_items,
   ["sync/Services/{}/Streams"] = sync.streams,
   ["taskrouter/Workspaces"] = workspaces,
   ["taskrouter/Workspaces/{}/Activities"] = workspaces.activities,
   ["taskrouter/Workspaces/{}/Events"] = taskrouter_events,
   ["taskrouter/Workspaces/{}/TaskQueues"] = task_queues,
   ["taskrouter/Workspaces/{}/Tasks"] = tasks,
   ["taskrouter/Workspaces/{}/Tasks/{}/Reservations"] = tasks.reservations,
   ["taskrouter/Workspaces/{}/Workers"] = workers,
   ["taskrouter/Workspaces/{}/Workers/{}/Channels"] = workers.channels,
   ["taskrouter/Workspaces/{}/Workers/{}/Reservations"] = tasks.reservations,
   ["taskrouter/Workspaces/{}/Workflows"] = workflows,
   ["video/Rooms"] = require "twilio.sandbox.behaviour.rooms",
   ["verify/Services"] = factors.services,
   ["verify/Services/{}/Entities/{}/Challenges"] = factors.challenges,
   ["verify/Services/{}/Entities/{}/Factors"] = factors,
   ["verify/Services/{}/VerificationCheck"] = verifications.checks,
   ["verify/Services/{}/Verifications"] = verifications,
}

for _, kind in ipairs {
   "Local", "MachineToMachine", "Mobile", "National", "SharedCost", "TollFree", "Voip",
} do
   registry.of["api/Accounts/{}/AvailablePhoneNumbers/{}/" .. kind] = numbers.available
end

for _, list in ipairs {
   "", "/AllTime", "/Daily", "/LastMonth", "/Monthly", "/ThisMonth", "/Today", "/Yearly",
   "/Yesterday",
} do
   registry.of["api/Accounts/{}/Usage/Records" .. list] = require "twilio.sandbox.behaviour.usage"
end

-- A behaviour for one version of a product whose other versions have resources of the same name.
local function of_version(file, behaviour)
   local out = {}
   for moment, own in pairs(behaviour) do
      out[moment] = own
      if type(own) == "function" then
         out[moment] = function(sandbox, call, ...)
            if call.endpoint.file == file then return own(sandbox, call, ...) end
            return true
         end
      end
   end
   return out
end

registry.of["conversations/Configuration/Addresses"] = conversations.addresses
for _, place in ipairs { "", "/Services/{}" } do
   for rest, behaviour in pairs {
      ["/Conversations"] = conversations,
      ["/ConversationWithParticipants"] = conversations.with_participants,
      ["/Conversations/{}/Messages"] = conversation_messages,
      ["/Conversations/{}/Messages/{}/Receipts"] = conversation_messages.receipts,
      ["/Conversations/{}/Participants"] = conversations.participants,
   } do
      registry.of["conversations" .. place .. rest] = of_version("conversations_v1", behaviour)
   end
end

for _, place in ipairs { "", "/TaskQueues/{}", "/Workflows/{}", "/Workers" } do
   local path = "taskrouter/Workspaces/{}" .. place
   registry.of[path .. "/CumulativeStatistics"] = statistics.cumulative
   registry.of[path .. "/RealTimeStatistics"] = statistics.real_time
   registry.of[path .. "/Statistics"] = statistics.both
end
registry.of["taskrouter/Workspaces/{}/Workers/{}/Statistics"] = statistics.both

--- Makes a planned event happen: { name = "api/Accounts/{}/Messages", step = "send", ... }. One
-- that nobody knows comes from a loaded dump of another version, and nothing happens.
function registry.happen(sandbox, event)
   local events = (registry.of[event.name] or {}).events or {}
   local step = events[event.step]
   if step then step(sandbox, event) end
end

return registry
