# Microseconds of CPU that one of twilio-python's access tokens takes, for bench/token/run.lua.
#
#    python3 bench/token/python.py COUNT       (Debian's python3-twilio)
import sys
import time

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

COUNT = int(sys.argv[1])
ZEROS = "0" * 32


def make():
    token = AccessToken("AC" + ZEROS, "SK" + ZEROS, "secret", identity="alice")
    token.add_grant(VoiceGrant(outgoing_application_sid="AP" + ZEROS, incoming_allow=True))
    return token.to_jwt()


for _ in range(COUNT // 10):
    make()
start = time.process_time()
for _ in range(COUNT):
    make()
print("%.2f" % ((time.process_time() - start) / COUNT * 1e6))
