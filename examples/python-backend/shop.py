"""A shop lets its customer and its clerk talk to each other. Python 3.9 or newer, nothing else."""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PLATFORM = os.environ.get("IM_PLATFORM_URL", "http://127.0.0.1:8888")
KEY = os.environ["IM_SERVER_KEY"]
ORDER = sys.argv[1] if len(sys.argv) > 1 else "4711"
WAIT_S = float(os.environ.get("WAIT_S", "2"))


def ask(method, path, body=None, once=None):
    """Asks /v1/server. `once` names what is asked for: sent again with it, it is done once."""
    headers = {"Authorization": f"Bearer {KEY}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if once is not None:
        headers["Idempotency-Key"] = once
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{PLATFORM}/v1/server{path}", data, headers, method=method)
    for attempt in range(5):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            problem = json.load(refused)
            # The same may be asked again: users and pairs are made once, messages by their key.
            if not problem["retryable"] or attempt == 4:
                sys.exit(f"{problem['code']}: {problem['detail']} {problem['cure']}")
            time.sleep(float(refused.headers.get("Retry-After", "1")))


def user(external_id, name):
    """A user of ours, by our own id. Asked at each sign-in, so that a new name is known."""
    ref = f"external:{external_id}"
    ask("PUT", f"/users/{urllib.parse.quote(ref, safe='')}", {"nickName": name})
    return ref


customer = user("customer-7", "Carla")
clerk = user("clerk-1", "Clerk of the shop")

# They may write to each other from now on.
conversation = ask("POST", "/private-conversations", {"users": [customer, clerk]})["conversationId"]
print(f"conversation: {conversation}", flush=True)

# For the customer's page, once they have signed in at the shop; it is over after an hour.
path = f"/users/{urllib.parse.quote(customer, safe='')}/tokens"
tokens = ask("POST", path, {"device": "web", "lifetimeS": 3600})
print(f"token: {tokens['accessToken']}", flush=True)

text = {"type": "text", "text": f"Your order {ORDER} is on its way."}
messages = f"/conversations/{urllib.parse.quote(conversation, safe='')}/messages"
sent = ask("POST", messages, {"from": clerk, "content": text}, once=f"order-{ORDER}-sent")
print(f"sent: number {sent['number']}", flush=True)

ends = time.monotonic() + WAIT_S
while True:
    delivery = ask("GET", f"{messages}/{sent['number']}/delivery")
    if delivery["status"] != "sent" or time.monotonic() > ends:
        break
    time.sleep(0.2)
print(f"delivery: {delivery['status']}", flush=True)
