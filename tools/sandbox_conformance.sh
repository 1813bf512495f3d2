#!/bin/sh
# Validates what the sandbox answers to every operation against the response schemas of Twilio's OpenAPI files, with Prism; and that it
# refuses what these files forbid, and nothing that they allow.
#
# tools/conformance.sh has fetched Prism and the files into build/judge; the rest is here. LUA=lua5.4 by default.
set -eu
cd "$(dirname "$0")/.."
LUA=${LUA:-lua5.4}
JUDGE=build/judge

[ -f "$JUDGE/operations.json" ] || sh tools/conformance.sh
cp tools/judge/*.mjs "$JUDGE/"
node "$JUDGE/operations.mjs" --specs "$JUDGE/specs" --out "$JUDGE/operations.json" >/dev/null
LUA_PATH="lua/?.lua;;" LUA_CPATH="build/$LUA/?.so;;" "$LUA" tools/sandbox_conformance.lua "$JUDGE/operations.json" "$JUDGE/answers.jsonl"
node "$JUDGE/responses.mjs" --specs "$JUDGE/specs" --answers "$JUDGE/answers.jsonl"
