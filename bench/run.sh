#!/bin/sh
# make bench: the measures that have limits, bench/load.lua, bench/post/run.lua and bench/cli/run.lua. The heads of the other files say how to run
# them. Fails if a limit isn't met.
#
#   LUA=lua5.4 bench/run.sh
set -eu
cd "$(dirname "$0")/.."
LUA=${LUA:-lua5.4}
export LUA_PATH="lua/?.lua;spec/?.lua;;" LUA_CPATH="build/$LUA/?.so;;"

mkdir -p build/bench
cc -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -o build/bench/post bench/post/curl.c -lcurl

failed=0
"$LUA" bench/load.lua || failed=1
"$LUA" bench/post/run.lua || failed=1
"$LUA" bench/cli/run.lua || failed=1
exit $failed
