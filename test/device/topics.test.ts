import { withTopics } from 'im-device/topics';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeDevice, online, reached, startIm } from './support/devices.ts';

// P-13.10, from the device's end.

const sender = { id: 1, terminal: 0 };
const keep = { forMs: 60_000, most: 5 };

/** A network that can be away. */
class Network {
  isThere = true;
  readonly #sockets: WebSocket[] = [];

  get WebSocket(): new (url: string) => WebSocket {
    const [sockets, isThere] = [this.#sockets, () => this.isThere];
    return class extends WebSocket {
      constructor(url: string) {
        super(isThere() ? url : 'ws://127.0.0.1:1/');
        sockets.push(this);
      }
    };
  }

  cut(): void {
    this.isThere = false;
    this.#sockets.at(-1)?.terminate();
  }
}

test('a device knows its topics, and misses nothing of them between two connections, or reloads', async () => {
  const im = await startIm();
  const { client } = im;
  const send = async (data: unknown): Promise<void> => {
    await client.sendGroupMessage({ sender, topic: 'room', data, sendToSelf: false, keep });
  };
  await client.topics.add('room', [2]);
  await send('before it came');
  const network = new Network();
  const device = withTopics(makeDevice({ url: im.server.url, WebSocket: network.WebSocket }));
  const [seen, loaded, changes]: [unknown[], string[], string[][]] = [[], [], []];
  device.on('message', ({ data }) => {
    seen.push(data);
  });
  let failures = 1;
  device.onReload((topic) => {
    failures -= 1;
    if (failures >= 0) throw new Error('the backend is away');
    loaded.push(topic);
  });
  device.onTopics((topics) => changes.push([...topics]));
  await online(device);

  // Nothing is known of it at first, and what failed is tried again.
  await expect.poll(() => loaded).toEqual(['room']);
  await client.topics.add('hall', [2]);
  await expect.poll(() => changes.at(-1)).toEqual(['room', 'hall']);
  await client.topics.remove('hall', [2]);
  await expect.poll(() => [...device.topics]).toEqual(['room']);
  await send('a');
  await expect.poll(() => seen).toEqual(['a']);

  network.cut();
  await reached(device, 'waiting');
  await send('b');
  await send('c');
  network.isThere = true;
  device.wake();
  await reached(device, 'online');
  await send('d');
  await expect.poll(() => seen).toEqual(['a', 'b', 'c', 'd']);
  expect(loaded).toEqual(['room']);

  network.cut();
  await reached(device, 'waiting');
  for (let index = 1; index <= 6; index += 1) await send(index);
  network.isThere = true;
  device.wake();
  await expect.poll(() => loaded).toEqual(['room', 'room']);
});
