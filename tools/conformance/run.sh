#!/bin/sh
# Drives every operation of Twilio's OpenAPI files, and of what twilio-node has beside them, through the library, with an independent
# server at the other end: tools/conformance/run.lua against tools/mock_server. Needs node, npm, and a built twilio/core.so. Called by `make conformance`.
#
#   LUA=lua5.4 sh tools/conformance/run.sh
#
# Everything that is fetched or made lands in build/.
set -eu
cd "$(dirname "$0")/../.."
LUA=${LUA:-lua5.4}
OPENAPI=build/openapi/package/src/services/twilio-api
SERVER=build/mock_server

sh tools/openapi/fetch.sh
mkdir -p "$SERVER/specs"
cp tools/mock_server/* "$SERVER/"
[ -d "$SERVER/node_modules/@stoplight/prism-cli" ] || (cd "$SERVER" && npm install --no-audit --no-fund --loglevel=error)

# Only the files that the library is made of.
rm -f "$SERVER"/specs/*
skipped=$($LUA -e 'package.path = "tools/?.lua" for name in pairs(require("overlay").skip) do print("twilio_" .. name .. ".json") end')
for file in "$OPENAPI"/twilio_*.json; do
   printf '%s\n' "$skipped" | grep -qxF "${file##*/}" || cp "$file" "$SERVER/specs/"
done
node "$SERVER/merge.mjs" --specs "$SERVER/specs" --additions tools/openapi/twilio_node.json
node "$SERVER/operations.mjs" --specs "$SERVER/specs" --out "$SERVER/operations.json" >/dev/null

node "$SERVER/server.mjs" --specs "$SERVER/specs" --port 0 >"$SERVER/listening" </dev/null &
server=$!
trap 'kill $server 2>/dev/null' EXIT INT TERM
for _ in $(seq 300); do
   [ -s "$SERVER/listening" ] && break
   kill -0 $server
   sleep 0.1
done
url=$(sed 's/.*"listening":"\([^"]*\)".*/\1/' "$SERVER/listening")
LUA_PATH="lua/?.lua;;" LUA_CPATH="build/$LUA/?.so;;" "$LUA" tools/conformance/run.lua "$SERVER/operations.json" "$url"
