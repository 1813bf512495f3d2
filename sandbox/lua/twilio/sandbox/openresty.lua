-- sandbox/openresty.lua: a sandbox behind nginx's Lua module: for clients in any language, over
-- HTTP or TLS.
--
-- One worker process holds the sandbox (worker_processes 1); its clock is the real one, and as far
-- ahead of it as commands moved it.
-- examples/sandbox/nginx.conf shows the use. Must not know what operations do.

-- luacheck: globals ngx
local api_error = require "twilio.sandbox.http.api_error"
local console = require "twilio.sandbox.server.console"
local core = require "twilio.core"
local curl = require "twilio.transport.curl"
local guard = require "twilio.sandbox.server.guard"
local sandbox = require "twilio.sandbox"

local openresty = {}

local TICK, SAVE = 0.1, 1 -- seconds between looks at what is due, and between saves
local box
local hosts -- set of names by which it may be called, beside those of this machine and Twilio's

-- Its data in a file ------------------------------------------------------------------------------

local data_file
local saved = -1 -- box.changes at the last save

-- The file holds tokens: one that others may read is made private first, and a symbolic link isn't
-- followed.
local function load_file(path)
   local is_there, message = core.make_private(path)
   if is_there == nil and message == "it is a symbolic link" then
      ngx.log(ngx.ERR, "sandbox: ", path, " is a symbolic link: a file takes its place")
      return
   end
   if is_there == nil then error(path .. ": " .. message, 0) end
   if not is_there then return end
   local file = assert(io.open(path, "rb"))
   local text = file:read("*a")
   file:close()
   local ok
   ok, message = box:load(text)
   if not ok then error(path .. " is " .. message, 0) end
end

-- A save that fails is tried again by the next tick.
local function save()
   if not data_file or box.changes == saved then return end
   local changes = box.changes
   assert(core.write_private_file(data_file, box:dump()))
   saved = changes
end

-- Differences of a served sandbox from one in a test ----------------------------------------------

-- libcurl's codes of failures to find a host, and to agree on TLS
local kinds = {
   [6] = "host", [35] = "tls", [51] = "tls", [53] = "tls", [54] = "tls", [58] = "tls",
   [59] = "tls", [60] = "tls", [66] = "tls", [77] = "tls", [83] = "tls", [90] = "tls", [91] = "tls",
}

-- The kind of a webhook's failure, as http/webhook.lua has them.
local function kind_of(err)
   if kinds[err.curl_code] then return kinds[err.curl_code] end
   if err.kind == "config" then return "url" end
   if err.sent == false then return "connect" end
   return err.kind == "timeout" and "timeout" or "protocol"
end

local function webhook_sender(options)
   local transport
   return function(request)
      -- Made by the first webhook: a connection can't be opened before the workers are there.
      transport = transport or assert(curl.new(options, require "twilio.runtime.openresty"))
      local response, err = transport:send {
         method = request.method, url = request.url, headers = request.headers,
         body = request.body ~= "" and request.body or nil,
         connect_timeout = math.min(request.connect_timeout, request.timeout),
         timeout = request.timeout,
      }
      if response then return response end
      return nil, err.message, kind_of(err)
   end
end

local function spawn(_, f)
   local ok, message = ngx.timer.at(0, function(premature)
      if premature then return end
      f()
      box.changes = box.changes + 1
   end)
   if not ok then ngx.log(ngx.ERR, "sandbox: ", message) end
end

local function pause(_, seconds) ngx.sleep(seconds) end

local function tick(premature)
   if not premature then box:advance_to(box.clock:at(ngx.now())) end
end

local own_options = { file = true, ca_file = true, hosts = true }

--- Makes the worker's sandbox and lets its time pass; for init_worker_by_lua.
-- @param options (table | nil) those of sandbox.new (`strict` is false here unless it is given),
-- and
--    file = path where its data is kept across restarts (nil: it isn't). The file holds tokens, so
--       it gets mode 0600; its folder should have 0700. A symbolic link isn't followed
--    ca_file = PEM file of authorities that webhooks over https may be signed by
--    hosts = array of names without ports by which the sandbox may be called, beside localhost and
--       the names below it, loopback addresses, and names of twilio.com: { "sandbox" }. Requests
--       with another Host or X-Original-Host get 403, as a web page can let its own name resolve to
--       this machine
-- @return (sandbox)
function openresty.start(options)
   options = options or {}
   local names, message = guard.hosts(options.hosts)
   if not names then error(message, 2) end
   local own = {
      strict = false, now = ngx.now(), webhook = webhook_sender { ca_file = options.ca_file },
   }
   for name, value in pairs(options) do
      if not own_options[name] then own[name] = value end
   end
   box, hosts = sandbox.new(own), names
   box.spawn, box.pause, box.is_served = spawn, pause, true
   if options.file then load_file(options.file) end
   data_file = options.file -- only now: a file that couldn't be loaded isn't overwritten
   assert(ngx.timer.every(TICK, tick))
   assert(ngx.timer.every(SAVE, save))
   return box
end

--- Saves what isn't saved yet; for exit_worker_by_lua.
function openresty.stop() save() end

-- The sandbox itself compares revisions; nginx would do so again with the changed resource's ETag,
-- and put its own answer in place of the sandbox's.
local function clear_conditions()
   for _, name in ipairs {
      "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since",
   } do
      ngx.req.clear_header(name)
   end
end

-- Requests ----------------------------------------------------------------------------------------

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

-- Clients that can only change their base URL name the product in front of the path
-- (/verify.twilio.com/v2/...); with nothing said, it is api.twilio.com, the oldest and most used.
local function product_of(headers, uri)
   if guard.is_twilio(headers["x-original-host"]) then return headers["x-original-host"], uri end
   if guard.is_twilio(headers.host) then return headers.host, uri end
   local host, rest = uri:match("^/([A-Za-z0-9.-]+)(/.*)$")
   if guard.is_twilio(host) then return host, rest end
   return "api.twilio.com", uri
end

-- A repeated header is one with all values: who looks for one value doesn't find it.
local function joined(headers)
   for name, value in pairs(headers) do
      if type(value) == "table" then headers[name] = table.concat(value, ", ") end
   end
   return headers
end

local function api_request(request)
   local headers = joined(request.headers)
   local host, uri = product_of(headers, request.url)
   headers["x-original-host"] = host
   request.url = "https://" .. host .. uri
   return request
end

local function answer(response)
   -- A fault: the connection is closed without a word.
   if not response then return ngx.exit(444) end
   ngx.status = response.status
   for name, value in pairs(response.headers) do ngx.header[name] = value end
   if response.status ~= 204 then ngx.header.content_length = #response.body end
   if ngx.req.get_method() ~= "HEAD" then ngx.print(response.body) end
end

local function api_response(request)
   local ok, message = guard.api(request.headers, hosts)
   if not ok then return api_error.response(api_error.new(403, 20403, message)) end
   return box:send(api_request(request))
end

--- Answers the current request; for content_by_lua.
function openresty.handle()
   box:advance_to(box.clock:at(ngx.now()))
   local headers = ngx.req.get_headers(0)
   headers.host = headers.host or ""
   clear_conditions()
   local request = {
      method = ngx.req.get_method(), url = ngx.var.request_uri, headers = headers,
      body = read_body(),
   }
   answer(console.answer(box, request, hosts) or api_response(request))
end

return openresty
