#!/bin/sh
# Runs in a root of the matrix, as on a fresh machine: the README's two commands, in the checkout.
#
#   tools/matrix/inside.sh LUA...      of the suite, these alone; SPECS: these specs alone
#
# The last line is "N passed, N failed".
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0
log=$(mktemp)

if make demo >"$log" 2>&1; then
   passed=1
   echo "ok: make demo"
else
   failed=1
   echo "FAILED: make demo"
   tail -n 50 "$log"
fi

make test TESTS="$*" 2>&1 | tee "$log"
last=$(grep '^[0-9]* passed, [0-9]* failed$' "$log" | tail -n 1)
case "$last" in
   *" passed, "*" failed")
      passed=$((passed + ${last%% *}))
      last=${last#*, }
      failed=$((failed + ${last%% *}))
      ;;
   *) failed=$((failed + 1)) ;;
esac

# The versions that docs/systems.md names.
dpkg-query -W -f '   ${Package} ${Version}\n' 'libcurl4*' 'libssl3*' nginx gcc 'lua5.?' 'luajit*' \
   2>/dev/null | grep ' [0-9]'
echo "$passed passed, $failed failed"
