-- sandbox/behaviour/serverless.lua: versions of functions and assets that are uploaded, builds that
-- complete, and deployments.

local api_error = require "twilio.sandbox.http.api_error"
local convert = require "twilio.sandbox.schema.convert"
local json = require "twilio.json"

local serverless = {}

local NAME = "serverless/Services/{}/Builds"
local BUILDING = 1 -- seconds

local function service_path(path) return path:match("^(.*/Services/[^/]*)") end

-- Versions ----------------------------------------------------------------------------------------

serverless.version_contents = {}

function serverless.version_contents.before_fetch(sandbox, call, record)
   local version = sandbox.store:get((call.path:gsub("/Content$", "")))
   record.fields.content = version and version.fields.content
   record.fields.sid = version and version.fields.sid
   return true
end

-- Builds ------------------------------------------------------------------------------------------

local builds = { events = {} }

-- kind of version -> collection of what has versions, and the field of its SID
local kinds = {
   { "function_versions", "Functions", "function_sid" },
   { "asset_versions", "Assets", "asset_sid" },
}

local function find_version(sandbox, service, collection, sid)
   for owner in sandbox.store:each(service .. "/" .. collection, {}) do
      local record = sandbox.store:get(owner.path .. "/Versions/" .. sid)
      if record then return record end
   end
   return nil
end

local function shown(record, owner_field)
   local out = { [owner_field] = record.fields[owner_field] }
   for _, name in ipairs { "sid", "account_sid", "service_sid", "path", "visibility" } do
      out[name] = record.fields[name]
   end
   out.date_created = convert.dates["date-time"](record.fields.date_created)
   return json.object(out)
end

function builds.before_create(sandbox, call)
   local service = service_path(call.path)
   for _, kind in ipairs(kinds) do
      local versions = {}
      for i, sid in ipairs(call.arguments[kind[1]] or {}) do
         local record = find_version(sandbox, service, kind[2], sid)
         if not record then
            return nil, api_error.not_found("/" .. kind[2] .. "/Versions/" .. sid)
         end
         versions[i] = shown(record, kind[3])
      end
      call.arguments[kind[1]] = json.array(versions)
   end
   return true
end

function builds.after_create(sandbox, _, record)
   record.fields.status, record.fields.runtime = "building", record.fields.runtime or "node22"
   sandbox.clock:after(BUILDING, { name = NAME, step = "complete", path = record.path })
   return true
end

function builds.events.complete(sandbox, event)
   local record = sandbox.store:get(event.path)
   if record then record.fields.status = "completed" end
end

builds.status = {}

function builds.status.before_fetch(sandbox, call, record)
   local build = sandbox.store:get((call.path:gsub("/Status$", "")))
   if build then
      record.fields.status, record.fields.sid = build.fields.status, build.fields.sid
   end
   return true
end

serverless.builds = builds

-- Environments ------------------------------------------------------------------------------------

serverless.environments = {}

-- A domain of its own: shop-4711-dev.twil.io
function serverless.environments.before_create(sandbox, call)
   local service = sandbox.store:get(service_path(call.path))
   local base = service and service.fields.domain_base
   if not base then
      local name = tostring(service and service.fields.unique_name or "service"):lower()
      base = name:gsub("[^%w]+", "-") .. "-" .. sandbox.ids:digits(4)
      if service then service.fields.domain_base = base end
   end
   local suffix = call.arguments.domain_suffix
   if suffix == "" then suffix = nil end
   call.arguments.domain_name = base .. (suffix and "-" .. suffix or "") .. ".twil.io"
   return true
end

serverless.deployments = {}

function serverless.deployments.before_create(sandbox, call)
   local sid = call.arguments.build_sid
   if not sid or sid == "" then return true end
   local build = sandbox.store:get(service_path(call.path) .. "/Builds/" .. sid)
   if not build then return nil, api_error.not_found("/Builds/" .. sid) end
   if build.fields.status ~= "completed" then
      return nil, api_error.new(400, 20001, "The build " .. sid .. " isn't complete")
   end
   return true
end

function serverless.deployments.after_create(sandbox, call, record)
   local environment = sandbox.store:get((call.path:gsub("/Deployments$", "")))
   environment.fields.build_sid = record.fields.build_sid
   return true
end

return serverless
