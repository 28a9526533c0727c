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
device.on('state', (state) => {
  console.log(`device: ${state.kind}`);
  if (state.kind === 'online') void push();
});
device.start();

for await (const message of device) {
  console.log(`device: ${message.kind} message`, message.data);
  // The next turn of the loop takes it; this one leaves the loop when it has come twice.
  if (message.kind === 'private' && message.data.text === 'goodbye') break;
}

async function push(): Promise<void> {
  for (const text of ['hello', 'goodbye']) {
    const sent = await im.client.sendPrivateMessage({
      sender: { id: 1, terminal: 0 },
      recvId: 2,
      recvTerminals: [0],
      data: { text },
    });
    console.log('backend:', await sent.results());
  }
}
