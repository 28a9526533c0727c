// A device asks a service and gets its reply, says something that needs none, and is asked itself.
import { createToken } from 'im-common/token';
import { createDevice } from 'im-device';
import { withUplink } from 'im-device/uplink';
import { createIm } from 'im-embedded';
import { UplinkRefusal } from 'im-client';
import { WebSocket } from 'ws';

const jwtSecret = 'only-for-this-example';
const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret, uplinkTo: ['shop'] });

// The service: in series per user, each uplink once unless this process dies over it; `id` tells a repetition.
const baskets = new Map<string, string[]>();
im.client.onUplink<{ readonly add?: string }>('shop', ({ user, data }) => {
  if (data.add === undefined) throw new UplinkRefusal('there is nothing to add');
  const basket = [...(baskets.get(user) ?? []), data.add];
  baskets.set(user, basket);
  return { items: basket.length };
});
await im.start();

// The device, as a page has it.
const device = withUplink(
  createDevice({
    url: im.server.url,
    token: () => createToken(jwtSecret, { userId: 2, terminal: 0, expiresInS: 60 }),
    WebSocket,
  }),
);
device.onRequest((question) => `"${String(question)}"? I am fine`);
device.start();

await device.send('shop', { add: 'tea' }); // stored: the service gets it
console.log('reply:', await device.request('shop', { add: 'milk' }));
await device.request('shop', {}).catch((error: unknown) => console.log(`refused: ${String(error)}`));

// The other way: the backend asks this one device.
const answer = await im.client.request({ userId: 2, terminal: 0, data: 'how are you', timeoutMs: 5_000 });
console.log('the device says:', answer);

await device.close();
await im.close();
