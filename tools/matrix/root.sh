#!/bin/sh
# Makes the archive of a minimal root of a Debian release, unless a fresh one is there: what a new
# machine has, and of what the README asks for only git, make and a C compiler. Prints the archive's
# path.
#
#   tools/matrix/root.sh SUITE [ARCH]      trixie, forky; amd64, arm64 (as this machine without)
#
# MATRIX_CACHE is the folder (/var/cache/twilio-matrix), MATRIX_MIRROR the mirror. An archive older
# than MATRIX_DAYS (30), or one of other packages or another mirror, is stale. Needs root.
set -eu
suite=$1
arch=${2:-$(dpkg --print-architecture)}
cache=${MATRIX_CACHE:-/var/cache/twilio-matrix}
mirror=${MATRIX_MIRROR:-http://deb.debian.org/debian}
days=${MATRIX_DAYS:-30}
packages=git,make,gcc,libc6-dev,ca-certificates
recipe=$(echo "$packages $mirror" | cksum | cut -d ' ' -f 1)
archive=$cache/$suite-$arch.$recipe.tar

if [ -n "$(find "$archive" -mtime "-$days" 2>/dev/null)" ]; then
   echo "$archive"
   exit
fi

if ! command -v debootstrap >/dev/null; then
   apt-get update -qq >&2
   apt-get install -y -qq --no-install-recommends debootstrap >&2
fi
# A release newer than this machine's debootstrap is made as sid is.
[ -e /usr/share/debootstrap/scripts/"$suite" ] ||
   ln -s sid /usr/share/debootstrap/scripts/"$suite"

mkdir -p "$cache"
work=$(mktemp -d "$cache/new-$suite-XXXXXX")
child=
finish() {
   [ -z "$child" ] || kill -KILL "$child" 2>/dev/null || :
   rm -rf --one-file-system "$work" "$work.log" "$archive.$$"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$work"
# debootstrap mounts proc and sys there. In namespaces of its own they end with it, and it ends with
# this script.
setpriv --pdeathsig KILL unshare --mount --pid --kill-child debootstrap --arch="$arch" \
   --variant=minbase --include=$packages "$suite" "$work" "$mirror" >"$work.log" 2>&1 &
child=$!
wait "$child" || {
   tail -n 20 "$work.log" >&2
   exit 1
}
child=
rm -rf "$work"/var/cache/apt/archives/*.deb
tar -C "$work" --one-file-system -cf "$archive.$$" .
find "$cache" -maxdepth 1 -name "$suite-$arch.*tar" -delete
mv "$archive.$$" "$archive"
echo "$archive"
