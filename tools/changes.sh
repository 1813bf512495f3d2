#!/bin/sh
# Prints what changed in the API data and in TwiML's grammar since a commit, as lines for CHANGELOG.md: tools/changes.lua. Called by
# `make changes`.
#
#   SINCE=<commit> sh tools/changes.sh     HEAD by default: what `make generate` has changed
set -eu
cd "$(dirname "$0")/.."
rm -rf build/changes
mkdir -p build/changes
git archive "${SINCE:-HEAD}" lua/twilio | tar xf - -C build/changes
lua5.4 tools/changes.lua build/changes/lua/twilio lua/twilio
