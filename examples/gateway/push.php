<?php
// Pushes a text to a user, and prints what the webhook says of it. PHP 8, nothing else.
declare(strict_types=1);

$gateway = getenv('IM_GATEWAY_URL') ?: 'http://127.0.0.1:8880';
$port = getenv('WEBHOOK_PORT') ?: '8881';
$secret = base64_decode(preg_replace('/^whsec_/', '', (string) getenv('IM_GATEWAY_WEBHOOK_SECRET')), true);

/** Whether a webhook comes from our gateway, and is not an old one that somebody plays again. */
function isGenuine(array $headers, string $body, string $secret): bool
{
    $at = $headers['webhook-timestamp'] ?? '0';
    if (abs(time() - (int) $at) > 300) {
        return false;
    }
    $hash = hash_hmac('sha256', ($headers['webhook-id'] ?? '') . ".$at.$body", $secret, true);
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $shown) {
        if (hash_equals('v1,' . base64_encode($hash), $shown)) {
            return true;
        }
    }
    return false;
}

/** Reads one request from a socket. A web server would do this for you: there it is php://input and getallheaders(). */
function readRequest($socket): array
{
    $headers = [];
    fgets($socket); // POST /hooks HTTP/1.1
    while (($line = trim((string) fgets($socket))) !== '') {
        [$name, $value] = explode(':', $line, 2);
        $headers[strtolower($name)] = trim($value);
    }
    $body = stream_get_contents($socket, (int) ($headers['content-length'] ?? 0));
    return [$headers, (string) $body];
}

$server = stream_socket_server("tcp://127.0.0.1:$port");

$body = json_encode([
    'sender' => ['id' => 1, 'terminal' => 0],
    'recvId' => $argv[1] ?? '2',
    'recvTerminals' => [0],
    'data' => ['text' => $argv[2] ?? 'hello'],
], JSON_THROW_ON_ERROR);
$answer = file_get_contents("$gateway/v1/push/private", false, stream_context_create(['http' => [
    'method' => 'POST',
    'header' => ['Authorization: Bearer ' . getenv('IM_GATEWAY_API_KEY'), 'Content-Type: application/json'],
    'content' => $body,
    'timeout' => 10,
    'ignore_errors' => true,
]]));
$said = json_decode((string) $answer, true, 512, JSON_THROW_ON_ERROR);
if (isset($said['code'])) {
    exit("{$said['code']}: {$said['detail']}\n");
}
echo 'queued for terminals ', json_encode(array_column($said['queued'], 'terminal')), "\n";

for ($told = false; !$told;) {
    $socket = stream_socket_accept($server, 30);
    [$headers, $body] = readRequest($socket);
    $genuine = isGenuine($headers, $body, $secret);
    fwrite($socket, $genuine ? "HTTP/1.1 204 No Content\r\n" : "HTTP/1.1 401 Unauthorized\r\n");
    fwrite($socket, "connection: close\r\n\r\n");
    fclose($socket);
    $event = $genuine ? json_decode($body, true, 512, JSON_THROW_ON_ERROR) : ['type' => ''];
    if ($event['type'] !== 'results') {
        continue;
    }
    foreach ($event['results'] as $result) {
        $end = $result['reason'] ?? $result['stage'];
        echo "webhook: user {$result['receiver']['id']}, terminal {$result['receiver']['terminal']}: $end\n";
    }
    $told = true;
}
