#!/bin/sh
# Runs one part of a build's specs, for tools/test.sh, and prints the build's name at its end.
#
#   tools/test_part.sh FOLDER BUILD PART      PART: 1 to PARTS, the number of parts
#
# FOLDER has the list of the spec files (BUILD.specs), of which each part takes every PARTSth. It
# gets what busted says (BUILD.PART), and its exit status (BUILD.PART.status).
#
# Lua 5.5: busted and what it needs come from Debian's packages, whose modules are also in
# /usr/share/lua/5.5; lua-cjson is built from Debian's source package (tools/cjson.sh). LUA_INIT_5_5
# adds its folder to the path of each lua5.5, those too that a spec starts. cqueues and luv aren't
# there, and specs that need them say so.
set -u
folder=$1 build=$2 part=$3
cd "$(dirname "$0")/.."
specs=$(awk "NR % $PARTS == $part % $PARTS" "$folder/$build.specs")

# The sanitizers of a build need their library loaded before all others.
preload=
case "$build" in
   *-address*) preload=$(gcc -print-file-name=libasan.so) ;;
   *-thread*) preload=$(gcc -print-file-name=libtsan.so) ;;
esac
[ -z "$preload" ] || preload=$preload:$PWD/build/$build/forget_preload.so

case "$build" in
   lua5.5*)
      export LUA_INIT_5_5="package.cpath = package.cpath .. ';$PWD/build/modules/lua5.5/?.so'" ;;
esac

# A hanging spec must not hang the caller for ever; --foreground: Ctrl-C ends busted, too. Leaks are
# not asked for: busted doesn't close its Lua state.
if [ -n "$specs" ]; then
   LUA_PATH="lua/?.lua;spec/?.lua;;" LUA_CPATH="build/$build/?.so;;" \
      ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1 SANITIZER="$preload" \
      timeout --foreground 1500 env LD_PRELOAD="$preload" "${build%%-*}" "$(command -v busted)" \
      -o TAP $specs </dev/null >"$folder/$build.$part" 2>&1
   echo $? >"$folder/$build.$part.status"
fi
echo "$build"
