#!/bin/sh
# Installs what is missing from the distribution's packages (Debian, Ubuntu); elsewhere says what to install.
#
#   tools/deps.sh build|demo|test
#
# build: Lua, libcurl, OpenSSL, lua-cjson. demo: also nginx with its Lua module, and
# luv (the sandbox's proxy). test: also every Lua that the release has, busted, curl and the event loops.

set -eu

build="lua5.4 liblua5.4-dev libcurl4-openssl-dev libssl-dev lua-cjson pkg-config"
demo="$build nginx libnginx-mod-http-lua openssl luajit-headers lua-luv"
test="$demo curl procps locales lua5.1 liblua5.1-0-dev lua5.3 liblua5.3-dev luajit lua-busted lua-socket lua-cqueues lua-http lua-argparse lua-sql-sqlite3 lua-sql-postgres postgresql"
optional= # where the release has them

case "${1:-}" in
   build) wanted=$build ;;
   demo) wanted=$demo ;;
   test) wanted=$test optional="lua5.5 liblua5.5-dev lua-expat" ;;
   *) echo "usage: tools/deps.sh build|demo|test" >&2; exit 2 ;;
esac

# Debian has two LuaJITs, which can't be installed side by side; either will do.
package_of() {
   case "$1" in
      luajit-headers) echo "libluajit2-5.1-dev|libluajit-5.1-dev" ;;
      luajit) echo "luajit2|luajit" ;;
      pkg-config) echo "pkg-config|pkgconf" ;;
      *) echo "$1" ;;
   esac
}

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q "ok installed"; }
# A virtual package has no candidate, though apt-cache show knows its name.
is_known() { apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [^(]'; }

# Prints the package to install for a name, or nothing if one of its packages is there.
missing() {
   choices=$(package_of "$1" | tr '|' ' ')
   for package in $choices; do is_installed "$package" && return; done
   for package in $choices; do
      if is_known "$package"; then echo "$package"; return; fi
   done
   echo "${choices%% *}"
}

if ! command -v apt-get >/dev/null; then
   echo "This script installs packages on Debian and Ubuntu. Here, please see to it that there are:"
   echo "  Lua 5.4 (or 5.5, 5.3, 5.1, LuaJIT 2.1) with its headers, libcurl (7.80 or newer) and OpenSSL (1.1.1 or newer)"
   echo "  with theirs, pkg-config, lua-cjson"
   [ "$1" = build ] || echo "  nginx with its Lua module (or OpenResty), LuaJIT's headers, the openssl command, luv"
   [ "$1" != test ] || echo "  busted, luasocket, curl; for all of the specs also cqueues, lua-http, argparse, LuaSQL (SQLite, PostgreSQL)"
   [ "$1" != test ] || echo "  and a PostgreSQL server"
   command -v pkg-config >/dev/null && command -v openssl >/dev/null || exit 1
   exit 0
fi

list_missing() {
   for name in $wanted; do missing "$name"; done
   for package in $optional; do
      if ! is_installed "$package" && is_known "$package"; then echo "$package"; fi
   done
}

packages=$(list_missing)
[ -n "$packages" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "Installing:" $packages
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
packages=$(list_missing) # names that only the fresh lists know
# RUNLEVEL=1: installing nginx shall not start a web server on port 80, and Debian's scripts start nothing in runlevel 1.
$as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $packages >/dev/null
