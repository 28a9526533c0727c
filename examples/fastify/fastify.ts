// A backend in Fastify: it tells a user that an order is on its way, and hears whether that arrived. Devices get their tokens from it.
import Fastify from 'fastify';
import { createMemoryBus } from 'im-common/bus';
import { createDevice } from 'im-device';
import { imPlugin } from 'im-fastify';
import { createImServer } from 'im-server';
import { WebSocket } from 'ws';

// The push server, in the same process. Deployed, it is a program of its own, and `redis` stands below instead of `bus`.
const jwtSecret = 'only-for-this-example';
const bus = createMemoryBus();
await bus.start();
const server = createImServer({ bus, host: '127.0.0.1', port: 0, jwtSecret });
await server.start();

const app = Fastify();
await app.register(imPlugin, {
  ...{ service: 'shop', bus, terminals: [0] },
  token: {
    secret: jwtSecret,
    userOf: ({ headers }) => ({ userId: String(headers['x-user']), terminal: 0 }), // here your session says who it is
  },
});

app.im.on('private', (results) => {
  for (const { receiver, reason } of results)
    if (reason) console.log(`user ${receiver.id} was not told: ${reason}`);
});
app.post<{ Params: { order: string }; Querystring: { to: string } }>(
  '/orders/:order/ship',
  async ({ params, query }) => {
    const message = { sender: { id: 1, terminal: 0 }, recvId: query.to, data: { order: params.order } };
    const [result] = await (await app.im.sendPrivateMessage(message)).results();
    return result?.reason ?? 'told';
  },
);
await app.listen({ port: 0, host: '127.0.0.1' });

// The device of user 2. User 3 has none.
const headers = { 'x-user': '2' };
const token = async () => (await fetch(`${app.listeningOrigin}/im/token`, { headers })).text();
const device = createDevice({ url: server.url, token, WebSocket });
device.on('message', ({ data }) => console.log('device:', data));
device.on('state', ({ kind }) => {
  if (kind === 'online') void shipBoth();
});
device.start();

async function shipBoth(): Promise<void> {
  for (const order of ['7/ship?to=2', '8/ship?to=3']) {
    const answer = await fetch(`${app.listeningOrigin}/orders/${order}`, { method: 'POST' });
    console.log(`order ${order}: ${await answer.text()}`);
  }
  await device.close();
  await server.close();
  await app.close();
  await bus.close();
}
