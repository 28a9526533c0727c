"""Pushes a text to a user, and prints what the webhook says of it. Python 3.9 or newer, nothing else."""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

GATEWAY = os.environ.get("IM_GATEWAY_URL", "http://127.0.0.1:8880")
KEY = os.environ["IM_GATEWAY_API_KEY"]
PORT = int(os.environ.get("WEBHOOK_PORT", "8881"))
SECRET = base64.b64decode(os.environ["IM_GATEWAY_WEBHOOK_SECRET"].removeprefix("whsec_"))


def is_genuine(headers, body):
    """Whether a webhook comes from our gateway, and is not an old one that somebody plays again."""
    at = headers.get("webhook-timestamp", "0")
    if not at.isdecimal() or abs(time.time() - int(at)) > 300:
        return False
    signed = f"{headers.get('webhook-id')}.{at}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
    shown = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected, one) for one in shown)


class Webhooks(BaseHTTPRequestHandler):
    seen = False

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        genuine = is_genuine(self.headers, body)
        self.send_response(204 if genuine else 401)
        self.end_headers()
        if not genuine:
            return
        event = json.loads(body)
        if event["type"] != "results":
            return
        for result in event["results"]:
            receiver = result["receiver"]
            end = result.get("reason", result["stage"])
            print(f"webhook: user {receiver['id']}, terminal {receiver['terminal']}: {end}", flush=True)
        Webhooks.seen = True

    def log_message(self, *_):
        pass


def push(recv_id, text):
    body = {
        "sender": {"id": 1, "terminal": 0},
        "recvId": recv_id,
        "recvTerminals": [0],
        "data": {"text": text},
    }
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{GATEWAY}/v1/push/private", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        sys.exit(f"{refused.code}: {refused.read().decode()}")


server = HTTPServer(("127.0.0.1", PORT), Webhooks)
said = push(*(sys.argv[1:3] if len(sys.argv) > 2 else ["2", "hello"]))
print(f"queued for terminals {[one['terminal'] for one in said['queued']]}", flush=True)
while not Webhooks.seen:
    server.handle_request()
