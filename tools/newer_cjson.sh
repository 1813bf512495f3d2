#!/bin/sh
# Builds a lua-cjson that marks arrays itself (OpenResty's, 2.1.0.5 and newer), beside Debian's 2.1.0 that doesn't: the specs of JSON
# run with both where this one is there.
#
#   tools/newer_cjson.sh [LUA ...]        into build/cjson/<lua>/cjson.so; without any: for every Lua that is installed
#
# SOURCE is a git repository of it, a folder or a URL. Fails where that can't be reached.
set -eu
cd "$(dirname "$0")/.."

source=${SOURCE:-https://github.com/openresty/lua-cjson}
tag=2.1.0.19
folder=build/cjson/source-$tag

if [ ! -f $folder/lua_cjson.c ]; then
   rm -rf $folder
   mkdir -p build/cjson
   GIT_TERMINAL_PROMPT=0 timeout 60 git -c advice.detachedHead=false clone -q --depth 1 --branch $tag "$source" $folder
fi
for lua in ${*:-lua5.4 lua5.3 lua5.1 luajit}; do
   command -v "$lua" >/dev/null || continue
   mkdir -p "build/cjson/$lua"
   ${CC:-cc} -O2 -w -fPIC -shared -DENABLE_CJSON_GLOBAL=0 $(pkg-config --cflags "$lua") $folder/lua_cjson.c $folder/strbuf.c $folder/fpconv.c \
      -o "build/cjson/$lua/cjson.so"
done
