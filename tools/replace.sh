#!/bin/sh
# Puts a new file in the place of an old one in one step, if it differs: a program that runs the old one keeps it.
#
#   tools/replace.sh NEW OLD
set -eu
cmp -s "$1" "$2" && exit 0
mkdir -p "$(dirname "$2")"
cp "$1" "$2.new"
mv -f "$2.new" "$2"
