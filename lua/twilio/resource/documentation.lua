-- resource/documentation.lua: where Twilio documents a product or a resource.
--
-- By the names that a program writes; a resource without a line has that of the one above it. The
-- addresses are those to which Twilio's own OpenAPI files and libraries refer, or of the product.

local documentation = {}

local ROOT = "https://www.twilio.com/docs"

local pages = {
   [""] = "usage/api",

   ["api"] = "usage/api",
   ["api accounts"] = "iam/api/account",
   ["api accounts addresses"] = "usage/api/address",
   ["api accounts applications"] = "usage/api/applications",
   ["api accounts available_phone_numbers"] = "phone-numbers/api/availablephonenumber-resource",
   ["api accounts calls"] = "voice/api/call-resource",
   ["api accounts calls payments"] = "voice/api/payment-resource",
   ["api accounts calls recordings"] = "voice/api/recording",
   ["api accounts conferences"] = "voice/api/conference-resource",
   ["api accounts conferences participants"] = "voice/api/conference-participant-resource",
   ["api accounts conferences recordings"] = "voice/api/recording",
   ["api accounts incoming_phone_numbers"] = "phone-numbers/api/incomingphonenumber-resource",
   ["api accounts keys"] = "iam/api-keys",
   ["api accounts messages"] = "messaging/api/message-resource",
   ["api accounts messages feedback"] = "messaging/guides/send-message-feedback-to-twilio",
   ["api accounts messages media"] = "messaging/api/media-resource",
   ["api accounts new_keys"] = "iam/api-keys",
   ["api accounts new_signing_keys"] = "iam/api-keys",
   ["api accounts outgoing_caller_ids"] = "voice/api/outgoing-caller-ids",
   ["api accounts queues"] = "voice/api/queue-resource",
   ["api accounts recordings"] = "voice/api/recording",
   ["api accounts signing_keys"] = "iam/api-keys",
   ["api accounts sip"] = "voice/api/sending-sip",
   ["api accounts sip credential_lists"] = "voice/sip/api/sip-credentiallist-resource",
   ["api accounts sip ip_access_control_lists"] =
      "voice/sip/api/sip-ipaccesscontrollist-resource",
   ["api accounts transcriptions"] = "voice/api/recording",
   ["api accounts usage"] = "usage/api/usage-record",
   ["api accounts validation_requests"] = "voice/api/outgoing-caller-ids",

   ["accounts"] = "iam/api",
   ["bulkexports"] = "usage/bulkexport",
   ["chat"] = "chat",
   ["chat channels"] = "chat/channels",
   ["chat credentials"] = "chat/rest/credential-resource",
   ["chat services"] = "chat/rest/service-resource",
   ["chat services channels"] = "chat/channels",
   ["chat services channels members"] = "chat/rest/member-resource",
   ["chat services channels messages"] = "chat/rest/message-resource",
   ["chat services roles"] = "chat/rest/role-resource",
   ["chat services users"] = "chat/rest/user-resource",
   ["content"] = "content",
   ["content contents"] = "content/content-api-resources",
   ["conversations"] = "conversations/api",
   ["conversations address_configurations"] = "conversations/api/address-configuration-resource",
   ["conversations conversations"] = "conversations/api/conversation-resource",
   ["conversations conversations messages"] = "conversations/api/conversation-message-resource",
   ["conversations conversations participants"] =
      "conversations/api/conversation-participant-resource",
   ["conversations conversations webhooks"] =
      "conversations/api/conversation-scoped-webhook-resource",
   ["conversations credentials"] = "conversations/api/credential-resource",
   ["conversations roles"] = "conversations/api/role-resource",
   ["conversations services"] = "conversations/api/service-resource",
   ["conversations users"] = "conversations/api/user-resource",
   ["events"] = "events",
   ["flex_api"] = "flex/developer",
   ["flex_api interaction"] = "flex/developer/conversations/interactions-api/interactions",
   ["frontline_api"] = "frontline",
   ["iam"] = "iam/api",
   ["iam api_key"] = "iam/api-keys",
   ["insights"] = "voice/voice-insights",
   ["intelligence"] = "conversational-intelligence",
   ["intelligence services"] = "conversational-intelligence/api/service-resource",
   ["ip_messaging"] = "chat",
   ["lookups"] = "lookup",
   ["lookups phone_numbers"] = "lookup/v2-api",
   ["marketplace"] = "marketplace/api/available-add-ons",
   ["messaging"] = "messaging",
   ["messaging brand_registrations"] = "messaging/api/brand-registration-resource",
   ["messaging services"] = "messaging/api/service-resource",
   ["monitor"] = "usage/monitor-events",
   ["notify"] = "notify",
   ["notify credentials"] = "notify/api/credential-resource",
   ["notify services"] = "notify/api/service-resource",
   ["notify services bindings"] = "notify/api/binding-resource",
   ["numbers"] = "phone-numbers",
   ["numbers regulatory_compliance bundles"] = "phone-numbers/regulatory/api/bundles",
   ["numbers regulatory_compliance regulations"] = "phone-numbers/regulatory/api/regulations",
   ["oauth"] = "iam",
   ["preview"] = "usage/api",
   ["preview_iam"] = "iam",
   ["pricing"] = "voice/pricing",
   ["pricing messaging"] = "sms/api/pricing",
   ["pricing phone_numbers"] = "phone-numbers/pricing",
   ["proxy"] = "proxy",
   ["proxy services"] = "proxy/api/service",
   ["proxy services sessions"] = "proxy/api/session",
   ["proxy services sessions participants"] = "proxy/api/participant",
   ["routes"] = "global-infrastructure",
   ["serverless"] = "serverless",
   ["studio"] = "studio/rest-api",
   ["studio flows"] = "studio/rest-api/flow",
   ["supersim"] = "iot/supersim",
   ["supersim esim_profiles"] = "iot/supersim/api/esimprofile-resource",
   ["supersim ip_commands"] = "iot/supersim/api/ipcommand-resource",
   ["supersim sims"] = "iot/supersim/api/sim-resource",
   ["supersim sms_commands"] = "iot/supersim/api/smscommand-resource",
   ["supersim usage_records"] = "iot/supersim/api/usage-record-resource",
   ["sync"] = "sync",
   ["sync services"] = "sync/api/service",
   ["taskrouter"] = "taskrouter",
   ["taskrouter workspaces activities"] = "taskrouter/api/activity",
   ["taskrouter workspaces events"] = "taskrouter/api/event",
   ["taskrouter workspaces task_queues"] = "taskrouter/api/taskqueues",
   ["trunking"] = "sip-trunking",
   ["trusthub"] = "trust-hub",
   ["verify"] = "verify/api",
   ["verify services"] = "verify/api/service",
   ["verify services entities challenges"] = "verify/api/challenge",
   ["verify services rate_limits"] = "verify/api/service-rate-limits",
   ["verify services verification_checks"] = "verify/api/verification-check",
   ["verify services verifications"] = "verify/api/verification",
   ["verify templates"] = "verify/api/templates",
   ["video"] = "video/api",
   ["video compositions"] = "video/api/compositions-resource",
   ["voice"] = "voice/api",
   ["wireless"] = "iot/wireless",
   ["wireless commands"] = "iot/wireless/api/command-resource",
   ["wireless rate_plans"] = "iot/wireless/api/rateplan-resource",
   ["wireless sims"] = "iot/wireless/api/sim-resource",
   ["wireless sims data_sessions"] = "iot/wireless/api/datasession-resource",
   ["wireless sims usage_records"] = "iot/wireless/api/sim-usagerecord-resource",
   ["wireless usage_records"] = "iot/wireless/api/account-usagerecord-resource",
}

--- The address of the documentation of a place.
-- @param at (table) { domain = "verify" | nil, names = { "services", ... } | nil }
-- @return (string) the nearest page there is
function documentation.of(at)
   local words = { at.domain }
   for _, name in ipairs(at.names or {}) do words[#words + 1] = name end
   for count = #words, 0, -1 do
      local page = pages[table.concat(words, " ", 1, count)]
      if page then return ROOT .. "/" .. page end
   end
end

--- All names with a page of their own, for the spec. @return (table) name -> page
documentation.pages = pages

return documentation
