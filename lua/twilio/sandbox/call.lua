-- sandbox/call.lua: a request -> a call: the operation it means, who asks, and the path of what it
-- is about.
--
-- Everything that the API refuses before it looks at a resource is refused here, in the API's
-- order: path, method, credentials, arguments. Must not know what operations do.

local arguments = require "twilio.sandbox.arguments"
local codes = require "twilio.sandbox.codes"
local core = require "twilio.core"
local kin = require "twilio.sandbox.kin"
local problem = require "twilio.sandbox.problem"
local router = require "twilio.sandbox.router"
local shape = require "twilio.sandbox.shape"

local call = {}

local function lower_names(headers)
   local lower = {}
   for name, value in pairs(headers or {}) do lower[core.lower(name)] = value end
   return lower
end

local function decode(segment)
   return (segment:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

--- Takes a request apart. The product is the host that the client meant:
-- X-Original-Host, where a gateway or a base_url stands between, else the URL's.
-- @return (table) { method, url, host, path, query, headers = by lower-case name, body }
function call.parse(request)
   local headers = lower_names(request.headers)
   local authority, rest = request.url:match("^[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)([^#]*)")
   local path, query = (rest or request.url):match("^([^?]*)%??(.*)$")
   return {
      method = request.method, url = request.url, host = headers["x-original-host"] or authority or headers.host or "",
      path = path, query = query, headers = headers, body = request.body,
   }
end

--- The path below which a call's resource or, with fewer segments, its ancestor is kept:
-- "verify/v2/Services/VA...". Subaccounts have theirs apart: "verify@AC.../v2/Services/VA...".
-- @return (string), (boolean | nil) true: it is kept with others of its kind
function call.kept_path(it, depth)
   local segments = {}
   for i = 1, depth do segments[i] = decode(it.segments[i]):gsub("/", "%%2F") end
   return kin.canonical(it.product .. it.scope .. "/" .. table.concat(segments, "/"))
end

local function locate(it, request)
   local found = router.find(request.host, request.path)
   if not found then return nil, problem.not_found(request.path) end
   it.place, it.segments, it.values = found.place, found.segments, {}
   for i, value in ipairs(found.values) do it.values[i] = decode(value) end
   return true
end

-- Fields of the answer that the path says: account_sid, service_sid, ...
local function path_fields(it)
   local fields = {}
   for i, field in ipairs(it.endpoint.fields) do fields[field] = it.values[i] end
   return fields
end

local function choose_endpoint(it, endpoint)
   it.endpoint, it.op, it.product = endpoint, endpoint.op, endpoint.version.host
   it.path_fields = path_fields(it)
end

local function find_operation(it, request)
   local ok, wrong = locate(it, request)
   if not ok then return nil, wrong end
   local endpoint = it.place.verbs[request.method]
   choose_endpoint(it, endpoint or select(2, next(it.place.verbs)))
   if not endpoint then return nil, problem.wrong_method(request.method) end
   return true
end

local function authenticate(it, world, request)
   local who, wrong = world.accounts:authenticate(request.headers.authorization, it.op.auth)
   if wrong then return nil, wrong end
   local in_path = it.product == "api" and it.values[1]
   if in_path and not world.accounts:may_use(who, in_path) then return nil, problem.not_found(request.path) end
   it.account_sid = in_path or who or world:some_account()
   world:know_account(it.account_sid)
   return true
end

local function read_arguments(it, request)
   local shapes = shape.of_request(it.endpoint.file, it.endpoint.shape)
   local given, wrong, missing = arguments.read(it.op, request, shapes)
   if given then
      it.arguments = given
      return true
   end
   return nil, missing and codes.missing(it.endpoint, missing) or wrong
end

local function addresses(it, world)
   local extension = it.endpoint.version.ext or ""
   local path = "/" .. table.concat(it.segments, "/")
   it.base, it.extension = "https://" .. it.product .. ".twilio.com", extension
   it.uri, it.url = path .. extension, it.base .. path .. extension
   -- In api v2010 the account is in the path already.
   it.scope = it.product ~= "api" and world.accounts:is_owned(it.account_sid) and "@" .. it.account_sid or ""
   it.path, it.shared = call.kept_path(it, #it.segments)
end

--- The URL path of a kept record, percent-encoded and with its extension.
function call.uri_of(it, path)
   local rest = path:match("^[^/]*(/.*)$"):gsub("[^/]+", function(segment)
      return (core.percent_encode(segment):gsub("%%252F", "%%2F"))
   end)
   return rest .. it.extension
end

--- A call that nobody made, about the resource at a URL: for what is to be there without a request.
-- @return (table), as far as it is known without arguments
-- @return[2] nil, (string) why there can be no such resource
function call.about(world, url)
   local it = { request = call.parse { url = url }, arguments = {} }
   if not locate(it, it.request) then return nil, "the API has no resource at " .. url end
   choose_endpoint(it, it.place.verbs.GET or select(2, next(it.place.verbs)))
   it.account_sid = it.product == "api" and it.values[1] or world:some_account()
   addresses(it, world)
   return it
end

--- The same about an ancestor, at `depth` segments.
function call.above(world, it, depth)
   local path = "/" .. table.concat(it.segments, "/", 1, depth)
   return call.about(world, it.base .. path .. it.extension)
end

--- Makes the call of a request.
-- @param world (table) the sandbox
-- @param request (table) of call.parse
-- @return (table) { request, place, endpoint, op, product, segments, values, path_fields,
--    account_sid, arguments, path, shared, scope, uri, url, base, extension }; as much of it as is
--    known, also when there is a problem
-- @return (table | nil) the problem
function call.new(world, request)
   local it = { request = request }
   local ok, wrong = find_operation(it, request)
   if ok then ok, wrong = authenticate(it, world, request) end
   if ok then
      addresses(it, world)
      ok, wrong = read_arguments(it, request)
   end
   if not ok then return it, wrong end
   return it
end

return call
