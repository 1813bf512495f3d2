#!/bin/sh
# make matrix: the README's two commands in minimal roots of other Debian releases, each fresh.
#
#   tools/matrix/run.sh SUITE[:ARCH]=LUA[,LUA...] ...    trixie=lua5.4,luajit forky=lua5.5
#
# The roots run side by side (tools/matrix/one.sh) and share the processors; each is reported when
# it has ended. SPECS names what to run instead of spec/. MATRIX_CACHE holds the roots' archives and
# the downloaded packages (tools/matrix/root.sh); each run unpacks its roots anew, below MATRIX_WORK
# (/tmp). The last line is "N passed, N failed, N skipped". Needs root; without it all are skipped.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0 skipped=0

if [ "$(id -u)" != 0 ]; then
   echo "skipped: the matrix needs root, to make roots of other systems"
   echo "0 passed, 0 failed, $# skipped"
   exit 0
fi

logs=$(mktemp -d)
children=
finish() {
   for child in $children; do kill "$child" 2>/dev/null; done
   wait
   [ -z "$children" ] || tail -n 50 "$logs"/*
   rm -rf "$logs"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

JOBS=$(($(nproc) / ($# > 0 ? $# : 1)))
[ "$JOBS" -gt 0 ] || JOBS=1
SPECS=${SPECS:-}
export SPECS JOBS

# A child notices even that this script is killed.
number=0
for item; do
   number=$((number + 1))
   setpriv --pdeathsig TERM tools/matrix/one.sh "$item" >"$logs/$number" 2>&1 </dev/null &
   children="$children $!"
done

number=0
for item; do
   number=$((number + 1))
   child=${children# } child=${child%% *}
   wait "$child"
   children=${children#*"$child"}
   echo "== $item"
   cat "$logs/$number"
   last=$(tail -n 1 "$logs/$number")
   case "$last" in
      *" passed, "*" failed")
         passed=$((passed + ${last%% *}))
         last=${last#*, }
         failed=$((failed + ${last%% *}))
         ;;
      "skipped: "*) skipped=$((skipped + 1)) ;;
      *) failed=$((failed + 1)) ;;
   esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
