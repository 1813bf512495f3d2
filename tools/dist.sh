#!/bin/sh
# make dist: a source archive of HEAD and a rockspec of each rock with the version that
# lua/twilio/util/version.lua names, in build/dist.
#
#   luarocks build twilio-0.1.0-1.rockspec    in a folder with that rockspec and the archive alone
#
# URL= is the folder that the archive will be downloaded from (without it: the current folder),
# HOMEPAGE= the rocks' home page.
set -eu
cd "$(dirname "$0")/.."

version=$(sed -n 's/^return "\(.*\)"$/\1/p' lua/twilio/util/version.lua)
name=twilio-$version
folder=build/dist
rm -rf $folder
mkdir -p $folder

# gzip -n: no time in it, so that the same commit makes the same archive.
git archive --format=tar --prefix="$name/" HEAD >"$folder/$name.tar"
gzip -n9 "$folder/$name.tar"

url=${URL:+${URL%/}/$name.tar.gz}
for rock in twilio twilio-sandbox; do
   sed -e "s|^version = .*|version = \"$version-1\"|" \
      -e "s|^source = .*|source = { url = \"${url:-file://$name.tar.gz}\", dir = \"$name\" }|" \
      -e '/^-- .*make dist/d' -e 's|luarocks make rockspec/\(.*\)-scm-1|luarocks build \1-'"$version-1|" \
      -e "s|^   homepage = \"\([^\"]*\)\",.*|   homepage = \"${HOMEPAGE:-\\1}\",|" \
      rockspec/$rock-scm-1.rockspec >"$folder/$rock-$version-1.rockspec"
done
ls $folder/*
