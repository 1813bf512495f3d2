#!/bin/sh
# Fetches Twilio's OpenAPI files from npm into build/openapi: the source of the API data, and of the mock server. Needs npm.
# The version is the one that tools/mock_server/package.json names.
set -eu
cd "$(dirname "$0")/../.."
package=$(sed -n 's/.*"package": "\(.*\)".*/\1/p' tools/mock_server/package.json)
version=${package##*@}
grep -qs "\"version\": \"$version\"" build/openapi/package/package.json && exit 0
rm -rf build/openapi
mkdir -p build/openapi
cd build/openapi
tar xzf "$(npm pack --silent "$package")"
