#!/bin/sh
# twilio-node (npm "twilio"), unpacked below build/twilio-node; prints the folder. The second source of the API data, and the one of
# TwiML's grammar. Needs npm.
#
#   tools/openapi/node/fetch.sh             the version that tools/mock_server/package.json names, of which the data is made
#   tools/openapi/node/fetch.sh 6.3.1       that version
#   tools/openapi/node/fetch.sh latest      the newest
set -eu
cd "$(dirname "$0")/../../.."
version=${1:-$(sed -n 's/.*"twilio-node": "\(.*\)".*/\1/p' tools/mock_server/package.json)}
[ "$version" != latest ] || version=$(npm view twilio version)
folder=build/twilio-node/$version
if [ ! -f "$folder/package/package.json" ]; then
   rm -rf "$folder" "$folder.tmp"
   mkdir -p "$folder.tmp"
   (cd "$folder.tmp" && tar xzf "$(npm pack --silent "twilio@$version")")
   mv "$folder.tmp" "$folder"
fi
echo "$folder/package"
