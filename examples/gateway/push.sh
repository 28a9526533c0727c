#!/bin/sh
# Pushes a text to a user, and waits for what became of it.
set -eu
curl --silent --show-error --fail-with-body "${IM_GATEWAY_URL:-http://127.0.0.1:8880}/v1/push/private" \
  --header "Authorization: Bearer $IM_GATEWAY_API_KEY" \
  --header 'Content-Type: application/json' \
  --data "{\"sender\":{\"id\":1,\"terminal\":0},\"recvId\":${1:-2},\"recvTerminals\":[0],\"data\":{\"text\":\"${2:-hello}\"},\"waitMs\":12000}"
echo
