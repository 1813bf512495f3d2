#!/bin/sh
# Builds lua-cjson from Debian's source package for a Lua that Debian has no lua-cjson for (5.5).
#
#   tools/cjson.sh LUA FOLDER      puts cjson.so into FOLDER, unless the Lua finds a cjson
#
# Downloads the source with apt, from where this machine's packages come, with lists of its own:
# the system's apt needs no deb-src line and isn't changed.
set -eu
lua=$1 target=$2

! "$lua" -e 'require "cjson"' 2>/dev/null || exit 0
[ ! -f "$target/cjson.so" ] || exit 0
command -v apt-get >/dev/null || { echo "lua-cjson for $lua is missing" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
chmod 755 "$work"

mkdir -p "$work/lists/partial"
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
   sed 's/^/deb-src /' >"$work/sources.list"
apt() {
   apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- \
      -o Dir::State::Lists="$work/lists" -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache= \
      -o APT::Sandbox::User=root "$@" >&2
}
apt update
(cd "$work" && apt source --download-only --tar-only lua-cjson && tar -xf lua-cjson_*.orig.tar.*)

mkdir -p "$target"
# shellcheck disable=SC2046
${CC:-cc} -O2 -fPIC -shared -w -DNDEBUG $(${PKG_CONFIG:-pkg-config} --cflags "$lua") \
   "$work"/lua-cjson*/lua_cjson.c "$work"/lua-cjson*/strbuf.c "$work"/lua-cjson*/fpconv.c \
   -o "$target/cjson.so" -lm
