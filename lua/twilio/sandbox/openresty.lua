-- sandbox/openresty.lua: a sandbox behind nginx's Lua module: for clients in any language, over
-- HTTP or TLS.
--
-- One worker process holds the sandbox (worker_processes 1); its clock is the real one.
-- examples/sandbox/nginx.conf shows the use. Must not know what operations do.

-- luacheck: globals ngx
local console = require "twilio.sandbox.console"
local core = require "twilio.core"
local curl = require "twilio.transport.curl"
local sandbox = require "twilio.sandbox"

local openresty = {}

local TICK, SAVE = 0.1, 1 -- seconds between looks at what is due, and between saves
local WEBHOOK_CONNECT, WEBHOOK_TOTAL = 5, 15 -- seconds; Twilio's own

local box, hosts

-- Its data in a file ------------------------------------------------------------------------------

local data_file
local saved = 0 -- box.changes at the last save

local function load_file(path)
   local file = io.open(path, "rb")
   if not file then return end
   local text = file:read("*a")
   file:close()
   local ok, why = box:load(text)
   if not ok then error(path .. " is " .. why, 0) end
end

-- It holds tokens: only its owner may read it.
local function save()
   if not data_file or box.changes == saved then return end
   saved = box.changes
   assert(core.write_private_file(data_file, box:dump()))
end

-- Differences of a served sandbox from one in a test ----------------------------------------------

local function webhook_sender(options)
   local transport
   return function(request)
      -- Made by the first webhook: a connection can't be opened before the workers are there.
      transport = transport or assert(curl.new(options, require "twilio.runtime.openresty"))
      local response, failure = transport:send {
         method = request.method, url = request.url, headers = request.headers, body = request.body ~= "" and request.body or nil,
         connect_timeout = WEBHOOK_CONNECT, timeout = WEBHOOK_TOTAL,
      }
      return response, failure and failure.message
   end
end

local function spawn(_, f)
   local ok, why = ngx.timer.at(0, function(premature)
      if not premature then f() end
   end)
   if not ok then ngx.log(ngx.ERR, "sandbox: ", why) end
end

local function pause(_, seconds) ngx.sleep(seconds) end

local function tick(premature)
   if not premature then box:advance_to(ngx.now()) end
end

--- Makes the worker's sandbox and lets its time pass; for init_worker_by_lua.
-- @param options (table | nil) those of sandbox.new, and file = where its data is kept across
--    restarts (nil: it isn't), ca_file = PEM file of authorities that webhooks over https may be
--    signed by, hosts = array of names by which the sandbox is called, beside localhost, loopback
--    addresses and Twilio's own (others are refused: a page's DNS can point anywhere)
-- @return (sandbox)
function openresty.start(options)
   local own = { now = ngx.now(), webhook = webhook_sender { ca_file = options and options.ca_file } }
   for name, value in pairs(options or {}) do
      if name ~= "file" and name ~= "ca_file" and name ~= "hosts" then own[name] = value end
   end
   box, data_file, hosts = sandbox.new(own), options and options.file, options and options.hosts
   box.spawn, box.pause = spawn, pause
   if data_file then load_file(data_file) end
   saved = -1 -- what is there may have been readable for all
   assert(ngx.timer.every(TICK, tick))
   assert(ngx.timer.every(SAVE, save))
   return box
end

--- Saves what isn't saved yet; for exit_worker_by_lua.
function openresty.stop() save() end

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

local function is_twilio(host) return host ~= nil and host:find("twilio%.com") ~= nil end

-- Clients that can only change their base URL name the product in front of the path
-- (/verify.twilio.com/v2/...); with nothing said, it is api.twilio.com, the oldest and most used.
local function product_of(headers, uri)
   if is_twilio(headers["x-original-host"]) then return headers["x-original-host"], uri end
   if is_twilio(headers.host) then return headers.host, uri end
   local host, rest = uri:match("^/([A-Za-z0-9.-]*twilio%.com)(/.*)$")
   return host or "api.twilio.com", rest or uri
end

-- A repeated header is one with all values: who looks for one value doesn't find it.
local function headers_of()
   local headers = ngx.req.get_headers(0)
   for name, value in pairs(headers) do
      if type(value) == "table" then headers[name] = table.concat(value, ", ") end
   end
   return headers
end

local function api_request(request)
   local host, uri = product_of(request.headers, request.url)
   request.headers["x-original-host"] = host
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

--- Answers the current request; for content_by_lua.
function openresty.handle()
   box:advance_to(ngx.now())
   local request = { method = ngx.req.get_method(), url = ngx.var.request_uri, headers = headers_of(), body = read_body() }
   answer(console.answer(box, request, hosts) or box:send(api_request(request)))
end

return openresty
