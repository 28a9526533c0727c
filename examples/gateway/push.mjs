// Pushes a text to a user, and prints what the webhook says of it. Node 20, nothing else.
/* global Buffer, console, fetch, process */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const { IM_GATEWAY_URL = 'http://127.0.0.1:8880', WEBHOOK_PORT = '8881', ...env } = process.env;
const secret = Buffer.from(env.IM_GATEWAY_WEBHOOK_SECRET.replace(/^whsec_/, ''), 'base64');

/** Whether a webhook comes from our gateway, and is not an old one that somebody plays again. */
function isGenuine(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(at)) < 300)) return false;
  const expected = Buffer.from(createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64'));
  return signatures.split(' ').some((signature) => {
    const shown = Buffer.from(signature.replace(/^v1,/, ''));
    return shown.length === expected.length && timingSafeEqual(shown, expected);
  });
}

const server = createServer(async (request, response) => {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  if (!isGenuine(request.headers, body)) {
    response.writeHead(401).end();
    return;
  }
  const { type, results } = JSON.parse(body);
  response.writeHead(204, { connection: 'close' }).end();
  if (type !== 'results') return;
  for (const { receiver, stage, reason } of results)
    console.log(`webhook: user ${receiver.id}, terminal ${receiver.terminal}: ${reason ?? stage}`);
  server.close();
});
server.listen(Number(WEBHOOK_PORT), '127.0.0.1');
await once(server, 'listening');

const [recvId = '2', text = 'hello'] = process.argv.slice(2);
const answer = await fetch(`${IM_GATEWAY_URL}/v1/push/private`, {
  method: 'POST',
  headers: { authorization: `Bearer ${env.IM_GATEWAY_API_KEY}`, 'content-type': 'application/json' },
  body: JSON.stringify({ sender: { id: 1, terminal: 0 }, recvId, recvTerminals: [0], data: { text } }),
});
const said = await answer.json();
if (!answer.ok) throw new Error(`${said.code}: ${said.detail}`);
console.log(`queued for terminals ${JSON.stringify(said.queued.map(({ terminal }) => terminal))}`);
