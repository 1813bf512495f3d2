"""Tests with Python's unittest and twilio-python, against `make sandbox`; the account has a sandbox of its own.

HTTPS_PROXY=http://localhost:8444 SANDBOX=https://localhost:8443 SANDBOX_CA=build/sandbox/ca.pem python3 test_messages.py
"""
import json, os, ssl, unittest, urllib.request
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

ACCOUNT, SHOP, CUSTOMER = "AC" + "2" * 32, "+14155550100", "+15558675310"
client = Client(ACCOUNT, "secret")
client.http_client.session.verify = os.environ["SANDBOX_CA"]
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(
    context=ssl.create_default_context(cafile=os.environ["SANDBOX_CA"])))

def sandbox(command, **fields):
    return json.load(direct.open(urllib.request.Request(
        f"{os.environ['SANDBOX']}/__sandbox/{command}", json.dumps(fields).encode(),
        {"Content-Type": "application/json", "X-Sandbox": "python"})))

class Messages(unittest.TestCase):
    def setUp(self):
        sandbox("namespaces", name="python", accounts=[ACCOUNT])
        sandbox("reset")
        client.incoming_phone_numbers.create(phone_number=SHOP)

    def test_a_message_is_delivered(self):
        message = client.messages.create(from_=SHOP, to=CUSTOMER, body="Hello")
        sandbox("wait", kind="message", match={"sid": message.sid, "status": "delivered"})
        self.assertEqual(client.messages(message.sid).fetch().body, "Hello")

    def test_nothing_is_sent_after_stop(self):
        sandbox("receive_message", **{"from": CUSTOMER, "to": SHOP, "body": "STOP"})
        with self.assertRaises(TwilioRestException) as refusal:
            client.messages.create(from_=SHOP, to=CUSTOMER, body="Hello")
        self.assertEqual(refusal.exception.code, 21610)

unittest.main()
