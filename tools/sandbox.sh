#!/bin/sh
# make sandbox: a whole Twilio on this machine, over TLS, until Ctrl-C; what it holds is kept in build/sandbox, or, with a port
# of its own, in build/sandbox-PORT, so that several can run.
#
#   tools/sandbox.sh [PORT]     8443 unless told. PROXY=8444: the port of the CONNECT proxy (the next one unless told);
#                               PLAIN=8080: plain HTTP there, too. FOLDER=/data: where it keeps what it holds.
#                               LISTEN=0.0.0.0 SANDBOX_HOSTS=sandbox: for other machines, which call it by that name
#                               (examples/sandbox/container). CA_FILE=/ca/ca.pem: a copy of its authority's certificate there

set -eu
cd "$(dirname "$0")/.."

tools/deps.sh demo
make -s LUA=luajit

port=${1:-8443}
folder=build/sandbox
[ "$port" = 8443 ] || folder=build/sandbox-$port
folder=${FOLDER:-$folder}
port=$(tools/nginx.sh start examples/sandbox/nginx.conf "$folder" "$port")
trap 'tools/nginx.sh stop "$folder"' EXIT
trap 'exit 0' INT TERM
[ -z "${CA_FILE:-}" ] || cp "$folder/ca.pem" "$CA_FILE"
is_running() { [ -f "$folder/nginx.pid" ]; }

# The proxy ends with its standard input, that is with the sandbox.
proxy=${PROXY:-$((port + 1))}
while is_running; do sleep 1; done | lua5.4 tools/connect_proxy.lua "$port" "$proxy" "${LISTEN:-127.0.0.1}" >/dev/null &

echo "Twilio's sandbox: https://localhost:$port (a page for you; base_url for programs, with ca_file = \"$folder/ca.pem\"). Ctrl-C stops it."
[ -z "${PLAIN:-}" ] || echo "Plain HTTP: http://localhost:$PLAIN"
echo "Any program, unchanged: HTTPS_PROXY=http://localhost:$proxy HTTP_PROXY=http://localhost:$proxy \\"
echo "   SSL_CERT_FILE=$PWD/$folder/ca.pem NODE_EXTRA_CA_CERTS=$PWD/$folder/ca.pem REQUESTS_CA_BUNDLE=$PWD/$folder/ca.pem"
while is_running; do sleep 1; done
