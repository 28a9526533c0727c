"""The shop hears what its customers write: a webhook of im-platform. Python 3.9 or newer, nothing else."""

import base64
import hashlib
import hmac
import json
import os
import re
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PLATFORM = os.environ.get("IM_PLATFORM_URL", "http://127.0.0.1:8888")
KEY = os.environ["IM_SERVER_KEY"]
PORT = int(os.environ.get("WEBHOOK_PORT", "7071"))


def is_genuine(secret, headers, body):
    """As docs/webhooks.md shows it: of the bytes as they came, before anybody parses them."""
    stamp = headers.get("webhook-timestamp", "")
    if not re.fullmatch("[0-9]{1,12}", stamp) or abs(time.time() - int(stamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers.get('webhook-id')}.{stamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest())
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one.encode(), expected) for one in given)


class Receiver(BaseHTTPRequestHandler):
    secret = ""
    seen = set()  # After a crash the same comes again: keep them in your database.

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_ours = is_genuine(self.secret, self.headers, body)
        if is_ours:
            self.take(json.loads(body))
        # Within five seconds, and once you have it for good: work later.
        self.send_response(204 if is_ours else 401)
        self.end_headers()

    def take(self, event):
        if event["id"] in self.seen:
            return
        self.seen.add(event["id"])
        message = event["data"]["message"]
        names = {user["id"]: user["externalId"] or user["userName"] for user in event["users"]}
        text = message["content"].get("text", message["content"]["type"])
        print(f"{names[message['senderId']]} in {message['conversationId']}: {text}", flush=True)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", PORT), Receiver)
url = f"http://127.0.0.1:{server.server_port}/webhooks"
request = urllib.request.Request(
    f"{PLATFORM}/v1/server/webhooks",
    json.dumps({"url": url, "events": ["message.created"]}).encode(),
    {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
)
with urllib.request.urlopen(request, timeout=10) as answer:
    # Shown this once: a back end keeps it, and registers once.
    Receiver.secret = json.load(answer)["secret"]
print(f"hears at {url}", flush=True)
server.serve_forever()
