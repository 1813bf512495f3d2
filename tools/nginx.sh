#!/bin/sh
# Starts nginx with its Lua module on a loopback port, from one of the examples' configurations.
#
#   tools/nginx.sh start CONF FOLDER [PORT]   prints the port. Without PORT: a free one. PLAIN=8080: plain HTTP there, too.
#                                             LISTEN=0.0.0.0: the address, instead of 127.0.0.1; SANDBOX_HOSTS="a b":
#                                             names by which others call it, which the certificate has, too
#   tools/nginx.sh stop FOLDER                waits until it has ended
#
# FOLDER gets everything it needs: a certificate for localhost and its authority (ca.pem), the log, and links to the library, which must
# be built for LuaJIT. In CONF the text 127.0.0.1:8000 stands for the port, main.conf for how this machine's nginx finds the module.

set -eu
project=$(cd "$(dirname "$0")/.." && pwd)
nginx=$(command -v nginx || command -v openresty || echo /usr/sbin/nginx)

# Hosts of regions and edges: api.dublin.ie1.twilio.com, api.ie1.twilio.com. A wildcard stands for one label only.
regions="au1 br1 de1 ie1 jp1 jp2 sg1 us1 us2"
edges="ashburn dublin frankfurt osaka roaming sao-paulo singapore sydney tokyo umatilla
   ashburn-ix frankfurt-ix london-ix san-jose-ix singapore-ix sydney-ix tokyo-ix"

names() {
   printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1,DNS:*.twilio.com'
   for host in ${SANDBOX_HOSTS:-}; do printf ',DNS:%s' "$host"; done
   for region in $regions; do
      printf ',DNS:*.%s.twilio.com' "$region"
      for edge in $edges; do printf ',DNS:*.%s.%s.twilio.com' "$edge" "$region"; done
   done
   for edge in $edges; do printf ',DNS:*.%s.twilio.com' "$edge"; done
   echo
}

# The authority is kept, as programs trust it; a certificate for other names is made anew.
make_certificate() {
   umask 077
   [ -f "$1/ca.key" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=twilio sandbox authority" \
      -keyout "$1/ca.key" -out "$1/ca.pem" 2>/dev/null
   names > "$1/names.new"
   if [ -f "$1/server.pem" ] && cmp -s "$1/names" "$1/names.new"; then
      rm -f "$1/names.new"
      return 0
   fi
   mv "$1/names.new" "$1/names"
   openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$1/server.key" -out "$1/server.csr" 2>/dev/null
   openssl x509 -req -in "$1/server.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -days 3650 \
      -extfile "$1/names" -out "$1/server.pem" 2>/dev/null
   rm -f "$1/server.csr"
}

# Debian has the Lua module apart, OpenResty built in. Started by root, nginx would run as a user who can't read FOLDER.
write_main() {
   : > "$1/main.conf"
   for module in ndk_http_module ngx_http_lua_module; do
      file=/usr/lib/nginx/modules/$module.so
      [ ! -f "$file" ] || echo "load_module $file;" >> "$1/main.conf"
   done
   [ "$(id -u)" != 0 ] || echo "user root;" >> "$1/main.conf"
   echo "env SANDBOX_HOSTS;" >> "$1/main.conf"
}

# nginx itself says whether a port is free.
try_port() {
   listen=${LISTEN:-127.0.0.1}
   sed -e "s/127\.0\.0\.1:8000/$listen:$3/" ${PLAIN:+-e "s/# listen 127\.0\.0\.1:PLAIN;/listen $listen:$PLAIN;/"} \
      "$1" > "$2/nginx.conf"
   "$nginx" -p "$2" -c "$2/nginx.conf" -e "$2/error.log" 2>> "$2/start.log"
}

start() {
   mkdir -p "$2"
   chmod 700 "$2" # it holds keys and tokens
   folder=$(cd "$2" && pwd)
   for file in "$folder"/*.key "$folder"/data*.json; do [ ! -f "$file" ] || chmod 600 "$file"; done
   (make_certificate "$folder")
   write_main "$folder"
   ln -sfn "$project/lua" "$folder/lua"
   ln -sfn "$project/build/luajit" "$folder/core"
   first=${3:-$((20000 + $$ % 20000))}
   for step in 0 1 2 3 4 5 6 7 8 9; do
      port=$((first + step * 97))
      if try_port "$1" "$folder" "$port"; then
         echo "$port"
         return
      fi
      [ -z "${3:-}" ] || break
   done
   cat "$folder/start.log" >&2
   exit 1
}

# Returns when it is gone: its workers write into FOLDER to the end, and callers remove that.
stop() {
   [ -f "$1/nginx.pid" ] || return 0
   master=$(cat "$1/nginx.pid")
   kill "$master"
   for step in $(seq 100); do
      kill -0 "$master" 2>/dev/null || return 0
      sleep 0.1
   done
   echo "nginx ($master) hasn't ended" >&2
   return 1
}

case "${1:-}" in
   start) start "$2" "$3" "${4:-}" ;;
   stop) stop "$2" ;;
   *) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
