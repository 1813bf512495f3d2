#!/bin/sh
# One root of the matrix: unpacks it, runs tools/matrix/inside.sh there, and removes it.
#
#   tools/matrix/one.sh SUITE[:ARCH]=LUA[,LUA...]
#
# The last line is "N passed, N failed", or "skipped: " and the reason. The script removes the root
# however it ends; after a SIGKILL the next run does. Mounts and processes of the root are in
# namespaces of their own, which end with this script.
set -u
cd "$(dirname "$0")/../.."
work=${MATRIX_WORK:-/tmp}
system=${1%%=*} luas=$(echo "${1#*=}" | tr ',' ' ')
suite=${system%%:*} own=$(dpkg --print-architecture)
arch=$own
[ "$suite" = "$system" ] || arch=${system#*:}
root= child=

finish() {
   [ -z "$child" ] || kill "-$signal" "$child" 2>/dev/null
   [ -z "$child" ] || wait "$child" 2>/dev/null
   [ -z "$root" ] || rm -rf --one-file-system "$root"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# Runs a command that a signal to this script ends: by SIGTERM, or as its first argument says.
attend() {
   signal=$1
   shift
   "$@" </dev/null &
   child=$!
   wait "$child"
   status=$?
   child=
   return $status
}

# Roots of programs that were killed.
for left in "$work"/twilio-matrix-*; do
   owner=${left##*/twilio-matrix-} owner=${owner%%-*}
   [ ! -d "$left" ] || [ -e "/proc/$owner" ] || rm -rf --one-file-system "$left"
done

# Another processor is emulated by qemu, which the kernel starts.
emulator() {
   case "$arch" in arm64) echo qemu-aarch64 ;; *) echo "qemu-$arch" ;; esac
}
if [ "$arch" != "$own" ] && [ ! -e "/proc/sys/fs/binfmt_misc/$(emulator)" ]; then
   attend TERM apt-get install -y -qq --no-install-recommends qemu-user-static binfmt-support
   if [ ! -e "/proc/sys/fs/binfmt_misc/$(emulator)" ]; then
      echo "skipped: programs for $arch don't run here (qemu-user-static, binfmt-support)"
      exit
   fi
fi

root=$(mktemp -d "$work/twilio-matrix-$$-XXXXXX") || exit 1
chmod 755 "$root"
attend TERM tools/matrix/root.sh "$suite" "$arch" >"$root/archive" || exit 1
archive=$(cat "$root/archive")
rm "$root/archive"
attend TERM tar -C "$root" -xf "$archive" || exit 1

# Lets apt in the root reach the packages as this machine does: names, mirror, certificates. dpkg
# needn't put each file onto the disk at once: nobody keeps them.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
   [ -f "$file" ] || continue
   ! grep -qi '^ *Acquire::\(http\|https\|ftp\|Check\|Retries\|Languages\)' "$file" ||
      cp "$file" "$root/etc/apt/apt.conf.d/"
done
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/matrix"

# Packages that an earlier run has downloaded; a copy, because two roots can't share apt's lock.
packages=${MATRIX_CACHE:-/var/cache/twilio-matrix}/$suite-$arch.packages
mkdir -p "$packages"
cp -ln "$packages"/*.deb "$root/var/cache/apt/archives/" 2>/dev/null ||
   cp -n "$packages"/*.deb "$root/var/cache/apt/archives/" 2>/dev/null

mkdir "$root/root/twilio"
git ls-files -z -co --exclude-standard | tar --null -T - -cf - | tar -C "$root/root/twilio" -xf -

# shellcheck disable=SC2086
attend KILL setpriv --pdeathsig KILL unshare --mount --pid --kill-child sh -c '
   root=$1
   shift
   mount -t proc proc "$root/proc" && mount --rbind /sys "$root/sys" &&
      mount --rbind /dev "$root/dev" &&
      exec chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
         HOME=/root LANG=C.UTF-8 SPECS="${SPECS:-}" JOBS="${JOBS:-}" "$@"' \
   sh "$root" /root/twilio/tools/matrix/inside.sh $luas
status=$?

cp -ln "$root"/var/cache/apt/archives/*.deb "$packages/" 2>/dev/null ||
   cp -n "$root"/var/cache/apt/archives/*.deb "$packages/" 2>/dev/null
find "$packages" -name '*.deb' -mtime +60 -delete
exit $status
