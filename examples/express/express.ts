// A backend in Express with the push server in it, on the same port: it tells a user that an order is on its way, and hears whether
// that arrived. Devices get their tokens from it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createToken } from 'im-common/token';
import { createDevice } from 'im-device';
import { createIm } from 'im-embedded';
import { WebSocket } from 'ws';

const jwtSecret = 'only-for-this-example';
const app = express();
const web = createServer(app); // instead of app.listen(), which hides it
const im = createIm({ httpServer: web, jwtSecret, terminals: [0] });

app.get('/im/token', async (request, response) => {
  const userId = request.get('x-user'); // here your session says who it is
  if (userId === undefined) response.status(401).end();
  else
    response
      .set('cache-control', 'no-store')
      .type('text')
      .send(await createToken(jwtSecret, { userId, terminal: 0, expiresInS: 3_600 }));
});

im.client.on('private', (results) => {
  for (const { receiver, reason } of results)
    if (reason) console.log(`user ${receiver.id} was not told: ${reason}`);
});
type Shipping = express.RequestHandler<{ order: string }, string, unknown, { to: string }>;
const ship: Shipping = async ({ params, query }, response) => {
  const message = { sender: { id: 1, terminal: 0 }, recvId: query.to, data: { order: params.order } };
  const [result] = await (await im.client.sendPrivateMessage(message)).results();
  response.send(result?.reason ?? 'told');
};
app.post('/orders/:order/ship', ship);
await once(web.listen(0, '127.0.0.1'), 'listening');
await im.start();
const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;

// The device of user 2. User 3 has none.
const token = async () => (await fetch(`${url}/im/token`, { headers: { 'x-user': '2' } })).text();
const device = createDevice({ url: im.server.url, token, WebSocket });
device.on('message', ({ data }) => console.log('device:', data));
device.on('state', ({ kind }) => {
  if (kind === 'online') void shipBoth();
});
device.start();

async function shipBoth(): Promise<void> {
  for (const order of ['7/ship?to=2', '8/ship?to=3']) {
    const answer = await fetch(`${url}/orders/${order}`, { method: 'POST' });
    console.log(`order ${order}: ${await answer.text()}`);
  }
  await device.close();
  // The order of the end: devices, requests, client (docs/embed.md).
  await im.server.drain();
  await new Promise((resolve) => web.close(resolve));
  await im.close();
}
