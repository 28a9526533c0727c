import { once } from 'node:events';
import { onCleanup, testRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { closeClient, keepConnected } from '../src/bus/redis/call.ts';

/** What ioredis does on its own account when a fail-over is announced at a bad moment: it ends and asks nobody. */
function giveUp(client: Redis): void {
  client.disconnect();
}

async function connectedClient(): Promise<Redis> {
  const client = new Redis(testRedis().url, { lazyConnect: true, enableOfflineQueue: false });
  onCleanup(() => closeClient(client));
  await client.connect();
  keepConnected(client);
  return client;
}

test('a connection that ioredis has given up comes back, again and again', async () => {
  const client = await connectedClient();

  for (let time = 1; time <= 3; time++) {
    const ready = once(client, 'ready');
    giveUp(client);
    await ready;
    expect(await client.ping()).toBe('PONG');
  }
});

test('one that was closed stays closed', async () => {
  const client = await connectedClient();
  const states: string[] = [];
  client.on('connecting', () => states.push('connecting'));

  const ended = once(client, 'end');
  closeClient(client);
  await ended;
  // Longer than the rest before a new attempt.
  await once(await anotherConnection(), 'end');

  expect(states).toEqual([]);
});

/** Comes back once after it was given up, and is closed then: an event that is later than any attempt of the first one. */
async function anotherConnection(): Promise<Redis> {
  const client = await connectedClient();
  const ready = once(client, 'ready');
  giveUp(client);
  await ready;
  setImmediate(() => closeClient(client));
  return client;
}
