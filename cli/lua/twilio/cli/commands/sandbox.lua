-- cli/commands/sandbox.lua: `twilio sandbox`: a whole Twilio on this machine: the rock
-- twilio-sandbox behind nginx's Lua module, over TLS.
--
-- Makes a folder with nginx's configuration and a certificate for localhost, and runs nginx there
-- until Ctrl-C. The sandbox's Lua files are those of this program's path, whatever their Lua; the C
-- core must be there for LuaJIT.

local command = {}

function command.configure(parser)
   parser:description [[
Starts the sandbox behind nginx on 127.0.0.1 and prints what to set for programs that use it. Needs
nginx with its Lua module (or OpenResty), openssl, the rock twilio-sandbox, and the library built
for LuaJIT (make install LUA=luajit).]]
   parser:option "--port":argname "PORT":convert(tonumber):default "8443"
   parser:option "--folder":argname "FOLDER"
      :description "where its data is kept; a new one, removed at the end, unless given"
   parser:option "--lua-path":argname "PATH":description "more of nginx's package.path"
   parser:option "--lua-cpath":argname "PATH":description "more of nginx's package.cpath"
end

local CONFIGURATION = [[
$MODULES
worker_processes 1;
daemon off;
pid nginx.pid;
error_log error.log;
events { worker_connections 512; }
http {
   access_log off;
   client_max_body_size 64m;
   client_body_temp_path body_temp;
   proxy_temp_path proxy_temp;
   fastcgi_temp_path fastcgi_temp;
   uwsgi_temp_path uwsgi_temp;
   scgi_temp_path scgi_temp;
   lua_package_path "$PATH;;";
   lua_package_cpath "$CPATH;;";
   lua_max_running_timers 1024;
   lua_max_pending_timers 65536;
   # Without the C core for LuaJIT nginx shall not start.
   init_by_lua_block { require "twilio.core" }
   init_worker_by_lua_block {
      require("twilio.sandbox.openresty").start { file = ngx.config.prefix() .. "data.json" }
   }
   exit_worker_by_lua_block { require("twilio.sandbox.openresty").stop() }
   server {
      listen 127.0.0.1:$PORT ssl;
      server_name localhost;
      ssl_certificate server.pem;
      ssl_certificate_key server.key;
      ssl_protocols TLSv1.2 TLSv1.3;
      keepalive_requests 1000000;
      location / {
         content_by_lua_block { require("twilio.sandbox.openresty").handle() }
      }
   }
}
]]

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function output(shell_command)
   local pipe = io.popen(shell_command)
   local text = pipe and pipe:read "*a" or ""
   if pipe then pipe:close() end
   return (text:gsub("%s+$", ""))
end

local function exists(path)
   local file = io.open(path, "rb")
   if file then file:close() end
   return file ~= nil
end

-- The folder of Lua files that has a module: "/usr/share/lua/5.4" for "twilio.sandbox".
local function root_of(name)
   local relative = name:gsub("%.", "/")
   for template in package.path:gmatch "[^;]+" do
      local path = template:gsub("%?", (relative:gsub("%%", "%%%%")))
      if exists(path) then return (path:sub(1, -#relative - 6)) end
   end
   return nil
end

-- The path by which LuaJIT finds the C core beside the Lua files: a checkout's build, or another
-- version's folder of the same prefix.
local function core_for_luajit(root)
   for _, folder in ipairs {
      root .. "/../build/luajit", (root:gsub("/share/lua/[%d.]+$", "/lib/lua/5.1")),
   } do
      if exists(folder .. "/twilio/core.so") then return folder .. "/?.so" end
   end
   return ""
end

local function absolute(path)
   return path:sub(1, 1) == "/" and path or output "pwd" .. "/" .. path
end

-- nginx's configuration as text.
local function configuration(around, arguments)
   local root = root_of "twilio.sandbox.openresty"
   if not root then around.fail "the sandbox isn't installed: it is the rock twilio-sandbox" end
   root = absolute(root)
   local modules = {}
   for _, name in ipairs { "ndk_http_module", "ngx_http_lua_module" } do
      local path = "/usr/lib/nginx/modules/" .. name .. ".so"
      if exists(path) then modules[#modules + 1] = "load_module " .. path .. ";" end
   end
   if output "id -u" == "0" then modules[#modules + 1] = "user root;" end
   local values = {
      MODULES = table.concat(modules, "\n"), PORT = ("%d"):format(arguments.port),
      PATH = (arguments.lua_path and arguments.lua_path .. ";" or "") .. root .. "/?.lua",
      CPATH = (arguments.lua_cpath and arguments.lua_cpath .. ";" or "") .. core_for_luajit(root),
   }
   return (CONFIGURATION:gsub("%$([A-Z]+)", values))
end

local CERTIFICATE = [[
   umask 077
   cd $FOLDER || exit 1
   if [ ! -f server.pem ]; then
      openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/CN=twilio sandbox authority' \
         -keyout ca.key -out ca.pem 2>/dev/null &&
      openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr \
         2>/dev/null &&
      printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:*.twilio.com\n' >names &&
      openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 \
         -extfile names -out server.pem 2>/dev/null || exit 1
   fi]]

-- nginx ends with Ctrl-C, and with this program, however that ends. The environment's paths are
-- those of this program's Lua, and LuaJIT would load its C modules.
local SERVE = [[
   unset LUA_PATH LUA_CPATH
   nginx=$(command -v nginx || command -v openresty || echo /usr/sbin/nginx)
   folder=$FOLDER
   trap 'kill "$pid" 2>/dev/null; wait "$pid"; kill $! 2>/dev/null; $REMOVE exit 0' INT TERM HUP
   "$nginx" -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log" &
   pid=$!
   parent=$PPID
   while kill -0 "$parent" 2>/dev/null; do sleep 1; done && kill "$pid" 2>/dev/null &
   wait "$pid"
   code=$?
   kill $! 2>/dev/null
   [ $code = 0 ] || head -n 5 "$folder/error.log" >&2
   $REMOVE exit $code]]

local function succeeded(first, _, code)
   return (first == true or first == 0) and (code or 0) == 0
end

function command.run(arguments, around)
   local port = arguments.port
   if port % 1 ~= 0 or port < 1 or port > 65535 then
      around.fail "--port must be a whole number from 1 to 65535"
   end
   local text = configuration(around, arguments)
   local folder = arguments.folder and absolute(arguments.folder)
   if folder then
      os.execute("umask 077; mkdir -p " .. quoted(folder))
   else
      folder = output "mktemp -d"
   end
   local file, message = io.open(folder .. "/nginx.conf", "w")
   if not file then around.fail(message) end
   file:write(text)
   file:close()
   local certify = CERTIFICATE:gsub("%$FOLDER", function() return quoted(folder) end)
   if not succeeded(os.execute(certify)) then
      around.fail "no certificate could be made: is openssl there?"
   end
   around.out:write(([[
Twilio's sandbox: https://localhost:%d, a page for you. For programs:
   export TWILIO_BASE_URL=https://localhost:%d TWILIO_CA_BUNDLE=%s
   export TWILIO_ACCOUNT_SID=AC00000000000000000000000000000001 TWILIO_AUTH_TOKEN=any
Ctrl-C stops it.
]]):format(arguments.port, arguments.port, quoted(folder .. "/ca.pem")))
   around.out:flush()
   local values = {
      FOLDER = quoted(folder),
      REMOVE = arguments.folder and "" or "rm -rf " .. quoted(folder) .. ";",
   }
   local shell_command = SERVE:gsub("%$([A-Z]+)", values)
   if succeeded(os.execute(shell_command)) then return around.exit.ok end
   around.fail "nginx ended: see above"
end

return command
