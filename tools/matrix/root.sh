#!/bin/sh
# Makes the archive of a minimal root of a Debian release, unless it is there: what a fresh machine
# has, and of what the README asks for only git, make and a C compiler. Prints the archive's path.
#
#   tools/matrix/root.sh SUITE [ARCH]      trixie, forky; amd64, arm64 (as this machine without)
#
# MATRIX_CACHE is the folder (/var/cache/twilio-matrix), MATRIX_MIRROR the mirror. Needs root.
set -eu
suite=$1
arch=${2:-$(dpkg --print-architecture)}
cache=${MATRIX_CACHE:-/var/cache/twilio-matrix}
mirror=${MATRIX_MIRROR:-http://deb.debian.org/debian}
archive=$cache/$suite-$arch.tar

if [ -f "$archive" ]; then
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
# debootstrap mounts proc and sys there. In a mount namespace of its own they end with it.
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' INT TERM
chmod 755 "$work"
unshare --mount debootstrap --arch="$arch" --variant=minbase \
   --include=git,make,gcc,libc6-dev,ca-certificates "$suite" "$work" "$mirror" >"$work.log" 2>&1 || {
   tail -n 20 "$work.log" >&2
   exit 1
}
rm -f "$work.log"
rm -rf "$work"/var/cache/apt/archives/*.deb
tar -C "$work" --one-file-system -cf "$archive.$$" .
mv "$archive.$$" "$archive"
echo "$archive"
