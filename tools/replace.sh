#!/bin/sh
# Puts a new file in the place of an old one in one step, if it differs. A program that runs the
# old one keeps it: what is mapped or being read is never written into.
#
#   tools/replace.sh NEW OLD
set -eu
cmp -s "$1" "$2" && exit
mkdir -p "$(dirname "$2")"
trap 'rm -f "$2.new.$$"' EXIT
trap 'exit 1' INT TERM
cp "$1" "$2.new.$$"
mv -f "$2.new.$$" "$2"
