-- sandbox/openresty.lua: a sandbox behind nginx's Lua module: for clients in any language, over HTTP or TLS.
--
-- Builds on sandbox and nginx's Lua API. One worker process holds the sandbox (worker_processes 1); its clock is the real one.
-- examples/sandbox/nginx.conf shows the use. Must not know what operations do.

-- luacheck: globals ngx
local sandbox = require "twilio.sandbox"

local openresty = {}

local TICK = 0.1 -- seconds between looks at what is due

local box

local function tick(premature)
   if premature then return end
   box:advance_to(ngx.now())
end

--- Makes the worker's sandbox and lets its time pass; for init_worker_by_lua.
-- @param options (table | nil) of sandbox.new
function openresty.start(options)
   local all = { now = ngx.now() }
   for name, value in pairs(options or {}) do all[name] = value end
   box = sandbox.new(all)
   assert(ngx.timer.every(TICK, tick))
   return box
end

-- nginx keeps large bodies in a file.
local function read_body()
   ngx.req.read_body()
   local body, path = ngx.req.get_body_data(), ngx.req.get_body_file()
   if body or not path then return body end
   local file = assert(io.open(path, "rb"))
   body = file:read("*a")
   file:close()
   return body
end

local function is_twilio(host) return host ~= nil and host:find("twilio%.com") ~= nil end

-- Clients that can only change their base URL name the product in front of the path (/verify.twilio.com/v2/...); with nothing said, it is
-- api.twilio.com, the oldest and most used.
local function product_of(headers, uri)
   if is_twilio(headers["x-original-host"]) then return headers["x-original-host"], uri end
   if is_twilio(headers.host) then return headers.host, uri end
   local host, rest = uri:match("^/([%w.-]*twilio%.com)(/.*)$")
   return host or "api.twilio.com", rest or uri
end

local function request_of()
   local headers = ngx.req.get_headers(0)
   local host, uri = product_of(headers, ngx.var.request_uri)
   headers["x-original-host"] = host
   return { method = ngx.req.get_method(), url = "https://" .. host .. uri, headers = headers, body = read_body() }
end

local function answer(response)
   ngx.status = response.status
   for name, value in pairs(response.headers) do ngx.header[name] = value end
   if response.status ~= 204 then ngx.header.content_length = #response.body end
   if ngx.req.get_method() ~= "HEAD" then ngx.print(response.body) end
end

--- Answers the current request; for content_by_lua.
function openresty.handle()
   box:advance_to(ngx.now())
   answer(box:send(request_of()))
end

return openresty
