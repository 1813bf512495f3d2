#!/bin/sh
# Puts a new file in the place of an old one in one step, if it differs. A program that runs the
# old one keeps it: what is mapped or being read is never written into.
#
#   tools/replace.sh [-m MODE] NEW OLD
set -eu
mode=
if [ "$1" = -m ]; then
   mode=$2
   shift 2
fi

if cmp -s "$1" "$2"; then
   [ -z "$mode" ] || [ -n "$(find "$2" -prune -perm "$mode")" ] || chmod "$mode" "$2"
   exit
fi
mkdir -p "$(dirname "$2")"
trap 'rm -f "$2.new.$$"' EXIT
trap 'exit 1' INT TERM
cp "$1" "$2.new.$$"
[ -z "$mode" ] || chmod "$mode" "$2.new.$$"
mv -f "$2.new.$$" "$2"
