#!/bin/sh
# make test: every spec, on every Lua that is installed; ends with "N passed, N failed".
#
#   tools/test.sh [BUILD ...]
#
# A BUILD is a Lua (lua5.5 lua5.4 lua5.3 lua5.1 luajit), or a Lua and its sanitizers
# (lua5.4-address-undefined, lua5.4-thread), or all: each Lua that is installed, as without any.
# SPECS names what to run instead of spec/. Installs what is missing first.
#
# JOBS processes run at a time: as many as there are processors, unless told. The spec files of a
# build are dealt out to PARTS processes (tools/test_part.sh). The more files a process runs, the
# larger is its heap, and the longer takes each collection of garbage, of which specs need many. A
# build's output is printed when its last part ends, in the order of the builds.
#
# The spec files in tools/once.txt test nothing that differs by Lua: they run on the first build
# alone, unless SPECS names them.
set -u
cd "$(dirname "$0")/.."
export PARTS=8

tools/deps.sh test || exit 1
command -v busted >/dev/null || { echo "busted is missing: luarocks install busted"; exit 1; }
jobs=${JOBS:-$(nproc 2>/dev/null || echo 1)}

builds_of() {
   for name; do
      [ "$name" = all ] || echo "$name"
      [ "$name" != all ] || for lua in lua5.4 lua5.5 lua5.3 lua5.1 luajit; do
         if command -v $lua >/dev/null; then echo $lua; fi
      done
   done
}

# Makes all that the parts of a build share.
make_build() {
   lua=${1%%-*}
   sanitizers=$(echo "${1#"$lua"}" | sed 's/^-//; s/-/,/g')
   make -s -j"$jobs" LUA="$lua" SAN="$sanitizers" modules || return 1
   if [ -n "$sanitizers" ]; then
      cc -fPIC -shared tools/forget_preload.c -o "build/$1/forget_preload.so" || return 1
   fi
   [ "$lua" != lua5.5 ] || tools/cjson.sh lua5.5 build/modules/lua5.5
}

# Prints the spec files that a build runs of those on standard input. Specs that run other programs
# (nginx, node, drivers in C) don't run what was built here, and are slow below a sanitizer.
chosen() {
   case "$1" in
      *-*) grep -v -e nginx -e openresty -e workers -e race -e examples/ -e clients ;;
      *) cat ;;
   esac | if [ "$1" = "$first" ]; then cat; else grep -v -x -F -f tools/once.txt; fi
}

# Prints what a part said, and counts. Without its last line, the plan, busted has broken down: that
# is a failure more, and the last spec that it tells of stands before the culprit.
report_part() {
   grep -v -e '^ok' -e '^1\.\.' "$1"
   ok=$(grep -c '^ok' "$1") not_ok=$(grep -c '^not ok' "$1") status=$(cat "$1.status")
   if ! grep -q '^1\.\.[0-9]*$' "$1" || { [ "$status" != 0 ] && [ "$not_ok" = 0 ]; }; then
      not_ok=$((not_ok + 1))
      echo "busted ended with status $status after:"
      tail -n 5 "$1"
   fi
   # The secrets that specs use begin with "hush-" (in base64: aHVzaC): nothing that the suite
   # prints may hold one.
   if grep -n -e 'hush-' -e 'aHVzaC' "$1"; then
      echo "a secret was printed"
      not_ok=$((not_ok + 1))
   fi
   build_passed=$((build_passed + ok)) build_failed=$((build_failed + not_ok))
}

report_build() {
   build_passed=0 build_failed=0
   for status in "$folder/$1".*.status; do report_part "${status%.status}"; done
   left_out=$(($(wc -l <"$folder/all") - $(wc -l <"$folder/$1.specs")))
   [ $left_out = 0 ] || echo "$left_out of $(wc -l <"$folder/all") spec files are left out on $1"
   echo "$build_passed passed, $build_failed failed on $1"
   passed=$((passed + build_passed)) failed=$((failed + build_failed))
}

# Reads the builds' names, which the parts print when they end, and reports each that is complete.
report() {
   while read -r name; do
      echo "$name" >>"$folder/ended"
      while [ $# -gt 0 ] && [ "$(grep -c -x -e "$1" "$folder/ended")" = $PARTS ]; do
         report_build "$1"
         shift
      done
   done
   for build; do
      echo "$build has not ended"
      failed=$((failed + 1))
   done
   echo "$passed passed, $failed failed"
   [ $failed = 0 ] && [ $passed -gt 0 ]
}

passed=0 failed=0 builds=
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

make_build luajit # for nginx, whichever Lua a spec runs on
for build in $(builds_of ${*:-all}); do
   if make_build "$build"; then builds="$builds $build"; else failed=$((failed + 1)); fi
done
first=$(echo $builds | cut -d ' ' -f 1)

find ${SPECS:-spec} -name '*_spec.lua' | sort >"$folder/all"
for build in $builds; do
   if [ -n "${SPECS:-}" ]; then cat; else chosen "$build"; fi <"$folder/all" >"$folder/$build.specs"
   for part in $(seq $PARTS); do echo "$build $part"; done
done | xargs -P "$jobs" -n 2 tools/test_part.sh "$folder" | report $builds
