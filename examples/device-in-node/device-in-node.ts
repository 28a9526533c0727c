// A device in Node: it prints what is pushed to it, and its sender learns that it was taken.
import { createToken } from 'im-common/token';
import { createDevice } from 'im-device';
import { createIm } from 'im-embedded';
import { WebSocket } from 'ws';

const jwtSecret = 'only-for-this-example';
await using im = createIm({ host: '127.0.0.1', port: 0, jwtSecret });
await im.start();

await using device = createDevice<{ private: { text: string } }>({
  url: im.server.url,
  token: () => createToken(jwtSecret, { userId: 2, terminal: 0, expiresInS: 60 }),
  WebSocket, // Node 22 has one of its own
});
device.on('state', ({ kind }) => {
  console.log(`device: ${kind}`);
  if (kind === 'online') void push();
});
device.start();

// A message is taken when the loop asks for the next one. The loop ends with the device.
for await (const { kind, data } of device) console.log(`device: ${kind} message`, data);

async function push(): Promise<void> {
  const sent = await im.client.sendPrivateMessage({
    sender: { id: 1, terminal: 0 },
    recvId: 2,
    recvTerminals: [0],
    data: { text: 'hello' },
  });
  console.log('backend:', await sent.results());
  await device.close();
}
