#!/bin/sh
# Validates what the sandbox answers to every operation against the response schemas of Twilio's OpenAPI files, with Prism; and that it
# refuses what these files forbid, and nothing that they allow.
#
# tools/conformance/run.sh has fetched Prism and the files into build/mock_server; the rest is here. LUA=lua5.4 by default.
set -eu
cd "$(dirname "$0")/.."
LUA=${LUA:-lua5.4}
SERVER=build/mock_server

[ -f "$SERVER/operations.json" ] || sh tools/conformance/run.sh
cp tools/mock_server/*.mjs "$SERVER/"
node "$SERVER/operations.mjs" --specs "$SERVER/specs" --out "$SERVER/operations.json" >/dev/null
LUA_PATH="lua/?.lua;;" LUA_CPATH="build/$LUA/?.so;;" "$LUA" tools/sandbox_conformance.lua "$SERVER/operations.json" "$SERVER/answers.jsonl"
node "$SERVER/responses.mjs" --specs "$SERVER/specs" --answers "$SERVER/answers.jsonl"
