#!/bin/sh
# make matrix: the README's two commands in minimal roots of other Debian releases, each fresh.
#
#   tools/matrix/run.sh SUITE[:ARCH]=LUA[,LUA...] ...    trixie=lua5.4,luajit forky=lua5.5
#
# SPECS names what to run instead of spec/. MATRIX_CACHE holds the roots' archives and the downloaded
# packages (tools/matrix/root.sh); each run unpacks its root anew, below MATRIX_WORK (/tmp).
# The last line is "N passed, N failed, N skipped". Needs root; without it all are skipped.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0 skipped=0

if [ "$(id -u)" != 0 ]; then
   echo "skipped: the matrix needs root, to make roots of other systems"
   echo "0 passed, 0 failed, $# skipped"
   exit 0
fi

# Lets apt in the root reach the packages as this machine does: names, mirror, certificates.
configure() {
   cp -L /etc/resolv.conf "$1/etc/resolv.conf"
   for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
      [ -f "$file" ] || continue
      ! grep -qi '^ *Acquire::\(http\|https\|ftp\|Check\|Retries\|Languages\)' "$file" ||
         cp "$file" "$1/etc/apt/apt.conf.d/"
   done
}

# Runs a script in the root with a process table and mounts of its own: whatever happens, at its
# end nothing is mounted and nothing runs there any more.
enter() {
   root=$1 packages=$2
   shift 2
   unshare --mount --pid --fork sh -c '
      root=$1 packages=$2
      shift 2
      mount -t proc proc "$root/proc" && mount --rbind /sys "$root/sys" &&
         mount --rbind /dev "$root/dev" &&
         mount --bind "$packages" "$root/var/cache/apt/archives" &&
         exec chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            HOME=/root LANG=C.UTF-8 SPECS="$SPECS" "$@"' sh "$root" "$packages" "$@" </dev/null
}

run() {
   system=${1%%=*} luas=$(echo "${1#*=}" | tr ',' ' ')
   suite=${system%%:*} arch=$(dpkg --print-architecture)
   [ "$suite" = "$system" ] || arch=${system#*:}
   echo "== $suite ($arch): $luas"
   archive=$(tools/matrix/root.sh "$suite" "$arch") || return 1
   packages=${archive%.tar}.packages
   mkdir -p "$packages/partial"
   tar -C "$folder" -xf "$archive"
   configure "$folder"
   mkdir "$folder/root/twilio"
   git ls-files -z -co --exclude-standard | tar --null -T - -cf - | tar -C "$folder/root/twilio" -xf -
   # shellcheck disable=SC2086
   enter "$folder" "$packages" /root/twilio/tools/matrix/inside.sh $luas
}

SPECS=${SPECS:-}
export SPECS
for item in "$@"; do
   folder=$(mktemp -d "${MATRIX_WORK:-/tmp}/twilio-matrix-XXXXXX")
   trap 'rm -rf --one-file-system "$folder"' EXIT
   trap 'exit 1' INT TERM
   chmod 755 "$folder"
   run "$item" >"$folder.log" 2>&1
   cat "$folder.log"
   last=$(tail -n 1 "$folder.log")
   rm -rf --one-file-system "$folder" "$folder.log"
   case "$last" in
      *" passed, "*" failed")
         passed=$((passed + ${last%% *}))
         last=${last#*, }
         failed=$((failed + ${last%% *}))
         ;;
      *) failed=$((failed + 1)) ;;
   esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
