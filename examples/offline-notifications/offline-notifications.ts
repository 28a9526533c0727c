// Pushes that wait: user 2 is not there when they are sent, gets them at the next login, and the backend hears of it.
import { createToken } from 'im-common/token';
import { createDevice } from 'im-device';
import { createIm } from 'im-embedded';
import { WebSocket } from 'ws';

const jwtSecret = 'only-for-this-example';
await using im = createIm({ host: '127.0.0.1', port: 0, jwtSecret });
await im.start();

const ends: string[] = [];
const allEnded = new Promise<void>((resolve) => {
  im.client.on('kept', (results) => {
    for (const { data, reason = 'delivered' } of results) ends.push(`${JSON.stringify(data)}: ${reason}`);
    if (ends.length === 4) resolve();
  });
});

const message = {
  ...{ sender: { id: 1, terminal: 0 }, recvId: 2, recvTerminals: [0] },
  keep: { forMs: 60_000, most: 100 },
};
for (const data of ['your order is on its way', 'it has arrived']) {
  const sent = await im.client.sendPrivateMessage({ ...message, data });
  console.log('backend:', (await sent.results())[0]?.reason, 'for', sent.kept);
}
// Of a price only the latest matters.
for (const data of [{ price: 7 }, { price: 8 }]) {
  await im.client.sendPrivateMessage({ ...message, replaces: 'price', data });
}

await using device = createDevice({
  url: im.server.url,
  token: () => createToken(jwtSecret, { userId: 2, terminal: 0, expiresInS: 60 }),
  WebSocket, // Node 22 has one of its own
});
device.on('message', ({ data, kept }) => console.log('device:', data, kept ? '(kept)' : ''));
device.start();

await allEnded;
for (const end of ends) console.log('backend:', end);
