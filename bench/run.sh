#!/bin/sh
# make bench: every measure, beside its peers in the same run, on Lua 5.4 and LuaJIT; the nginx bench drives nginx's own LuaJIT.
# Ratios only say something on a machine where nothing else runs. About 25 minutes.
#
#   bench/run.sh [NAME ...]      load post map webhook twiml token list growth json cli nginx; without any: all
#
# Peers: libcurl and OpenSSL by programs of C, twilio-node 6.3.1 (npm, into build/bench), twilio-python (Debian's python3-twilio,
# where it is installed). bench/results.json and bench/results.svg are written anew where all were run, and docs/performance.md's
# table with them. Fails if one of the limits that the benches hold themselves is missed; the goals beside them are told only.
set -eu
cd "$(dirname "$0")/.."
TWILIO_NODE_VERSION=6.3.1

mkdir -p build/bench
cc -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -o build/bench/post bench/post/curl.c -lcurl
cc -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -o build/bench/map bench/map/curl.c -lcurl
if command -v npm >/dev/null && ! grep -q "\"version\": \"$TWILIO_NODE_VERSION\"" build/bench/node_modules/twilio/package.json 2>/dev/null; then
   npm install --silent --no-audit --no-fund --prefix build/bench "twilio@$TWILIO_NODE_VERSION" || echo "no twilio-node"
fi
export TWILIO_NODE="$PWD/build/bench/node_modules/twilio"
export LUA_PATH="lua/?.lua;sandbox/lua/?.lua;spec/?.lua;;"

names=${*:-load post map webhook twiml token list growth json cli nginx}
BENCH_RESULTS=$PWD/build/bench/results.jsonl
export BENCH_RESULTS
: >"$BENCH_RESULTS"

failed=0
# The file of a bench, by a Lua.
run() {
   echo "== $1, $2"
   LUA_CPATH="build/$2/?.so;;" "$2" "$3" || failed=1
}
for name in $names; do
   file=bench/$name/run.lua
   [ -f "$file" ] || file=bench/$name.lua
   case "$name" in
      nginx) run $name lua5.4 $file ;;
      post | webhook | twiml | token | list | json)
         run $name lua5.4 $file
         if command -v luajit >/dev/null; then run $name luajit $file; fi
         ;;
      *) run $name lua5.4 $file ;;
   esac
done
if [ $# = 0 ]; then
   LUA_CPATH="build/lua5.4/?.so;;" lua5.4 bench/summary.lua "$BENCH_RESULTS"
fi
exit $failed
