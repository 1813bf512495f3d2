#!/bin/sh
# Compares the API data and TwiML's grammar with a release of twilio-node: tools/fresh.lua. Called by `make fresh`.
#
#   VERSION=6.3.1 sh tools/fresh.sh     "latest" if it isn't given; VERSION= is the one that the data is made of
#
# Exit status 1 if anything is missing. A newer release's additions come with its number in tools/mock_server/package.json and
# `make generate`.
set -eu
cd "$(dirname "$0")/.."
sh tools/openapi/fetch.sh
package=$(sh tools/openapi/node/fetch.sh ${VERSION-latest})
lua5.4 tools/fresh.lua compare build/openapi/package/src/services/twilio-api "$package"
