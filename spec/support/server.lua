-- server.lua: nginx with its Lua module on a free loopback port, for specs, the demo and benches.
--
--   local server = require "support.server"
--   local s = server.start { lua = [[ ngx.sleep(0.02) ngx.say("hello") ]] }
--   -- s.url "https://localhost:PORT", s.port, s.ca_file, s.folder; s:log(), s:reload(), s:stop()
--
-- Each server lives in a private folder with an authority and a certificate for localhost and
-- 127.0.0.1 (certificate.lua), and is stopped when the Lua state is closed or s:stop() is called.
--
-- Options, all of them optional:
--   lua         Lua code (text) that answers every request not named in `locations`; default: echo
--   (below)
--   locations   { ["/path" | "= /path" | "~ pattern"] = Lua code | { directives = "nginx's own
--   words" } }
--   tls         default true
--   hosts       names in the certificate; default { "localhost", "127.0.0.1" }
--   authority   sign with another authority than the usual one: a name
--   protocols   default "TLSv1.2 TLSv1.3"
--   http2       default false
--   workers     worker processes, default 1
--   main, http, server    more directives for that level
--   lua_path    in front of nginx's package.path, e.g. "/project/lua/?.lua;;"; lua_cpath likewise
--   env         array of "NAME" or "NAME=value" that nginx keeps for Lua

local certificate = require "support.certificate"
local process = require "support.process"

local server = {}
server.__index = server

-- Lua code for nginx that reads a request's body and leaves its size in `total`.
server.COUNT_BODY = [[
local body, total = ngx.req.socket(), 0
while true do
   local bytes, _, rest = body:receive(65536)
   total = total + #(bytes or rest or "")
   if not bytes then break end
end
]]

-- The answer tells what was asked: method, URI, headers and body, as lines and then the body.
server.echo = [[
  ngx.req.read_body()
  local lines = { ngx.req.get_method() .. " " .. ngx.var.request_uri }
  for name, value in pairs(ngx.req.get_headers(0)) do
    lines[#lines + 1] = name .. ": " .. (type(value) == "table" and table.concat(value, ", ") or value)
  end
  local body = ngx.req.get_body_data() or ""
  local file = ngx.req.get_body_file()
  if file then body = assert(io.open(file)):read "*a" end
  ngx.header["Content-Type"] = "text/plain"
  ngx.print(table.concat(lines, "\n"), "\n\n", body)
]]

local module_folders = {
   "/usr/lib/nginx/modules/", "/usr/lib64/nginx/modules/", "/usr/local/lib/nginx/modules/",
}

-- Debian's nginx has its Lua module apart; OpenResty has it built in.
local function load_modules()
   local lines = {}
   for _, folder in ipairs(module_folders) do
      for _, name in ipairs { "ndk_http_module", "ngx_http_lua_module" } do
         local file = io.open(folder .. name .. ".so")
         if file then
            file:close()
            lines[#lines + 1] = "load_module " .. folder .. name .. ".so;"
         end
      end
   end
   return table.concat(lines, "\n")
end

-- Ends the server when the program that started it has gone without a word; a dead one not yet
-- collected has no command line.
local watch = "setsid sh -c 'while [ -e %s/nginx.pid ] && grep -q . /proc/%d/cmdline; do sleep 1; done; kill $(cat %s/nginx.pid)' >/dev/null 2>&1 &"

local function location(name, content)
   if type(content) == "table" then
      return ("location %s { %s }"):format(name, content.directives)
   end
   return ("location %s { content_by_lua_block { %s } }"):format(name, content)
end

local function locations(options)
   local lines = { location("/", options.lua or server.echo) }
   for name, content in pairs(options.locations or {}) do
      lines[#lines + 1] = location(name, content)
   end
   return table.concat(lines, "\n")
end

local function listen(options, port)
   if options.tls == false then return ("listen 127.0.0.1:%d;"):format(port) end
   local pem, key = certificate.leaf(
      options.hosts or { "localhost", "127.0.0.1" }, options.authority)
   return ([[listen 127.0.0.1:%d ssl%s; ssl_certificate %s; ssl_certificate_key %s; ssl_protocols %s;
    ssl_session_cache shared:tls:1m;]])
      :format(
         port, options.http2 and " http2" or "", pem, key, options.protocols or "TLSv1.2 TLSv1.3")
end

local function env(options)
   local lines = {}
   for i, name in ipairs(options.env or {}) do lines[i] = "env " .. name .. ";" end
   return table.concat(lines, "\n")
end

local function lua_paths(options)
   local lines = {}
   for _, name in ipairs { "lua_path", "lua_cpath" } do
      local directive = name == "lua_path" and "lua_package_path" or "lua_package_cpath"
      if options[name] then lines[#lines + 1] = ("%s '%s';"):format(directive, options[name]) end
   end
   return table.concat(lines, "\n")
end

-- Started by root its workers would be nobody, who can't read the project's files.
local function user() return process.output "id -u" == "0" and "user root;" or "" end

local template = [[
%s
worker_processes %d;
pid %s/nginx.pid;
error_log %s/error.log notice;
%s
%s
%s
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000;
  keepalive_timeout 300s;
  client_body_temp_path %s/body;
  client_max_body_size 0;
  client_body_buffer_size 64k;
  proxy_temp_path %s/proxy;
  fastcgi_temp_path %s/fastcgi; uwsgi_temp_path %s/uwsgi; scgi_temp_path %s/scgi;
  lua_shared_dict shared 1m;
  %s
  %s
  server {
    server_name localhost;
    %s
    %s
    %s
  }
}
]]

local function configuration(options, folder, port)
   return template:format(load_modules(), options.workers or 1, folder, folder, user(), env(options), options.main or "",
      folder, folder, folder, folder, folder, lua_paths(options), options.http or "",
      listen(options, port), options.server or "", locations(options))
end

-- The place where nginx's LuaJIT finds twilio.core, for the option lua_cpath: built there if it
-- isn't yet. The folder is the one that this program's own build comes from, or the project's.
function server.core_path()
   local build = package.cpath:match "([^;]*build)/lua[^/;]*/%?%.so" or "build"
   if not build:find "^/" then build = process.output "pwd" .. "/" .. build end
   if process.read(build .. "/luajit/twilio/core.so") == "" then
      process.run "make -s LUA=luajit"
   end
   return build .. "/luajit/?.so;;"
end

-- Starts nginx on a free port. Returns true, or false and why not.
local function start_on_free_port(self, options)
   self.port = process.free_port()
   process.write(self.folder .. "/nginx.conf", configuration(options, self.folder, self.port))
   local command = "nginx -p %s -c %s/nginx.conf -e %s/error.log 2>%s/stderr"
   local result = os.execute(command:format(self.folder, self.folder, self.folder, self.folder))
   return result == true or result == 0, process.read(self.folder .. "/stderr") .. self:log()
end

function server.start(options)
   options = options or {}
   local self = setmetatable({ folder = process.folder() }, server)
   self.ca_file = certificate.authority() .. "/ca.pem"
   local ok, message
   for _ = 1, 5 do
      ok, message = start_on_free_port(self, options)
      -- Meanwhile another program's connection may have got the port.
      if ok or not message:find "Address already in use" then break end
   end
   assert(ok, message)
   self.url = ("%s://localhost:%d"):format(options.tls == false and "http" or "https", self.port)
   process.at_exit(self, function() self:signal "TERM" end)
   process.await_port(self.port)
   os.execute(watch:format(self.folder, process.id(), self.folder))
   return self
end

-- "TERM" (fast), "QUIT" (graceful), "HUP" (reload), to the master
function server:signal(name)
   os.execute(("kill -%s $(cat %s/nginx.pid 2>/dev/null) 2>/dev/null"):format(name, self.folder))
end

function server:reload() self:signal "HUP" end

function server:pid() return tonumber(process.read(self.folder .. "/nginx.pid"):match "%d+") end

function server:log() return process.read(self.folder .. "/error.log") end

-- Ends it, and waits until it has ended: a worker may still save what another server loads next.
function server:stop()
   local pid = process.read(self.folder .. "/nginx.pid"):match "%d+"
   process.forget(self)
   process.eventually(
      function() return not pid or process.read("/proc/" .. pid .. "/cmdline") == "" end,
      function(seconds) os.execute("sleep " .. seconds) end)
   process.forget(self.folder)
end

return server
