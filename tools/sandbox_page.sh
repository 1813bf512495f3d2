#!/bin/sh
# Tests the served sandbox's page in Debian's Chromium, headless (packages chromium, nodejs, npm).
#
#   tools/sandbox_page.sh [SCREENSHOT.png]     build/sandbox-page.png unless told; beside it -forms, -errors, -detail and -phone

set -eu
cd "$(dirname "$0")/.."
screenshot=${1:-build/sandbox-page.png}
clients=build/clients

make -s LUA=luajit
[ -d "$clients/node_modules/puppeteer-core" ] || npm install --silent --no-audit --no-fund --prefix "$clients" puppeteer-core@24.10.0

folder=$(mktemp -d)
trap 'tools/nginx.sh stop "$folder/sandbox"; tools/nginx.sh stop "$folder/app"; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
export TWILIO_AUTH_TOKEN=0123456789abcdef0123456789abcdef
sandbox=$(tools/nginx.sh start examples/sandbox/nginx.conf "$folder/sandbox")
app=$(tools/nginx.sh start examples/webhook_app/nginx.conf "$folder/app")

# The page is to show a number, a message whose text tries to be HTML, a call with a transcript.
to=+14155550100
text='<img src=x> & "quotes"'
post() {
   path=$1
   shift
   curl -sS --fail --cacert "$folder/sandbox/ca.pem" -u "AC00000000000000000000000000000001:$TWILIO_AUTH_TOKEN" \
      "https://localhost:$sandbox$path" "$@" -o /dev/null
}
account=/2010-04-01/Accounts/AC00000000000000000000000000000001
post "$account/IncomingPhoneNumbers.json" --data-urlencode "PhoneNumber=$to" \
   --data-urlencode "SmsUrl=http://127.0.0.1:$app/sms" --data-urlencode "VoiceUrl=http://127.0.0.1:$app/voice"
post "$account/Messages.json" --data-urlencode "To=+15558675310" --data-urlencode "From=$to" --data-urlencode "Body=$text"
verify() { curl -sS --fail --cacert "$folder/sandbox/ca.pem" -u "AC00000000000000000000000000000001:$TWILIO_AUTH_TOKEN" \
   -H "X-Original-Host: verify.twilio.com" "https://localhost:$sandbox/v2/Services$1" -d "$2"; }
service=$(verify "" FriendlyName=Shop | sed 's/.*"sid":"\(VA[0-9a-f]*\)".*/\1/')
verify "/$service/Verifications" "To=%2B15558675310&Channel=sms&CustomCode=471147" >/dev/null
# A refusal, with markup in a parameter.
curl -sS --cacert "$folder/sandbox/ca.pem" -u "AC00000000000000000000000000000001:$TWILIO_AUTH_TOKEN" \
   "https://localhost:$sandbox$account/Messages.json" -d "To=<b>nobody</b>&From=$to&Body=x" -o /dev/null
post /__sandbox/receive_call -H "Content-Type: application/json" -d "{\"from\":\"+15558675310\",\"to\":\"$to\",\"digits\":[\"1\"]}"

node tools/sandbox_page.mjs "https://localhost:$sandbox" "$PWD/$clients" "$screenshot" "$to" "$text" "http://127.0.0.1:$app/nowhere"
