#!/bin/sh
# make release-check: everything that must hold before a version is tagged; docs/releasing.md is
# the checklist around it. Ends with "N passed, N failed", and with status 0 only if all passed.
#
#   tools/release_check.sh              all checks
#   tools/release_check.sh tree types   some of them
#
#   tree        nothing is uncommitted
#   tag         the version has no tag yet
#   changelog   the topmost heading of CHANGELOG.md is this version with a date, and has entries
#   version     the version stands in one file, and all that show it have it from there
#   generated   API data, schemas, TwiML's grammar and types are what the generators make
#   types       the annotations parse and resolve; examples and documents are right by them
#   docs        the reference builds, and each of its links leads somewhere
#   dist        make dist builds; from the archive alone the library and the sandbox are installed,
#               and make a call
#   rock        LuaRocks builds the source rocks on each Lua (.ci/run)
#
# The specs themselves are run by `bash .ci/run`.
set -u
cd "$(dirname "$0")/.."
version=$(sed -n 's/^return "\(.*\)"$/\1/p' lua/twilio/util/version.lua)
LUA=${LUA:-lua5.4}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tree() {
   changed=$(git status --porcelain)
   [ -z "$changed" ] || { echo "uncommitted:"; echo "$changed"; return 1; }
}

tag() {
   [ -z "$(git tag -l "v$version")" ] || { echo "the tag v$version is there already"; return 1; }
}

changelog() {
   heading=$(grep -m 1 '^## ' CHANGELOG.md)
   date=[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]
   case "$heading" in
      "## $version ("$date")") ;;
      *) echo "CHANGELOG.md begins with '$heading', not '## $version (year-month-day)'"; return 1 ;;
   esac
   sed -n '/^## /{:a;n;/^## /q;p;ba}' CHANGELOG.md | grep -q '^- ' ||
      { echo "CHANGELOG.md has no entry for $version"; return 1; }
}

specs() {
   LUA_PATH="lua/?.lua;spec/?.lua;;" LUA_CPATH="build/$LUA/?.so;;" \
      $LUA "$(command -v busted)" -o TAP "$@"
}

version() { make -s LUA="$LUA" && specs spec/util/version_spec.lua; }

generated() {
   sh .ci/run generated && specs --filter="are what the generator makes" spec/tools/types_spec.lua
}

types() { $LUA tools/types/check.lua && specs --filter="^the types" spec/tools/types_spec.lua; }

docs() { make -s LUA="$LUA" docs; }

dist() {
   make -s dist || return 1
   tar -xf "build/dist/twilio-$version.tar.gz" -C "$work" || return 1
   lua=${LUA#lua}
   [ "$lua" != jit ] || lua=5.1
   (
      cd "$work/twilio-$version" || exit 1
      make -s LUA="$LUA" PREFIX="$work/root" install install-sandbox || exit 1
      cd /
      LUA_PATH="$work/root/share/lua/$lua/?.lua;;" LUA_CPATH="$work/root/lib/lua/$lua/?.so;;" \
         VERSION=$version $LUA -e 'local twilio = require "twilio"
            assert(twilio._VERSION == os.getenv "VERSION", twilio._VERSION)
            local client = twilio.client {
               account_sid = "AC" .. ("0"):rep(32), auth_token = "token",
               transport = require("twilio.sandbox").new(),
            }
            local arguments = { to = "+15558675310", from = "+14155552344", body = "x" }
            assert(client.messages:create(arguments))
            print(twilio.describe "messages:create")'
   )
}

rock() { sh .ci/run rock; }

passed=0 failed=0
for name in ${*:-tree tag changelog version generated types docs dist rock}; do
   if "$name" >"$work/log" 2>&1 </dev/null; then
      passed=$((passed + 1))
      echo "ok: $name"
   else
      failed=$((failed + 1))
      echo "FAILED: $name"
      tail -n 20 "$work/log"
   fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
