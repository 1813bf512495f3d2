#!/bin/sh
# Builds the reference and looks at some of its pages in headless Chromium: a screenshot of each in
# build, and no error in the console. The last one is a search.

set -eu
cd "$(dirname "$0")/../.."
make -s docs LUA=lua5.4
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
for page in index.html api/messages.html modules/twilio.html guides/webhooks.html \
   'index.html#?status_callback_event'; do
   picture=build/docs-$(basename "$page" | tr -dc 'a-z_').png
   rm -f "$picture"
   timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$profile" \
      --window-size=1200,900 --enable-logging=stderr --screenshot="$picture" \
      "file://$PWD/build/docs/$page" 2>"$profile/log"
   [ -s "$picture" ]
   if grep CONSOLE "$profile/log"; then exit 1; fi
done
