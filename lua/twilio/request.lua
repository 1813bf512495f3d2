-- request.lua: a bound operation -> the final request value (DESIGN 3.1).
--
-- Builds on the C core's encoders and json; pure: no I/O, no clock. Knows hosts, regions and edges, URLs, and the
-- headers that every request has. Must not know resources, nor how a request is sent.

local core = require "twilio.core"
local lazy = require "twilio.lazy"
local version = require "twilio.version"

local json = lazy "twilio.json"

local request = {}

local function join(labels)
   local present = {}
   for _, label in ipairs(labels) do
      if label and label ~= "" then present[#present + 1] = label end
   end
   return table.concat(present, ".")
end

--- A Twilio host moved to a region and an edge: api.twilio.com -> api.dublin.ie1.twilio.com.
-- @param host (string) product[.edge][.region].twilio.com
-- @param region, edge (string | nil) the configured ones; they win over those in the host
function request.host(host, region, edge)
   local labels = {}
   for label in host:gmatch("[^.]+") do labels[#labels + 1] = label end
   local n = #labels
   if n < 3 then return host end
   local host_region = n == 4 and labels[2] or n >= 5 and labels[3] or nil
   local host_edge = n >= 5 and labels[2] or nil
   edge = edge or host_edge
   region = region or host_region or (edge and "us1") or nil
   return join { labels[1], edge or false, region or false, labels[n - 1], labels[n] }
end

--- Splits an absolute URL. @return scheme, host (without port and user), rest ("/path?query"), authority; or nil
function request.split(url)
   local scheme, authority, rest = url:match("^(%a[%w+.-]*)://([^/?#]*)(.*)$")
   if not scheme then return nil end
   local host = authority:match("@([^@]*)$") or authority
   host = host:match("^%[[^%]]*%]") or host:match("^[^:]*")
   return scheme:lower(), host, rest, authority
end

local function new_base(config, host)
   if not config.base_url then return "https://" .. request.host(host, config.region, config.edge) end
   return (config.base_url:gsub("{host}", (host:gsub("%%", "%%%%"))))
end

-- settings -> host -> base: worked out once, as it is the same for each request.
local bases = setmetatable({}, { __mode = "k" })

--- Where a product lives for this client: "https://api.twilio.com", or the configured base_url in its place.
-- @param config (table) { region, edge, base_url }
-- @param host (string) "api.twilio.com"
function request.base(config, host)
   local known = bases[config]
   if not known then
      known = {}
      bases[config] = known
   end
   if not known[host] then known[host] = new_base(config, host) end
   return known[host]
end

--- A URL with a query after it, or after the one that it has.
-- @param query (array | nil) pairs k1, v1, ...
function request.with_query(url, query)
   if not query or #query == 0 then return url end
   local rest, fragment = url:match("^([^#]*)(#?.*)$")
   return rest .. (rest:find("?", 1, true) and "&" or "?") .. core.form_encode(query, "%20") .. fragment
end

local function is_twilio(host)
   host = host:lower()
   return host == "twilio.com" or host:sub(-11) == ".twilio.com"
end

-- The configured base_url is ours whatever its host is.
local function is_base(config, scheme, host, authority)
   if not config.base_url then return false end
   local base_scheme, _, _, base_authority = request.split(request.base(config, host))
   return scheme == base_scheme and authority == base_authority
end

--- An absolute URL that the API sent (a next page) or the caller gave, for this client's region, edge or base_url.
-- @return (string) the URL to call, (string) the product's host
-- @return[2] nil, (string) why credentials must not go there
function request.own_url(config, url)
   local scheme, host, rest, authority = request.split(url)
   if not scheme then return nil, "it isn't an absolute URL" end
   if url:find("[%z\1-\32\127]") then return nil, "it holds a space or a control character" end
   if is_base(config, scheme, host, authority) then return url, host end
   if not is_twilio(host) then return nil, "the host " .. host .. " isn't Twilio's" end
   if scheme ~= "https" then return nil, "it isn't https" end
   if authority ~= host and authority ~= host .. ":443" then return nil, "it has a user name or a port" end
   return request.base(config, host) .. rest, host
end

--- One pair of a query: "name=value", encoded.
function request.query_pair(name, value)
   return core.form_encode({ name, value }, "%20")
end

local function lua_name()
   if type(jit) == "table" then return "LuaJIT/" .. jit.version:gsub("^LuaJIT ", "") end
   return "Lua/" .. _VERSION:gsub("^Lua ", "")
end

--- The User-Agent header: "twilio-lua/0.1.0 (linux x86_64) Lua/5.4 ext/1.0".
-- @param extensions (array of strings | nil)
function request.user_agent(extensions)
   local platform = core.platform()
   local agent = ("twilio-lua/%s (%s) %s"):format(version, platform, (lua_name():gsub("%s+", "-")))
   for _, extension in ipairs(extensions or {}) do agent = agent .. " " .. extension end
   return agent
end

local has_body = { POST = true, PUT = true, PATCH = true }

local media_types = {
   form = "application/x-www-form-urlencoded",
   json = "application/json",
   scim = "application/scim+json",
}

local header_types = { string = true, number = true, boolean = true }

-- A line break in a header would start another one, or the body.
local function check_header(name, value)
   if type(name) ~= "string" or not name:find("^[%w!#$&'*+.^_`|~-]+$") then
      return nil, ("'%s' can't be a header's name"):format(tostring(name))
   end
   if not header_types[type(value)] then return nil, ("the header '%s' is a %s, expected text"):format(name, type(value)) end
   if tostring(value):find("[%z\r\n]") then return nil, ("the header '%s' holds a line break or a NUL"):format(name) end
   return true
end

--- Can these be sent as headers?
-- @param headers (table | nil) name -> text, number or boolean
-- @return true; or nil, (string) the caller's mistake
function request.check_headers(headers)
   if not headers then return true end
   for name, value in pairs(headers) do
      local ok, why = check_header(name, value)
      if not ok then return nil, why end
   end
   return true
end

--- Puts the caller's own headers over those that are there, however they are capitalised.
-- @return true, or nil, (string) the caller's mistake
function request.put_headers(headers, extra)
   if not extra or next(extra) == nil then return true end
   local ok, why = request.check_headers(extra)
   if not ok then return nil, why end
   for name, value in pairs(extra) do
      for present in pairs(headers) do
         if present:lower() == name:lower() then headers[present] = nil end
      end
      headers[name] = tostring(value)
   end
   return true
end

local function standard_headers(config, op, host, authorization)
   local verb, media = op.verb, op.media
   return {
      ["User-Agent"] = config.user_agent,
      ["Accept-Charset"] = "utf-8",
      Accept = verb ~= "DELETE" and (media == "scim" and media_types.scim or media_types.json) or nil,
      ["Content-Type"] = has_body[verb] and media_types[media or "form"] or nil,
      ["X-Original-Host"] = config.base_url and host,
      Authorization = authorization,
   }
end

local function encode_body(verb, bound)
   if bound.json ~= nil then return json.encode(bound.json) end
   if not has_body[verb] or not bound.form or #bound.form == 0 then return nil end
   return core.form_encode(bound.form)
end

local secret_headers = { authorization = true, ["proxy-authorization"] = true, ["twilio-client-validation"] = true }

--- A copy of a request with other fields: a request itself is final.
-- @param changes (table) name -> value
function request.with(final, changes)
   local copy = {}
   for name, value in pairs(final) do copy[name] = value end
   for name, value in pairs(changes) do copy[name] = value end
   return copy
end

--- A copy of a request with one header set.
function request.with_header(final, name, value)
   local headers = request.with(final.headers, { [name] = value })
   return request.with(final, { headers = headers })
end

--- A copy of a request that may be shown and kept: without what authenticates, and without a confidential body.
-- @param final (table) of request.build
function request.without_secrets(final)
   local shown = request.with(final, { headers = {} })
   for name, value in pairs(final.headers or {}) do
      shown.headers[name] = secret_headers[name:lower()] and "(hidden)" or value
   end
   if final.confidential then shown.body = "(hidden)" end
   return shown
end

local idempotent = { GET = true, HEAD = true, PUT = true, DELETE = true }

--- Builds a request.
-- @param config (table) the client's settings: user_agent, timeout, connect_timeout, max_retries, retry_unsafe, region, edge, base_url
-- @param op (table) of operation.parse, or { verb, media = nil (form) | "json" | "scim" }
-- @param where (table) { url = absolute, host = the product's: "api.twilio.com", template = of the URL, for logs }
-- @param bound (table) of operation.bind
-- @param options (table) per call: timeout and connect_timeout (seconds), max_retries, retry_unsafe, retry_not_found, headers
-- @param authorization (string | nil) the header's value
-- @return (table) the request
-- @return[2] nil, (string) the caller's mistake
function request.build(config, op, where, bound, options, authorization)
   local verb, headers = op.verb, standard_headers(config, op, where.host, authorization)
   local body, why = encode_body(verb, bound)
   if why then return nil, "the JSON body holds " .. why end
   if options.retry_not_found and verb ~= "GET" then return nil, "option 'retry_not_found' is for fetches" end
   -- Some operations take an Authorization of their own (Flex Insights): it stands before the client's.
   local ok, wrong = request.put_headers(headers, bound.header)
   if ok then ok, wrong = request.put_headers(headers, options.headers) end
   if not ok then return nil, wrong end
   local unsafe = options.retry_unsafe
   if unsafe == nil then unsafe = config.retry_unsafe end
   return {
      method = verb,
      url = request.with_query(where.url, bound.query),
      headers = headers,
      body = body,
      timeout = options.timeout or config.timeout,
      connect_timeout = options.connect_timeout or config.connect_timeout,
      max_retries = options.max_retries or config.max_retries,
      idempotent = idempotent[verb] or unsafe or false,
      retry_not_found = options.retry_not_found or nil,
      template = where.template,
   }
end

return request
