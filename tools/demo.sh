#!/bin/sh
# make demo: the library's main job, done by ordinary user code (examples/demo.lua) against the sandbox behind nginx, over TLS.
#
# Installs what is missing, builds, starts nginx on a free loopback port, and stops it again whatever happens.

set -eu
cd "$(dirname "$0")/.."

tools/install.sh demo
make -s LUA=luajit
make -s LUA=lua5.4

folder=$(mktemp -d)
trap 'tools/sandbox.sh stop "$folder"; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
url=$(tools/sandbox.sh start "$folder")

LUA_PATH="lua/?.lua;;" LUA_CPATH="build/lua5.4/?.so;;" lua5.4 examples/demo.lua "$url" "$folder/ca.pem"
