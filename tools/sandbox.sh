#!/bin/sh
# make sandbox: a whole Twilio on this machine, over TLS, until Ctrl-C; what it holds is kept in build/sandbox, or, with a port
# of its own, in build/sandbox-PORT, so that several can run.
#
#   tools/sandbox.sh [PORT]     8443 unless told

set -eu
cd "$(dirname "$0")/.."

tools/deps.sh demo
make -s LUA=luajit

port=${1:-8443}
folder=build/sandbox
[ "$port" = 8443 ] || folder=build/sandbox-$port
port=$(tools/nginx.sh start examples/sandbox/nginx.conf "$folder" "$port")
trap 'tools/nginx.sh stop "$folder"' EXIT
trap 'exit 0' INT TERM
echo "Twilio's sandbox: https://localhost:$port (a page for you; base_url for programs, with ca_file = \"$folder/ca.pem\"). Ctrl-C stops it."
while [ -f "$folder/nginx.pid" ]; do sleep 1; done
