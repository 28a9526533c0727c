// Embed the push server, connect a device, push to it, and hear what became of the message.
import { once } from 'node:events';
import { createToken } from 'im-common/token';
import { createIm } from 'im-embedded';
import { WebSocket } from 'ws';

const jwtSecret = 'only-for-this-example';
const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret });

im.client.on('private', (results) => {
  for (const { receiver, code, stage } of results) {
    console.log(`result: user ${receiver.id}, terminal ${receiver.terminal}: code ${code}, ${stage}`);
  }
});
await im.start();

// The device: any WebSocket client. It logs in with a token that your backend gave it.
const device = new WebSocket(im.server.url);
await once(device, 'open');
const accessToken = await createToken(jwtSecret, { userId: 2, terminal: 0, expiresInS: 60 });
device.send(JSON.stringify({ cmd: 0, data: { accessToken, devId: 1 } }));
await once(device, 'message'); // {"cmd":0,"data":null}: logged in
device.on('message', (frame: Buffer) => {
  console.log(`device: ${frame.toString()}`);
});

// The backend: user 1 writes to user 2.
const sent = await im.client.sendPrivateMessage({
  sender: { id: 1, terminal: 0 },
  recvId: 2,
  data: { text: 'hello' },
});
await sent.results();
device.close();
await im.close();
