-- Corrections by hand of what twilio-node's declarations say wrongly or not at all, read by
-- documents.lua before anything is compared or kept. Facts only, each with its reason. Documents
-- and schemas are named as documents.lua names them: "webhooks_v1", "<file>.<type>".

local corrections = {}

local function ref(name) return { ["$ref"] = "#/components/schemas/" .. name } end

-- Resources that the package has and mounts nowhere: file -> why.
corrections.unmounted = {
   ["insights/v3/result"] = "mounted by no version; the OpenAPI files have it",
}

local rule = { "202", ref "rule.RuleOperationResponse_ResponseResource" }
local shared_key = ref "sharedKey.SharedKey_ResponseResource"
local auth_profile = ref "authProfile.AuthProfile_ResponseResource"

corrections.webhooks_v1 = {
   -- Objects of which there are several kinds, told apart by one member: a declaration has the
   -- members of all kinds, and calls those required that one kind requires. schema -> the members
   -- that aren't.
   optional = {
      ["rule.PostRule"] = "prefix value",
      ["rule.PatchRule"] = "matchType prefix value",
      ["rule.Rule"] = "prefix value",
      ["rule.Rule_ResponseResource"] = "prefix value",
      ["authProfile.PostAuthProfile"] = "tokenUrl clientId clientSecret username password",
      ["authProfile.AuthProfile_ResponseResource"] = "tokenUrl clientId username",
      ["setting.PostAuthSetting"] = "value authProfileId",
      ["setting.AuthSetting"] = "value authProfileId",
      ["setting.PostInlineAuthValue"] = "tokenUrl clientId clientSecret username password",
      ["setting.InlineAuthValue"] = "tokenUrl clientId username",
      -- The same type in rule.d.ts says so.
      ["operation.OperationResource"] = "error resourceId completedAt",
   },
   -- One resource has several answers, and the declarations don't say which operation gives which.
   -- operation -> status and schema.
   answers = {
      CreateRule = rule,
      PatchRule = rule,
      DeleteRule = rule,
      FetchRule = { "200", ref "rule.Rule_ResponseResource" },
      CreateSharedKey = { "201", ref "sharedKey.SharedKeyWithSecret_ResponseResource" },
      FetchSharedKey = { "200", shared_key },
      PatchSharedKey = { "200", shared_key },
      CreateAuthProfile = { "201", auth_profile },
      FetchAuthProfile = { "200", auth_profile },
      PatchAuthProfile = { "200", auth_profile },
   },
   -- The same for the items of lists: operation -> schema.
   items = {
      ListRule = ref "rule.Rule_ResponseResource",
      ListSharedKey = ref "sharedKey.SharedKeySummary_ResponseResource",
      ListAuthProfile = ref "authProfile.AuthProfileSummary_ResponseResource",
   },
}

return corrections
