#!/bin/sh
# make dist: a source archive of HEAD and a rockspec of each rock with the version that
# lua/twilio/util/version.lua names, in build/dist.
#
#   luarocks build build/dist/twilio-VERSION-1.rockspec      also luarocks pack
#   luarocks build twilio-VERSION-1.src.rock                 anywhere, with nothing else there
#
# LuaRocks knows no hyphen within a version: a candidate 2.0.0-rc1 is its 2.0.0rc1, before 2.0.0.
#
# URL= is the folder that the archive will be downloaded from (without it: build/dist itself),
# HOMEPAGE= the rocks' home page. The .src.rock, rockspec and archive in one file, needs luarocks.
set -eu
cd "$(dirname "$0")/.."

version=$(sed -n 's/^return "\(.*\)"$/\1/p' lua/twilio/util/version.lua)
revision=$(printf %s "$version" | tr -d -)-1
name=twilio-$version
folder=build/dist
rm -rf $folder
mkdir -p $folder

# gzip -n: no time in it, so that the same commit makes the same archive.
git archive --format=tar --prefix="$name/" HEAD >"$folder/$name.tar"
gzip -n9 "$folder/$name.tar"

here=file://$PWD/$folder
url=${URL:-$here}
url=${url%/}/$name.tar.gz
rockspec() {
   sed -e "s|^version = .*|version = \"$revision\"|" \
      -e "s|^source = .*|source = { url = \"$2\", dir = \"$name\" }|" \
      -e "s|^   homepage = \"\([^\"]*\)\",.*|   homepage = \"${HOMEPAGE:-\\1}\",|" \
      -e '/^-- .*make dist/d' \
      -e "s|luarocks make rockspec/\(.*\)-scm-1|luarocks build \1-$revision|" \
      "rockspec/$1-scm-1.rockspec" >"$folder/$1-$revision.rockspec"
}

for path in rockspec/*-scm-1.rockspec; do
   rock=$(basename "$path" -scm-1.rockspec)
   rockspec "$rock" "$here/$name.tar.gz"
   if command -v luarocks >/dev/null; then
      (cd $folder && luarocks pack "$rock-$revision.rockspec" >/dev/null)
   fi
   rockspec "$rock" "$url"
done
ls $folder/*
