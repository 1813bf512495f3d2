-- Asks the sandbox for every operation of Twilio's OpenAPI files, and writes down what it answers,
-- for tools/mock_server/responses.mjs to validate: tools/sandbox_conformance.sh starts both.
--
--   lua tools/sandbox_conformance.lua <operations.json> <answers.jsonl>
--
-- Each operation is asked twice, with the arguments that the files require and with all that they
-- know. The resource of an operation is made first, through the API if that can be; an answer other
-- than the files' success status is an error here already. Then each is asked with one argument
-- after the other that the files forbid, and with every value that they list: the sandbox must
-- refuse the ones by name, and none of the others.

package.path = (arg[0]:match("^(.*)/[^/]*$") or ".") .. "/?.lua;" .. package.path

local cjson = require "cjson"
local core = require "twilio.core"
local files = require "files"
local json = require "twilio.json"
local sandbox = require "twilio.sandbox"

local operations_file, answers_file = arg[1], arg[2]
local ACCOUNT = "AC" .. ("a"):rep(32)

-- cjson, as json.decode would drop the nulls of samples.
local operations = cjson.decode(files.read(operations_file))

local by_template = {}
for _, op in ipairs(operations) do
   for name, value in pairs(op) do
      if value == cjson.null then op[name] = nil end
   end
   by_template[op.method .. " " .. op.host .. op.path:gsub("{[^}]*}", "{}")] = op
end

-- Samples of the files that a Twilio refuses: tokens of pages it never gave, and dates of which
-- nothing is kept.
local never_sent = { PageToken = true, pageToken = true, Token = true, Page = true }

-- Rules that the files don't have: of these groups one is required (x-twilio.conditional), or a
-- value must be a certain one.
local also = {
   ["api CreateMessage"] = { To = "+15558675310", From = "+15005550006", Body = "Hello" },
   ["api CreateCall"] = { Url = "http://127.0.0.1/" },
   ["api CreateIncomingPhoneNumber"] = { PhoneNumber = "+15005550006" },
   ["api UpdateMessage"] = { Body = "" },
   ["notify CreateNotification"] = { Identity = "alice" },
   ["proxy CreateMessageInteraction"] = { Body = "Hello" },
   ["taskrouter CreateWorkflow"] = {
      Configuration = [[{ "task_routing": { "default_filter": { "queue": "WQ]] .. ("a"):rep(32)
         .. [[" } } }]],
   },
   ["verify CreateVerification"] = {
      To = "+15005550006", Channel = "sms", CustomCode = "123456",
   },
   ["verify CreateVerificationCheck"] = { To = "+15005550006", Code = "123456" },
   ["verify UpdateVerification"] = { Status = "canceled" },
}
-- A file's samples of these name what isn't there, moments that have gone by, or are no expressions
-- or JSON.
local not_with = {
   ["api CreateMessage"] = {
      MessagingServiceSid = true, ContentSid = true, ContentVariables = true, SendAt = true,
      ScheduleType = true,
   },
   ["serverless CreateBuild"] = { AssetVersions = true, FunctionVersions = true },
   ["serverless CreateDeployment"] = { BuildSid = true },
   ["api CreateIncomingPhoneNumber"] = { AreaCode = true },
   ["api UpdateAccount"] = { Status = true },
   ["api UpdateCall"] = { Status = true },
   ["api UpdateMessage"] = { Status = true },
   ["conversations CreateConversationWithParticipants"] = { Participant = true },
   ["conversations CreateServiceConversationWithParticipants"] = { Participant = true },
   ["conversations CreateConversationParticipant"] = {
      ["MessagingBinding.Address"] = true, ["MessagingBinding.ProxyAddress"] = true,
   },
   ["conversations CreateServiceConversationParticipant"] = {
      ["MessagingBinding.Address"] = true, ["MessagingBinding.ProxyAddress"] = true,
   },
   ["taskrouter CreateTask"] = { Attributes = true },
   ["taskrouter UpdateWorkspace"] = { DefaultActivitySid = true, TimeoutActivitySid = true },
   ["taskrouter UpdateTask"] = { Attributes = true },
   ["taskrouter CreateTaskQueue"] = { TargetWorkers = true },
   ["taskrouter UpdateTaskQueue"] = { TargetWorkers = true },
   ["taskrouter CreateWorker"] = { Attributes = true },
   ["taskrouter UpdateWorker"] = { Attributes = true },
   ["taskrouter ListWorker"] = { TargetWorkersExpression = true },
   ["taskrouter UpdateTaskReservation"] = { Instruction = true },
   ["taskrouter UpdateWorkerReservation"] = { Instruction = true },
   ["taskrouter UpdateWorkflow"] = { Configuration = true },
   ["verify CreateVerificationCheck"] = { VerificationSid = true },
}

-- Values of paths for which the files' samples won't do.
local in_path = { ["lookups FetchPhoneNumber"] = { PhoneNumber = "+15558675310" } }

-- Operations on calls and messages that must have reached their end.
local is_settled = {
   ["api DeleteCall"] = true, ["api DeleteMessage"] = true, ["api UpdateMessage"] = true,
}

local function key_of(op) return op.host:match("^[^.]*") .. " " .. op.id end

local function push(out, name, value)
   if type(value) == "table" and #value > 0 then
      for _, item in ipairs(value) do push(out, name, item) end
   else
      out[#out + 1], out[#out + 2] = name, type(value) == "table" and cjson.encode(value)
         or type(value) == "number"
         and ("%.14g"):format(value) or tostring(value)
   end
end

local function add_pairs(out, op, fields)
   for name, value in pairs(fields) do
      local is_left_out = never_sent[name] and not op.query[name]
         or (not_with[key_of(op)] or {})[name]
      if not is_left_out or name == op.tried then push(out, name, value) end
   end
end

local function form_of(op, all)
   local fields = {}
   for name, value in pairs(op.form) do fields[name] = value end
   for name, value in pairs(all and op.opt_form or {}) do fields[name] = value end
   for name, value in pairs(also[key_of(op)] or {}) do
      if name ~= op.tried then fields[name] = value end
   end
   local out = {}
   add_pairs(out, op, fields)
   return core.form_encode(out)
end

local function query_of(op, all)
   local out = {}
   add_pairs(out, op, op.query)
   if all then add_pairs(out, op, op.opt_query) end
   return core.form_encode(out, "%20")
end

local function is_json(op) return (op.content_type or ""):find("json", 1, true) ~= nil end

local function authorization(op)
   if op.auth[1] == "oauth" or table.concat(op.auth, " "):lower():find("oauth") then
      return "Bearer token"
   end
   return "Basic " .. core.base64_encode(ACCOUNT .. ":token")
end

local function fill(op, values)
   return (op.path:gsub("{([^}]*)}", function(name)
      return (core.percent_encode(tostring(values[name] or op.path_params[name])))
   end))
end

local function url_of(op, values) return "https://" .. op.host .. fill(op, values) end

local function ask(box, op, all, values)
   local headers = { Authorization = authorization(op) }
   for name, value in pairs(op.headers) do headers[name] = tostring(value) end
   local query, body = query_of(op, all), nil
   if is_json(op) then
      body, headers["Content-Type"] = cjson.encode(
         all and op.opt_json or op.json or {}), op.content_type
   elseif op.content_type then
      body, headers["Content-Type"] = form_of(op, all), op.content_type
   end
   local url = url_of(op, values)
   return box:send {
      method = op.method, url = query ~= "" and url .. "?" .. query or url, headers = headers,
      body = body,
   }
end

-- Making what an operation is about ---------------------------------------------------------------

local function without_last(path)
   local base, extension = path:match("^(.*)/{[^}]*}(%.?%l*)$")
   return base and base .. extension
end

local function last_name(path) return path:match("{([^}]*)}%.?%l*$") end

-- The operation that makes what is at this path.
local function creator_of(op)
   local collection = without_last(op.path)
   return collection and by_template["POST " .. op.host .. collection:gsub("{[^}]*}", "{}")]
end

local function is_create(op) return op ~= nil and op.id:lower():match("^create") ~= nil end

-- Path values by position: two operations of one path may call them differently.
local function values_like(op, other, values)
   local names, out = {}, {}
   for name in op.path:gmatch("{([^}]*)}") do names[#names + 1] = name end
   local i = 0
   for name in other.path:gmatch("{([^}]*)}") do
      i = i + 1
      out[name] = values[names[i]] or op.path_params[names[i]]
   end
   return out
end

local function add_ancestors(box, op)
   local path = op.path:gsub("/[^/{}]*$", "")
   while path:find("{", 1, true) do
      local url = "https://" .. op.host .. fill({ path = path, path_params = op.path_params }, {})
      local extension = op.path:match("%.json$") and not url:find("%.json$") and ".json" or ""
      pcall(box.add, box, url .. extension)
      path = path:match("^(.*)/[^/]*$")
   end
end

local function key_in(body, name)
   return body[name:gsub("(%l)(%u)", "%1_%2"):lower()] or body[name] or body.sid or body.id
end

-- @return (table) path values under which the resource exists now
local function make(box, op)
   local creator = creator_of(op)
   if is_create(creator) then
      local response = ask(box, creator, true, values_like(op, creator, {}))
      local body = response.status < 300 and response.body ~= "" and json.decode(response.body)
      local key = type(body) == "table" and key_in(body, last_name(op.path))
      if key then return { [last_name(op.path)] = key } end
   end
   pcall(box.add, box, url_of(op, {}))
   return {}
end

local function fill_list(box, op)
   local creator = by_template["POST " .. op.host .. op.path:gsub("{[^}]*}", "{}")]
   for _ = 1, 2 do
      if is_create(creator) then ask(box, creator, true, values_like(op, creator, {})) end
   end
   if is_create(creator) then return end
   local base, extension = op.path:match("^(.-)(%.json)$")
   local item = by_template["GET " .. op.host .. (base or op.path):gsub("{[^}]*}", "{}") .. "/{}" .. (extension or "")]
   if item then pcall(box.add, box, url_of(item, values_like(op, item, {}))) end
end

local OWN = "https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT

local before = {
   ["messaging CreatePhoneNumber"] = function(box, op)
      box:add(OWN .. "/IncomingPhoneNumbers/" .. op.form.PhoneNumberSid .. ".json",
         { phone_number = "+14155550100" })
   end,
   ["messaging CreateShortCode"] = function(box, op)
      box:add(
         OWN .. "/SMS/ShortCodes/" .. op.form.ShortCodeSid .. ".json", { short_code = "12345" })
   end,
   ["verify CreateChallenge"] = function(box, op)
      local url = url_of(op, {}):gsub("Challenges$", "Factors/") .. op.form.FactorSid
      box:add(url, { factor_type = "push", status = "verified" })
   end,
   ["accounts UpdateAuthTokenPromotion"] = function(box)
      ask(box, by_template["POST accounts.twilio.com/v1/AuthTokens/Secondary"], false, {})
   end,
   ["verify CreateVerificationCheck"] = function(box, op)
      local creator = by_template["POST " .. op.host .. "/v2/Services/{}/Verifications"]
      ask(box, creator, false, values_like(op, creator, {}))
   end,
}

local function prepare(box, op)
   add_ancestors(box, op)
   if before[key_of(op)] then before[key_of(op)](box, op) end
   if op.is_list then
      fill_list(box, op)
   elseif last_name(op.path) and not is_create(op) then
      local values = in_path[key_of(op)] or make(box, op)
      if is_settled[key_of(op)] then box:advance(60) end
      return values
   end
   return {}
end

-- Answers -----------------------------------------------------------------------------------------

local out = assert(io.open(answers_file, "wb"))
local wrong = 0

local function write(op, all, response)
   out:write(cjson.encode {
      id = op.id, file = op.file, method = op.method, path = op.path, all = all,
      status = response.status, headers = response.headers, body = response.body,
   }, "\n")
   if response.status == op.success then return end
   wrong = wrong + 1
   io.write((
      "%s %s %s (%s): %d instead of %s: %s\n"):format(op.file, op.method, op.path, all and "all"
         or "required",
      response.status, tostring(op.success), response.body:sub(1, 200)))
end

for number, op in ipairs(operations) do
   for _, all in ipairs { false, true } do
      local box = sandbox.new { seed = number, now = 1767225600.5 }
      write(op, all, ask(box, op, all, prepare(box, op)))
   end
end
out:close()
print(
   ("%d operations asked, each twice; %d answers without the success status"):format(#operations, wrong))

-- Refusals ----------------------------------------------------------------------------------------

local paging = {
   Page = true, PageSize = true, PageToken = true, Size = true, page = true, pageSize = true,
   pageToken = true,
}

-- Values that the files forbid and the sandbox lets pass, and why.
local function forgiven(op, trial)
   if paging[trial.name] then return "sizes of pages: what is too much gives fewer" end
   if trial.place == "header" and not trial.name:match("^X%-") then return "headers of HTTP" end
   if op.id == "ListEvent" and trial.name == "ActorSid" then
      return "the file is wrong (tools/overlay.lua)"
   end
   if op.file == "twilio_content_v1.json" and trial.name:match("nonsense$") then
      return "the file is wrong (tools/overlay.lua)"
   end
   if trial.name == "BundleSids" then return "a pattern that repeats a group" end
   return nil
end

local fields = { query = "query", header = "headers", form = "form" }

-- The operation with one argument as the trial has it.
local function with_trial(op, trial)
   local copy = setmetatable({ tried = trial.name }, { __index = op })
   if trial.place == "json" then
      copy.json = trial.value
      return copy
   end
   local field = fields[trial.place]
   copy[field] = { [trial.name] = trial.value }
   for name, value in pairs(op[field]) do
      copy[field][name] = copy[field][name] == nil and value or copy[field][name]
   end
   return copy
end

local function is_refused(response, trial)
   if response.status ~= 400 then return false end
   local problem = json.decode(response.body)
   local words = (problem.message or problem.detail):gsub("%[%d+%]", ""):lower() .. " "
   return words:find(("parameter %s "):format(trial.name:lower()), 1, true) ~= nil
end

local function try(box, op, trial, counts)
   local response = ask(box, with_trial(op, trial), false, {})
   local refused = is_refused(response, trial)
   local why = trial.wrong and not refused and forgiven(op, trial)
   local result = why and "forgiven"
      or refused == trial.wrong and (refused and "refused" or "accepted") or "misjudged"
   counts[result] = counts[result] + 1
   if result ~= "misjudged" then return end
   print((
      "%s %s %s: %s %s=%s: %d %s"):format(op.file, op.method, op.path, trial.wrong and "not refused"
         or "refused", trial.name,
      cjson.encode(trial.value):sub(1, 60), response.status, response.body:sub(1, 200)))
end

local counts = { refused = 0, accepted = 0, forgiven = 0, misjudged = 0 }
local box = sandbox.new { seed = 1 }
for _, op in ipairs(operations) do
   for _, trial in ipairs(op.trials) do
      -- Values that only some resources can take.
      local depends = not trial.wrong and (not_with[key_of(op)] or {})[trial.name]
      if not depends then try(box, op, trial, counts) end
   end
end
print(("forbidden values: %d refused, %d forgiven; allowed ones: %d accepted; %d misjudged"):format(
   counts.refused, counts.forgiven, counts.accepted, counts.misjudged))
os.exit(wrong == 0 and counts.misjudged == 0 and 0 or 1)
