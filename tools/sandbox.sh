#!/bin/sh
# make sandbox: a whole Twilio on this machine, over TLS, until Ctrl-C; what it holds is kept in build/sandbox.
#
#   tools/sandbox.sh [PORT]     8443 unless told

set -eu
cd "$(dirname "$0")/.."

tools/deps.sh demo
make -s LUA=luajit

folder=build/sandbox
port=$(tools/nginx.sh start examples/sandbox/nginx.conf "$folder" "${1:-8443}")
trap 'tools/nginx.sh stop "$folder"' EXIT
trap 'exit 0' INT TERM
echo "Twilio's sandbox: https://localhost:$port (a page for you; base_url for programs, with ca_file = \"$folder/ca.pem\"). Ctrl-C stops it."
while [ -f "$folder/nginx.pid" ]; do sleep 1; done
