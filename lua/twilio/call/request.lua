-- call/request.lua: a bound operation -> the final request value.
--
-- Knows URLs, bodies, and the headers that every request has. Must not know resources, nor how a
-- request is sent.

local core = require "twilio.core"
local lazy = require "twilio.util.lazy"

local json = lazy "twilio.json" -- with the first JSON body
-- With the first region, edge or base_url, and the first headers of the caller's own.
local endpoint = lazy "twilio.call.endpoint"
local own_headers = lazy "twilio.call.headers"

local request = {}

--- The base URL of a product for this client: "https://api.twilio.com", or the configured base_url
-- in its place.
-- @param config (table) { region, edge, base_url }
-- @param host (string) "api.twilio.com"
function request.base(config, host)
   if config.region or config.edge or config.base_url then return endpoint.base(config, host) end
   return "https://" .. host
end

--- The product's host, for the gateway or the sandbox behind a base_url.
-- @return (string) moved to the client's region and edge; nil without a base_url
function request.original_host(config, host)
   if not config.base_url then return nil end
   return endpoint.host_for(config, host)
end

--- A URL with a query after it, or after the one that it has.
-- @param query (array | nil) pairs k1, v1, ...
function request.with_query(url, query)
   if not query or #query == 0 then return url end
   local rest, fragment = url:match("^([^#]*)(#?.*)$")
   return rest .. (rest:find("?", 1, true) and "&" or "?") .. core.form_encode(query, "%20")
      .. fragment
end

--- One pair of a query: "name=value", encoded.
function request.query_pair(name, value)
   return core.form_encode({ name, value }, "%20")
end

local function lua_name()
   local jit = core.global "jit"
   if jit then return "LuaJIT/" .. jit.version:gsub("^LuaJIT ", "") end
   return "Lua/" .. _VERSION:gsub("^Lua ", "")
end

--- The User-Agent header: "twilio-lua/VERSION (linux x86_64) Lua/5.4 ext/1.0".
-- @param extensions (array of strings | nil)
function request.user_agent(extensions)
   local platform = core.platform()
   local agent = ("twilio-lua/%s (%s) %s"):format(
      core.version, platform, (lua_name():gsub("%s+", "-")))
   for _, extension in ipairs(extensions or {}) do agent = agent .. " " .. extension end
   return agent
end

local has_body = { POST = true, PUT = true, PATCH = true }

local media_types = {
   form = "application/x-www-form-urlencoded",
   json = "application/json",
   scim = "application/scim+json",
}

local function standard_headers(config, op, host)
   local verb, media = op.verb, op.media
   return {
      ["User-Agent"] = config.user_agent,
      ["Accept-Charset"] = "utf-8",
      Accept = verb ~= "DELETE" and (media == "scim" and media_types.scim or media_types.json)
         or nil,
      ["Content-Type"] = has_body[verb] and media_types[media or "form"] or nil,
      ["X-Original-Host"] = request.original_host(config, host),
   }
end

local function encode_body(verb, bound)
   if bound.json ~= nil then return json.encode(bound.json) end
   if not has_body[verb] or not bound.form or #bound.form == 0 then return nil end
   return core.form_encode(bound.form)
end

--- Returns true if there is an Authorization header among these.
function request.has_authorization(headers)
   for name in pairs(headers) do
      if core.lower(name) == "authorization" then return true end
   end
   return false
end

local idempotent = { GET = true, HEAD = true, PUT = true, DELETE = true }

--- Builds a request.
-- @param config (table) the client's settings: user_agent, timeout, connect_timeout, max_retries,
--    retry_unsafe, region, edge, base_url
-- @param op (table) of operation.parse, or { verb, media = nil (form) | "json" | "scim" }
-- @param where (table) { url = absolute, host = the product's: "api.twilio.com", template = of the
--    URL, for logs }
-- @param bound (table) of operation.bind
-- @param options (table) per call: timeout and connect_timeout (seconds), max_retries,
--    retry_unsafe, retry_not_found, headers
-- @return (table) the request, without the client's Authorization
-- @return[2] nil, (string) the caller's mistake
function request.build(config, op, where, bound, options)
   local verb, headers, security = op.verb, standard_headers(config, op, where.host), op.auth
   local body, message = encode_body(verb, bound)
   if message then return nil, "the JSON body holds " .. message end
   if options.retry_not_found and verb ~= "GET" then
      return nil, "option 'retry_not_found' is for fetches"
   end
   -- Some operations take an Authorization of their own (Flex Insights): it stands before the
   -- client's.
   if bound.header or options.headers then
      local ok
      ok, message = own_headers.put(headers, bound.header)
      if ok then ok, message = own_headers.put(headers, options.headers) end
      if not ok then return nil, message end
      if request.has_authorization(headers) then security = "own" end
   end
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
      security = security,
   }
end

--- Another request like this one, for another URL.
-- @param final (table) of build; not changed
function request.at(final, url)
   local copy, headers = {}, {}
   for name, value in pairs(final) do copy[name] = value end
   for name, value in pairs(final.headers) do headers[name] = value end
   copy.url, copy.headers = url, headers
   return copy
end

return request
