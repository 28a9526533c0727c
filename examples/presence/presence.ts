// Who is online: a service keeps a list of its own from presence events, and asks for it all at once beside.
import { once } from 'node:events';
import { createToken } from 'im-common/token';
import { createIm } from 'im-embedded';
import { WebSocket } from 'ws';

const jwtSecret = 'only-for-this-example';
const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret });

/** User and terminal → the number of the last event, and whether the device is online. In your service: a table. */
const devices = new Map<string, { number: number; online: boolean }>();
let wake = (): void => undefined;

im.client.on('presence', (events) => {
  for (const event of events) {
    if (event.event === 'restart') {
      devices.clear();
      continue;
    }
    const { number, online, terminal, userId } = event;
    const key = `${userId}:${terminal}`;
    // Told before, or overtaken by what another server told.
    if (number <= (devices.get(key)?.number ?? 0)) continue;
    devices.set(key, { number, online });
    console.log(`${event.event}: user ${userId} on terminal ${terminal}, ${online ? 'online' : 'offline'}`);
  }
  wake();
});
await im.start();

const ann = await connect(1);
const bob = await connect(2);
await until(() => isOnline('1:0') && isOnline('2:0'));

ann.close(1000);
await until(() => !isOnline('1:0'));

for await (const page of im.client.onlineDevices()) {
  for (const { server, terminal, userId } of page)
    console.log(`there: user ${userId} on terminal ${terminal}, at server ${server}`);
}
console.log(`online: ${await im.client.countOnline()}`);

bob.close();
await im.close();

function isOnline(key: string): boolean {
  return devices.get(key)?.online ?? false;
}

async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise<void>((resolve) => (wake = resolve));
}

/** The device: any WebSocket client that logs in. */
async function connect(userId: number): Promise<WebSocket> {
  const device = new WebSocket(im.server.url);
  await once(device, 'open');
  const accessToken = await createToken(jwtSecret, { userId, terminal: 0, expiresInS: 60 });
  device.send(JSON.stringify({ cmd: 0, data: { accessToken, devId: userId } }));
  await once(device, 'message');
  return device;
}
