-- sandbox/http/context.lua: a request -> a call: the operation it means, who asks, and the path of
-- what it is about.
--
-- Everything that the API refuses before it looks at a resource is refused here, in the API's
-- order: path, method, credentials, arguments. Must not know what operations do.

local api_error = require "twilio.sandbox.http.api_error"
local arguments = require "twilio.sandbox.http.arguments"
local canonical_path = require "twilio.sandbox.http.canonical_path"
local codes = require "twilio.sandbox.http.codes"
local core = require "twilio.core"
local router = require "twilio.sandbox.http.router"
local schemas = require "twilio.sandbox.schema.schemas"

local context = {}

local function lower_names(headers)
   local lower = {}
   for name, value in pairs(headers or {}) do lower[core.lower(name)] = value end
   return lower
end

local function decode(segment)
   if not segment:find("%", 1, true) then return segment end
   return (segment:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

-- The authority of an absolute URL (nil: it is none), and what follows it but the fragment.
local function split(url)
   local first, last = url:find("://", 1, true)
   if not first or not url:sub(1, first - 1):find("^[A-Za-z][A-Za-z0-9+.-]*$") then
      return nil, url
   end
   local stop = url:find("[/?#]", last + 1) or #url + 1
   local fragment = url:find("#", stop, true) or #url + 1
   return url:sub(last + 1, stop - 1), url:sub(stop, fragment - 1)
end

--- Takes a request apart. The product is the host that the client meant:
-- X-Original-Host, where a gateway or a base_url stands between, else the URL's.
-- @return (table) { method, url, host, path, query, headers = by lower-case name, body }
function context.parse(request)
   local headers = lower_names(request.headers)
   local authority, rest = split(request.url)
   local mark = rest:find("?", 1, true)
   local path, query = rest, ""
   if mark then path, query = rest:sub(1, mark - 1), rest:sub(mark + 1) end
   return {
      method = request.method, url = request.url,
      host = headers["x-original-host"] or authority or headers.host or "",
      path = path, query = query, headers = headers, body = request.body,
   }
end

--- The path below which a call's resource or an ancestor is kept: "verify/v2/Services/VA...".
-- Subaccounts have theirs apart: "verify@AC.../v2/Services/VA...".
-- @param place (table) the resource's, or an ancestor's
-- @return (string), (boolean | nil) true: it is kept with others of its kind
function context.kept_path(call, place)
   local path = table.concat(call.segments, "/", 1, place.depth)
   if path:find("%", 1, true) then
      local segments = {}
      for i = 1, place.depth do segments[i] = decode(call.segments[i]):gsub("/", "%%2F") end
      path = table.concat(segments, "/")
   end
   path = call.product .. call.scope .. "/" .. path
   if not canonical_path.may_change(place, call.product) then return path end
   return canonical_path.of(path)
end

-- The routes of paths that were asked for lately: most programs send to few.
local routes, routes_count = {}, 0
local MOST_ROUTES = 1000

-- @return (table) router.find's, with decoded values; nil: there is none
local function route_of(host, path)
   local known = routes[host] and routes[host][path]
   if known then return known end
   local found = router.find(host, path)
   if not found then return nil end
   for i, value in ipairs(found.values) do found.values[i] = decode(value) end
   if routes_count >= MOST_ROUTES then routes, routes_count = {}, 0 end
   routes[host] = routes[host] or {}
   routes[host][path], routes_count = found, routes_count + 1
   return found
end

-- A call's segments and values are its own: behaviours put names' SIDs into them.
local function locate(call, request)
   local found = route_of(request.host, request.path)
   if not found then return nil, api_error.not_found(request.path) end
   local segments, values = {}, {}
   for i, segment in ipairs(found.segments) do segments[i] = segment end
   for i, value in ipairs(found.values) do values[i] = value end
   call.place, call.segments, call.values = found.place, segments, values
   return true
end

-- Fields of the answer that the path says: account_sid, service_sid, ...
local function path_fields(call)
   local fields = {}
   for i, field in ipairs(call.endpoint.fields) do fields[field] = call.values[i] end
   return fields
end

local function choose_endpoint(call, endpoint)
   call.endpoint, call.op, call.product = endpoint, endpoint.op, endpoint.version.host
   call.path_fields = path_fields(call)
end

local function find_operation(call, request)
   local ok, err = locate(call, request)
   if not ok then return nil, err end
   local endpoint = call.place.verbs[request.method]
   choose_endpoint(call, endpoint or select(2, next(call.place.verbs)))
   if not endpoint then return nil, api_error.wrong_method(request.method) end
   return true
end

-- Resources that only an account itself and its main keys manage.
local guarded = {
   ["api/Accounts/{}/Keys"] = true, ["api/Accounts/{}/SigningKeys"] = true, ["iam/Keys"] = true,
   ["accounts/AuthTokens/Promote"] = true, ["accounts/AuthTokens/Secondary"] = true,
}

local function is_guarded(endpoint, method)
   return guarded[endpoint.name] or endpoint.name == "api/Accounts" and method ~= "GET"
end

local function authenticate(call, sandbox, request)
   local accounts = sandbox.accounts
   local who, err, is_standard = accounts:authenticate(request.headers.authorization, call.op.auth)
   if err then return nil, err end
   if is_standard and is_guarded(call.endpoint, request.method) then
      return nil, api_error.unauthorized "a standard API key can't be used for this resource"
   end
   local in_path = call.product == "api" and call.values[1]
   if in_path and not sandbox.accounts:may_use(who, in_path) then
      return nil, api_error.not_found(request.path)
   end
   call.account_sid = in_path or who or sandbox:some_account()
   sandbox:know_account(call.account_sid)
   return true
end

local function read_arguments(call, sandbox, request)
   local constraints = schemas.of_request(call.endpoint.file, call.endpoint.schema_key)
   call.ignored = not sandbox.options.strict and {} or nil
   local given, err, missing = arguments.read(call.op, request, constraints, call.ignored)
   if given then
      call.arguments = given
      return true
   end
   return nil, missing and codes.missing(call.endpoint, missing) or err
end

local function addresses(call, sandbox)
   local extension = call.endpoint.version.ext or ""
   local path = "/" .. table.concat(call.segments, "/")
   call.base, call.extension = "https://" .. call.product .. ".twilio.com", extension
   call.uri, call.url = path .. extension, call.base .. path .. extension
   -- In api v2010 the account is in the path already.
   call.scope = call.product ~= "api" and sandbox.accounts:scope(call.account_sid) or ""
   call.path, call.shared = context.kept_path(call, call.place)
end

--- A path of the store as that of a URL: percent-encoded, without the product and an extension.
function context.uri_of(path)
   local rest = path:match("^[^/]*(.*)$"):gsub("[^/]+", function(segment)
      return (core.percent_encode(segment):gsub("%%252F", "%%2F"))
   end)
   return rest
end

--- A call that nobody made, about the resource at a URL: for what is to be there without a request.
-- @return (table), as far as it is known without arguments
-- @return[2] nil, (string) why there can be no such resource
function context.about(sandbox, url)
   local call = { request = context.parse { url = url }, arguments = {} }
   if not locate(call, call.request) then return nil, "the API has no resource at " .. url end
   choose_endpoint(call, call.place.verbs.GET or select(2, next(call.place.verbs)))
   call.account_sid = call.product == "api" and call.values[1] or sandbox:some_account()
   addresses(call, sandbox)
   return call
end

--- The same about an ancestor, at `depth` segments.
function context.above(sandbox, call, depth)
   local path = "/" .. table.concat(call.segments, "/", 1, depth)
   return context.about(sandbox, call.base .. path .. call.extension)
end

--- Makes the call of a request.
-- @param sandbox (Sandbox)
-- @param request (table) of context.parse
-- @return (table) { request, place, endpoint, op, product, segments, values, path_fields,
--    account_sid, arguments, ignored = names of parameters that the operation doesn't know (nil:
--    they are refused), path, shared, scope, uri, url, base, extension }; as much of it as is
--    known, also when the API refuses the request
-- @return (table | nil) the API error
function context.new(sandbox, request)
   local call = { request = request }
   local ok, err = find_operation(call, request)
   if ok then ok, err = authenticate(call, sandbox, request) end
   if ok then
      addresses(call, sandbox)
      ok, err = read_arguments(call, sandbox, request)
   end
   if not ok then return call, err end
   return call
end

return context
