#!/bin/sh
# make demo: the library's main job, done by ordinary user code (examples/demo.lua) against the sandbox behind nginx, over TLS; and a web
# application (examples/webhook_app) that answers what comes in.
#
# Installs what is missing, builds, starts both on free loopback ports, and stops them again whatever happens.

set -eu
cd "$(dirname "$0")/.."

tools/deps.sh demo
make -s LUA=luajit
make -s LUA=lua5.4

folder=$(mktemp -d)
trap 'tools/nginx.sh stop "$folder/sandbox"; tools/nginx.sh stop "$folder/app"; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

export TWILIO_ACCOUNT_SID=AC00000000000000000000000000000001 TWILIO_AUTH_TOKEN=0123456789abcdef0123456789abcdef
sandbox=$(tools/nginx.sh start examples/sandbox/nginx.conf "$folder/sandbox")
app=$(tools/nginx.sh start examples/webhook_app/nginx.conf "$folder/app")

LUA_PATH="lua/?.lua;;" LUA_CPATH="build/lua5.4/?.so;;" \
   lua5.4 examples/demo.lua "https://localhost:$sandbox" "$folder/sandbox/ca.pem" "http://127.0.0.1:$app"
