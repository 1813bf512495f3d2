-- sandbox/openresty.lua: a sandbox behind nginx's Lua module: for clients in any language, over
-- HTTP or TLS.
--
-- One worker process holds the sandboxes of all namespaces (worker_processes 1); their clocks are
-- the real one, and as far ahead of it as commands moved them.
-- examples/sandbox/nginx.conf shows the use. Must not know what operations do.

-- luacheck: globals ngx
local api_error = require "twilio.sandbox.http.api_error"
local commands = require "twilio.sandbox.test.commands"
local console = require "twilio.sandbox.server.console"
local core = require "twilio.core"
local curl = require "twilio.transport.curl"
local guard = require "twilio.sandbox.server.guard"
local json = require "twilio.json"
local namespaces = require "twilio.sandbox.server.namespaces"
local sandbox = require "twilio.sandbox"

local openresty = {}

local TICK, SAVE = 0.1, 1 -- seconds between looks at what is due, and between saves
local MOST = 64 -- namespaces, unless start is told another number
local STREAMS = 32 -- of events at a time: each is a connection
local BEAT, LOOK = 5, 0.1 -- seconds between an idle stream's events, and between looks at the state

local default -- the sandbox of the namespace "default"
local all -- the sandboxes by namespace
local hosts -- set of names by which it may be called, beside those of this machine and Twilio's

-- Its data in a file ------------------------------------------------------------------------------

local data_file -- path of the default's; nil: nothing is kept

-- data.json -> data@NAME.json, and the list of all of them, which is no namespace's name.
local function file_of(name)
   if name == namespaces.DEFAULT then return data_file end
   return (data_file:gsub("%.json$", "")) .. "@" .. name .. ".json"
end

local function list_file() return (data_file:gsub("%.json$", "")) .. ".namespaces.json" end

-- A file holds tokens: one that others may read is made private first, and a symbolic link isn't
-- followed.
-- @return (string) its text; nil: there is none
-- @return[2] nil, (string) why it can't be used
local function read_private(path)
   local is_there, message = core.make_private(path)
   if is_there == nil and message == "it is a symbolic link" then
      ngx.log(ngx.ERR, "sandbox: ", path, " is a symbolic link: a file takes its place")
      return nil
   end
   if is_there == nil then return nil, path .. ": " .. message end
   if not is_there then return nil end
   local file = assert(io.open(path, "rb"))
   local text = file:read("*a")
   file:close()
   return text
end

-- A file that can't be loaded is left as it is: nothing is saved over it.
local function load_box(box, path)
   local text, message = read_private(path)
   local ok = message == nil
   if text then
      ok, message = box:load(text)
      message = message and path .. " is " .. message
   end
   if ok then box.file = path else ngx.log(ngx.ERR, "sandbox: ", message) end
end

-- The namespaces of an earlier run, with the accounts that are bound to them.
local function load_list()
   local text, message = read_private(list_file())
   local list = text and json.decode(text)
   if message or (text and type(list) ~= "table") then
      ngx.log(ngx.ERR, "sandbox: ", message or list_file() .. " is no list of namespaces")
   end
   for _, entry in ipairs(type(list) == "table" and list or {}) do
      if type(entry) == "table" and commands.is_name(entry.name) and all:open(entry.name)
         and commands.check("namespaces", entry) then
         all:bind(entry.name, entry.accounts or {})
      end
   end
end

local function save_box(name)
   local box = all:get(name)
   if not box.file or box.changes == box.saved then return end
   local changes = box.changes
   assert(core.write_private_file(box.file, box:dump()))
   box.saved = changes
end

local saved_list = 0

local function save_list()
   if not data_file or all.changes == saved_list then return end
   local changes, list = all.changes, {}
   for i, name in ipairs(all.names) do
      list[i] = { name = name, accounts = all:describe(name).accounts }
   end
   assert(core.write_private_file(list_file(), assert(json.encode(json.array(list)))))
   saved_list = changes
end

-- A save that fails is tried again by the next tick.
local function save()
   for _, name in ipairs(all.names) do save_box(name) end
   save_list()
end

-- Its file goes with a namespace.
local function forget_file(box)
   if box.file then os.remove(box.file) end
   box.file = nil
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

local function spawn(box, f)
   local ok, message = ngx.timer.at(0, function(premature)
      if premature then return end
      f()
      box.changes = box.changes + 1
   end)
   if not ok then ngx.log(ngx.ERR, "sandbox: ", message) end
end

-- seconds: an nginx without OpenResty's patches comes back from less at once,
local SHORTEST = 0.001
-- with its time as it was, so that a loop that waits for a moment would never end

local function pause(_, seconds) ngx.sleep(math.max(seconds, SHORTEST)) end

-- Lets the time of all sandboxes go on.
local function tick(premature)
   if premature then return end
   for _, name in ipairs(all.names) do
      local box = all:get(name)
      box:advance_to(box.clock:at(ngx.now()))
   end
end

local own_options = { file = true, ca_file = true, hosts = true, namespaces = true }

-- Makes sandboxes with the options of start, each with a seed of its own if there is one.
local function maker(options)
   local deliver = webhook_sender { ca_file = options.ca_file }
   return function(name)
      local own = { strict = false, now = ngx.now(), webhook = deliver }
      for option, value in pairs(options) do
         if not own_options[option] then own[option] = value end
      end
      if own.seed and name ~= namespaces.DEFAULT then own.seed = own.seed .. "@" .. name end
      local box = sandbox.new(own)
      box.spawn, box.pause, box.real_time, box.is_served = spawn, pause, ngx.now, true
      -- Above those of an earlier process: what was seen there isn't taken for what is here.
      box.changes = math.floor(ngx.now() * 1000)
      return box
   end
end

--- Makes the worker's sandboxes and lets their time pass; for init_worker_by_lua.
-- @param options (table | nil) those of sandbox.new (`strict` is false here unless it is given),
-- and
--    file = path where the data is kept across restarts (nil: it isn't); that of a namespace beside
--       it. The file holds tokens, so it gets mode 0600; its folder should have 0700. A symbolic
--       link isn't followed
--    ca_file = PEM file of authorities that webhooks over https may be signed by
--    hosts = array of names without ports by which the sandbox may be called, beside localhost and
--       the names below it, loopback addresses, and names of twilio.com: { "sandbox" }. Requests
--       with another Host or X-Original-Host get 403, as a web page can let its own name resolve to
--       this machine
--    namespaces = how many there may be at a time, the default one too; 64
-- @return (sandbox) of the default namespace
function openresty.start(options)
   options = options or {}
   local names, message = guard.hosts(options.hosts)
   if not names then error(message, 2) end
   local make = maker(options)
   default, hosts, data_file = make(namespaces.DEFAULT), names, options.file
   all = namespaces.new(default, function(name)
      local box = make(name)
      if data_file then load_box(box, file_of(name)) end
      return box
   end, options.namespaces or MOST)
   all.forget = forget_file
   if data_file then
      load_box(default, data_file)
      load_list()
      saved_list = all.changes
   end
   assert(ngx.timer.every(TICK, tick))
   assert(ngx.timer.every(SAVE, save))
   return default
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

local function send_head(response)
   ngx.status = response.status
   for name, value in pairs(response.headers) do ngx.header[name] = value end
end

local streams = 0

-- Sends a sandbox's events until its reader has gone, the sandbox was removed, or nginx ends. It
-- has no timer: it is the request's own light thread that waits.
local function send_events(response)
   local events, last = response.events, ngx.now()
   send_head(response)
   ngx.print("retry: 1000\n\n")
   if not ngx.flush(true) then return end
   while not ngx.worker.exiting() and not events:is_over() do
      local text = events:next()
      if not text and ngx.now() - last >= BEAT then text = events:beat() end
      if text then
         last = ngx.now()
         if not ngx.print(text) or not ngx.flush(true) then return end
      end
      ngx.sleep(LOOK)
   end
   if events:is_over() then ngx.print(events.REMOVED) end
end

local function stream(response)
   if streams >= STREAMS then
      return {
         status = 503, headers = { ["content-type"] = "application/json", ["retry-after"] = "30" },
         body = '{"error":"there are as many streams of events as there may be"}',
      }
   end
   streams = streams + 1
   local ok, message = pcall(send_events, response)
   streams = streams - 1
   if not ok then error(message, 0) end
   return nil
end

local function answer(response)
   -- A fault: the connection is closed without a word.
   if not response then return ngx.exit(444) end
   send_head(response)
   if response.status ~= 204 then ngx.header.content_length = #response.body end
   if ngx.req.get_method() ~= "HEAD" then ngx.print(response.body) end
end

local function api_response(request)
   local ok, message = guard.api(request.headers, hosts)
   if not ok then return api_error.response(api_error.new(403, 20403, message)) end
   local box
   box, message = all:of(request)
   if not box then return api_error.response(api_error.new(400, 20001, message)) end
   return box:send(api_request(request))
end

--- Answers the current request; for content_by_lua.
function openresty.handle()
   local headers = ngx.req.get_headers(0)
   headers.host = headers.host or ""
   clear_conditions()
   local request = {
      method = ngx.req.get_method(), url = ngx.var.request_uri, headers = headers,
      body = read_body(),
   }
   tick()
   local response = console.answer(default, request, hosts, all)
   if response and response.events then
      response = stream(response)
      if not response then return end
   else
      response = response or api_response(request)
   end
   answer(response)
end

return openresty
