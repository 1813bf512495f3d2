#!/bin/sh
# make test: every spec, on every Lua that is installed; ends with "N passed, N failed".
#
#   tools/test.sh [BUILD ...]
#
# A BUILD is a Lua (lua5.5 lua5.4 lua5.3 lua5.1 luajit; without any: all that are there), or a Lua and its sanitizers
# (lua5.4-address-undefined, lua5.4-thread). SPECS names what to run instead of spec/. Installs what is missing first.
#
# Lua 5.5: busted and what it needs come from Debian's packages, whose modules are also in /usr/share/lua/5.5; lua-cjson
# is built from Debian's source package (tools/cjson.sh). LUA_INIT_5_5 adds its folder to the path of each lua5.5, those
# too that a spec starts. cqueues and luv aren't there, and specs that need them say so.
set -u
cd "$(dirname "$0")/.."

tools/deps.sh test || exit 1
busted=$(command -v busted) || { echo "busted is missing: luarocks install busted"; exit 1; }

installed() {
   for lua in lua5.4 lua5.5 lua5.3 lua5.1 luajit; do
      if command -v $lua >/dev/null; then echo $lua; fi
   done
}

# The sanitizers of a build need their library loaded before all others.
preloaded() {
   case "$1" in
      *-address*) gcc -print-file-name=libasan.so ;;
      *-thread*) gcc -print-file-name=libtsan.so ;;
   esac
}

# Specs that run other programs (nginx, node, drivers in C) don't run what was built here, and are slow below a sanitizer.
specs_of() {
   case "$1" in
      *-*) find spec -name '*_spec.lua' | grep -v -e nginx -e openresty -e workers -e race -e examples/ -e clients | sort ;;
      *) echo spec ;;
   esac
}

# Leaks are not asked for: busted doesn't close its Lua state.
run_specs() {
   # A hanging spec must not hang the caller for ever.
   preload=$(preloaded "$1")
   if [ -n "$preload" ]; then
      preload=$preload:$PWD/build/$1/forget_preload.so
      cc -fPIC -shared tools/forget_preload.c -o "${preload#*:}" || return 1
   fi
   LUA_PATH="lua/?.lua;spec/?.lua;;" LUA_CPATH="build/$1/?.so;;" \
      ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1 SANITIZER="$preload" \
      timeout 1500 env LD_PRELOAD="$preload" "${1%%-*}" "$busted" -o TAP \
      ${SPECS:-$(specs_of "$1")} </dev/null
}

passed=0 failed=0
# Adds up busted's TAP report. Without its last line, the plan, it has broken down: that is a failure more, and the last spec
# that it tells of stands before the culprit.
add() {
   ok=$(grep -c '^ok' "$1") not_ok=$(grep -c '^not ok' "$1")
   if ! grep -q '^1\.\.[0-9]*$' "$1" || { [ "$2" != 0 ] && [ "$not_ok" = 0 ]; }; then
      not_ok=$((not_ok + 1))
      echo "busted ended with status $2 after:"
      tail -n 5 "$1"
   fi
   echo "$ok passed, $not_ok failed on $3"
   passed=$((passed + ok)) failed=$((failed + not_ok))
}

test_build() {
   lua=${1%%-*}
   sanitizers=$(echo "${1#"$lua"}" | sed 's/^-//; s/-/,/g')
   if ! make -s LUA="$lua" SAN="$sanitizers" "build/$1/twilio/core.so"; then
      failed=$((failed + 1))
      return
   fi
   if [ "$lua" = lua5.5 ]; then
      tools/cjson.sh lua5.5 build/modules/lua5.5 || { failed=$((failed + 1)); return; }
      export LUA_INIT_5_5="package.cpath = package.cpath .. ';$PWD/build/modules/lua5.5/?.so'"
   fi
   output=$(mktemp)
   run_specs "$1" >"$output" 2>&1
   status=$?
   grep -v -e '^ok' -e '^1\.\.' "$output"
   add "$output" $status "$1"
   # The secrets that specs use begin with "hush-" (in base64: aHVzaC): nothing that the suite prints may hold one.
   if grep -n -e 'hush-' -e 'aHVzaC' "$output"; then
      echo "a secret was printed"
      failed=$((failed + 1))
   fi
   rm -f "$output"
}

builds=${*:-$(installed)}
for build in $builds; do test_build "$build"; done
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]
