#!/bin/sh
# Drives every operation of Twilio's OpenAPI files, and of what twilio-node has beside them, through the library, with an independent judge at the other end:
# tools/conformance.lua against tools/judge. Needs node, npm, and a built twilio/core.so. Called by `make conformance`.
#
#   LUA=lua5.4 sh tools/conformance.sh
#
# Everything that is fetched or made lands in build/.
set -eu
cd "$(dirname "$0")/.."
LUA=${LUA:-lua5.4}
OPENAPI=build/openapi/package/src/services/twilio-api
JUDGE=build/judge

sh tools/openapi.sh
mkdir -p "$JUDGE/specs"
cp tools/judge/* "$JUDGE/"
[ -d "$JUDGE/node_modules/@stoplight/prism-cli" ] || (cd "$JUDGE" && npm install --no-audit --no-fund --loglevel=error)

# Only the files that the library is made of.
rm -f "$JUDGE"/specs/*
skipped=$($LUA -e 'package.path = "tools/?.lua" for name in pairs(require("overlay").skip) do print("twilio_" .. name .. ".json") end')
for file in "$OPENAPI"/twilio_*.json; do
   printf '%s\n' "$skipped" | grep -qxF "${file##*/}" || cp "$file" "$JUDGE/specs/"
done
node "$JUDGE/merge.mjs" --specs "$JUDGE/specs" --additions tools/openapi/twilio_node.json
node "$JUDGE/operations.mjs" --specs "$JUDGE/specs" --out "$JUDGE/operations.json" >/dev/null

node "$JUDGE/judge.mjs" --specs "$JUDGE/specs" --port 0 >"$JUDGE/listening" </dev/null &
judge=$!
trap 'kill $judge 2>/dev/null' EXIT INT TERM
for _ in $(seq 300); do
   [ -s "$JUDGE/listening" ] && break
   kill -0 $judge
   sleep 0.1
done
url=$(sed 's/.*"listening":"\([^"]*\)".*/\1/' "$JUDGE/listening")
LUA_PATH="lua/?.lua;;" LUA_CPATH="build/$LUA/?.so;;" "$LUA" tools/conformance.lua "$JUDGE/operations.json" "$url"
