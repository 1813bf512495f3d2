#!/bin/sh
# The sandbox as a server on loopback: nginx with its Lua module, over TLS.
#
#   tools/sandbox.sh start FOLDER [PORT]   makes a certificate and starts; prints the URL. Without PORT: a free one
#   tools/sandbox.sh stop FOLDER
#   tools/sandbox.sh run [PORT]            for people: keeps its data in sandbox-data, until Ctrl-C; port 8443
#
# FOLDER gets everything it needs: ca.pem (what clients trust), nginx.conf, the log. The library must be built for LuaJIT.

set -eu
project=$(cd "$(dirname "$0")/.." && pwd)

make_certificate() {
   [ -f "$1/ca.pem" ] && return
   openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=twilio sandbox authority" \
      -keyout "$1/ca.key" -out "$1/ca.pem" 2>/dev/null
   openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$1/server.key" -out "$1/server.csr" 2>/dev/null
   printf 'subjectAltName=DNS:localhost,DNS:*.twilio.com,IP:127.0.0.1\n' > "$1/names"
   openssl x509 -req -in "$1/server.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -days 3650 \
      -extfile "$1/names" -out "$1/server.pem" 2>/dev/null
   rm -f "$1/names" "$1/server.csr"
}

# Debian has the Lua module apart, OpenResty built in. nginx started by root would hand its work to a user who can't read FOLDER.
write_main() {
   : > "$1/main.conf"
   for module in ndk_http_module ngx_http_lua_module; do
      file=/usr/lib/nginx/modules/$module.so
      [ -f "$file" ] && echo "load_module $file;" >> "$1/main.conf"
   done
   [ "$(id -u)" = 0 ] && echo "user root;" >> "$1/main.conf"
   return 0
}

prepare() {
   mkdir -p "$1"
   make_certificate "$1"
   write_main "$1"
   ln -sfn "$project/lua" "$1/lua"
   ln -sfn "$project/build/luajit" "$1/core"
}

# nginx itself says whether a port is free.
try_port() {
   sed "s/127\.0\.0\.1:8443/127.0.0.1:$2/" "$project/examples/sandbox/nginx.conf" > "$1/nginx.conf"
   "$nginx" -p "$1" -c "$1/nginx.conf" 2>> "$1/start.log"
}

nginx=$(command -v nginx || command -v openresty || echo /usr/sbin/nginx)

start() {
   folder=$(mkdir -p "$1" && cd "$1" && pwd)
   prepare "$folder"
   first=${2:-$((20000 + $$ % 20000))}
   for step in 0 1 2 3 4 5 6 7 8 9; do
      port=$((first + step * 97))
      if try_port "$folder" "$port"; then
         echo "https://localhost:$port"
         return
      fi
      [ -z "${2:-}" ] || break
   done
   cat "$folder/start.log" >&2
   exit 1
}

stop() {
   [ ! -f "$1/nginx.pid" ] || kill "$(cat "$1/nginx.pid")"
}

run() {
   url=$(start "$project/sandbox-data" "${1:-8443}")
   trap 'stop "$project/sandbox-data"; exit 0' INT TERM
   echo "Twilio's sandbox is at $url (authority: sandbox-data/ca.pem). Ctrl-C stops it."
   while [ -f "$project/sandbox-data/nginx.pid" ]; do sleep 1; done
}

case "${1:-}" in
   start) start "$2" "${3:-}" ;;
   stop) stop "$2" ;;
   run) run "${2:-}" ;;
   *) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
