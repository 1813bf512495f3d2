#!/bin/sh
# Puts a new file in the place of an old one in one step, if it differs; of a folder, each of its files (links are left
# out). A program that runs the old one keeps it: what is mapped or being read is never written into.
#
#   tools/replace.sh [-m MODE] NEW OLD
set -eu
mode=
if [ "$1" = -m ]; then
   mode=$2
   shift 2
fi

replace() {
   if cmp -s "$1" "$2"; then
      [ -z "$mode" ] || chmod "$mode" "$2"
      return
   fi
   mkdir -p "$(dirname "$2")"
   cp "$1" "$2.new.$$"
   [ -z "$mode" ] || chmod "$mode" "$2.new.$$"
   mv -f "$2.new.$$" "$2"
}

if [ -d "$1" ]; then
   (cd "$1" && find . -type f) | while read -r file; do replace "$1/$file" "$2/$file"; done
else
   replace "$1" "$2"
fi
