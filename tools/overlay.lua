-- Corrections by hand of what the OpenAPI files say wrongly or not at all, read by
-- tools/generate.lua. Facts only, each with its reason; no code. Files are named as in the package,
-- without "twilio_" and ".json"; operations by their id. Must not know how the generator works or
-- writes.

local overlay = {}

-- Files that aren't used: file -> why.
overlay.skip = {
   ["flex-api_v1"] = "no operations",
   iam_scim = "no operations",
   iam_v2 = "no operations",
   verify_v3 = "no operations",
   voice_oneconsole = "no operations",
   autopilot_v1 = "retired product",
   fax_v1 = "retired product",
   media_v1 = "retired product",
   microvisor_v1 = "retired product",
   content_sdk = "stale duplicate of content_v1",
   assistants_v1 = "in no official library",
   monitor_v2 = "in no official library",
}

-- Version names that can't be read off a path's first segment.
overlay.versions = {
   ["2010-04-01"] = "v2010",
   Organizations = "versionless",
}

-- Paths outside every version: path -> the version that shows them.
overlay.unversioned = {
   ["/.well-known/oauth-authorization-server"] = "v2",
}

-- Paths that the tree needs and the files lack: an organisation is only ever seen as a prefix of
-- its parts. `parent` is the parent of the version's paths that name none; `rename` gives path
-- parameters the names of the fields they hold.
overlay.paths = {
   iam_organizations = {
      version = "versionless",
      add = { path = "/Organizations/{OrganizationSid}", mount = "organization" },
      parent = "/{OrganizationSid}",
      rename = { UserSid = "Id", RoleAssignmentSid = "Sid" },
   },
}

-- Operations whose request body the files forget: all four take JSON. Its members, from Twilio's
-- documentation (twilio.com/docs/phone-numbers/hosted-numbers); of the last one nothing is known,
-- so that it takes any.
overlay.body = {
   CreateSmsVerification = { "friendly_name", "locale", "to" },
   CreateSmsVerificationCheck = { "friendly_name", "to", "verification_code" },
   CreateVoiceVerification = {
      "call_delay", "custom_code", "custom_success_message", "extension", "friendly_name",
      "phone_number", "status_callback",
      "status_callback_method",
   },
   CreateVoiceVerificationCheck = {},
}

-- Text parameters that hold more than text where the file doesn't say so, or says so of something
-- else: file -> parameter -> "x" (JSON), "c" (joined by commas), "s" (joined by spaces), "" (text).
overlay.texts = {
   api_v2010 = {
      -- twilio.com/docs/messaging/api/message-resource: "stringified JSON"; as conversations_v1's
      -- file says
      ContentVariables = "x",
      StatusCallbackEvent = "", -- the file's JSON is the media type of an example
      ValidCardTypes = "s", -- the file: separated by space
   },
   -- twilio.com/docs/flex: objects as text, as the attributes of tasks and conversations are.
   flex_v1 = { PostEngagementData = "x", PreEngagementData = "x", TaskAttributes = "x" },
   flex_v2 = { PreEngagementData = "x" },
   -- The same API as chat_v1 and chat_v2, whose files say it.
   ip_messaging_v1 = { Attributes = "x" },
   ip_messaging_v2 = { Attributes = "x" },
   taskrouter_v1 = { EventsFilter = "c" }, -- the file's examples: task.created,task.canceled
   verify_v2 = { ["Passkeys.RelyingParty.Origins"] = "c" }, -- the file: several, split by a comma
}

-- Parameters whose values the files describe too narrowly: operation -> parameter -> what it may
-- be.
overlay.parameters = {
   -- Filters by users or API credentials, says the file, and its pattern allows users only.
   ListEvent = { ActorSid = { type = "string", pattern = "^[A-Z]{2}[0-9a-fA-F]{32}$" } },
}

-- The same for properties of schemas: file -> schema -> property -> what it may be.
overlay.properties = {
   -- The SIDs that the file's own answers give have letters beyond f.
   iam_v1 = {
      ["iam.v1.account.VendorOauthAppCreateRequest"] = {
         client_sid = { type = "string", pattern = "^OQ[a-zA-Z0-9]{32}$" },
      },
   },
   -- SCIM (RFC 7644, 3.5.2) replaces `active` by a boolean; the file wants an object.
   iam_organizations = { ScimPatchOperation = { value = {} }, JsonPatch = { value = {} } },
}

-- Fields that the sandbox fills when something happens: of a new resource they are null, whatever
-- the examples show: file -> schema -> names.
overlay.alive = {
   sync_v1 = {
      ["sync.v1.service.document"] = "date_expires revision",
      ["sync.v1.service.sync_list"] = "date_expires revision",
      ["sync.v1.service.sync_list.sync_list_item"] = "date_expires index revision",
      ["sync.v1.service.sync_map"] = "date_expires revision",
      ["sync.v1.service.sync_map.sync_map_item"] = "date_expires revision",
      ["sync.v1.service.sync_stream"] = "date_expires",
   },
   verify_v2 = { ["verify.v2.service.entity.new_factor"] = "binding config" },
   api_v2010 = {
      ["api.v2010.account.call"] = "answered_by duration end_time price start_time",
      ["api.v2010.account.message"] = "date_sent error_code error_message price",
   },
}

-- Files whose schemas aren't closed, whatever they say, and which others of theirs take any member:
-- file -> names.
overlay.open = {
   -- Templates get fields and types with every channel: a catalog's thumbnail_item_id, a flow's
   -- text and options, whatsapp/... types.
   content_v1 = { "types" },
}

-- Instances that stand for a file, of which the files say nothing: file -> path -> where the
-- content is on the same host. "{}" is the value that follows the same word in the instance's path:
-- a call's recording is the account's. (https://www.twilio.com/docs/voice/api/recording,
-- .../messaging/api/media-resource, .../video/api/recordings-resource,
-- .../video/api/compositions-resource)
local account, recording = "/2010-04-01/Accounts/{AccountSid}", "/2010-04-01/Accounts/{}/Recordings/{}"
overlay.files = {
   api_v2010 = {
      [account .. "/Recordings/{Sid}.json"] = recording,
      [account .. "/Calls/{CallSid}/Recordings/{Sid}.json"] = recording,
      [account .. "/Conferences/{ConferenceSid}/Recordings/{Sid}.json"] = recording,
      [account .. "/Messages/{MessageSid}/Media/{Sid}.json"] = "/2010-04-01/Accounts/{}/Messages/{}/Media/{}",
   },
   video_v1 = {
      ["/v1/Recordings/{Sid}"] = "/v1/Recordings/{}/Media",
      ["/v1/Rooms/{RoomSid}/Recordings/{Sid}"] = "/v1/Recordings/{}/Media",
      ["/v1/Compositions/{Sid}"] = "/v1/Compositions/{}/Media",
   },
}

-- The version that a bare client.<domain>.<resource> means, where it isn't the newest: the one that
-- such names meant before versions were spelt out. (A name that this version lacks is looked for in
-- the others.)
overlay.default_version = {
   chat = "v2",
   content = "v1",
   conversations = "v1",
   flex_api = "v1",
   insights = "v1",
   intelligence = "v2",
   lookups = "v1",
   messaging = "v1",
   numbers = "v2",
   oauth = "v1",
   preview = "wireless",
   routes = "v2",
   voice = "v1",
}

-- Names on the client itself: client.<name> is client.api.v2010.account.<name>.
overlay.shortcuts = {
   "addresses", "applications", "authorized_connect_apps", "available_phone_numbers", "balance",
   "calls", "conferences",
   "connect_apps", "incoming_phone_numbers", "keys", "messages", "new_keys", "new_signing_keys",
   "notifications",
   "outgoing_caller_ids", "queues", "recordings", "short_codes", "signing_keys", "sip", "tokens",
   "transcriptions",
   "usage", "validation_requests",
}

return overlay
