// A room is a topic: people come and go, and a message costs one entry for each server, however many they are.
import { once } from 'node:events';
import { createToken } from 'im-common/token';
import { createIm } from 'im-embedded';
import { WebSocket } from 'ws';

const jwtSecret = 'only-for-this-example';
const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret });
await im.start();
const { topics } = im.client;

async function connect(userId: number, name: string): Promise<WebSocket> {
  const device = new WebSocket(im.server.url);
  await once(device, 'open');
  const accessToken = await createToken(jwtSecret, { userId, terminal: 0, expiresInS: 60 });
  device.send(JSON.stringify({ cmd: 0, data: { accessToken, devId: userId } }));
  await once(device, 'message'); // logged in
  device.on('message', (frame: Buffer) => {
    const { data } = JSON.parse(frame.toString()) as { data: string };
    console.log(`${name} hears: ${data}`);
  });
  return device;
}

async function say(userId: number, text: string): Promise<void> {
  const sender = { id: userId, terminal: 0 };
  // Whoever speaks need not hear it on the same device.
  const sent = await im.client.sendGroupMessage({ sender, topic: 'room-7', except: [sender], data: text });
  for (const { count, stage } of await sent.counts()) console.log(`"${text}": ${count} devices, ${stage}`);
}

const devices = [await connect(1, 'Ann'), await connect(2, 'Bob'), await connect(3, 'Cleo')];
await topics.add('room-7', [1, 2, 3, 4]); // user 4 is away
console.log(`${await topics.countOnline('room-7')} of room-7 are here`);
await say(1, 'hello');
await topics.remove('room-7', [3]);
await say(2, 'is Cleo gone?');

for (const device of devices) device.close();
await im.close();
