import { once } from 'node:events';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { corner, entry, logIn, push, startServer, tokenOf, until } from './support.ts';

test('a device that does not read is cut off; others get theirs meanwhile, and nobody waits', async () => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 60_000, maxBufferedBytes: 1_000_000 });
  const slow = await logIn(server, 2);
  const quick = await logIn(server, 3);
  const count = 400;
  const data = `"${'x'.repeat(100_000)}"`; // 40 MB in all: far more than the two ends' socket buffers take

  slow.pause();
  for (let n = 0; n < count; n += 1) {
    await push(at, server, 'private', entry(2, { data }));
    if (n % 10 === 0) await push(at, server, 'private', entry(3, { data: String(n) }));
  }

  const reasons = new Map<unknown, number>();
  for (let n = 0; n < count + count / 10; n += 1) {
    const result = await at.nextResult();
    const reason = result['reason'];
    expect((result['receiver'] as { id: number }).id).toBe(reason === undefined ? 3 : 2);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  expect(reasons.get(undefined)).toBe(count / 10);
  expect(reasons.get('SLOW_READER')).toBeGreaterThan(1);
  // What was held for it was bounded: the rest found it gone.
  expect(reasons.get('NO_CHANNEL')).toBeGreaterThan(count / 3);
  expect(quick.frames.filter(({ cmd }) => cmd === 3).map(({ data }) => data)).toEqual(
    Array.from({ length: count / 10 }, (_, n) => n * 10),
  );
  slow.resume();
  expect([1006, 4413]).toContain((await slow.closed).code);
});

test('a device that asks without reading the answers is cut off', async () => {
  const at = corner();
  const server = await startServer(at, {
    maxFramesPerSecond: 1_000_000,
    maxBytesPerSecond: 1_000_000_000,
    maxBufferedBytes: 10_000,
  });
  const socket = new WebSocket(server.url);
  onCleanup(() => socket.terminate());
  await once(socket, 'open');
  socket.send(JSON.stringify({ cmd: 0, data: { accessToken: await tokenOf(2), devId: 1 } }));
  await once(socket, 'message');

  socket.pause();
  const asking = setInterval(() => {
    for (let n = 0; n < 5_000; n += 1) socket.send('{"cmd":1,"data":{}}');
  }, 5);
  onCleanup(() => clearInterval(asking));

  const route = at.key('im:user:server_id:2:0');
  // When the buffers of the system are full: several megabytes of answers.
  await until('it is cut off', async () => (await at.redis.exists(route)) === 0, 80_000);
  await until('its wire is gone', async () => {
    return (await server.metrics.text()).includes('im_closes_total{code="4413"} 1');
  });
});

test('a message larger than maxBufferedBytes still reaches a device that reads', async () => {
  const at = corner();
  const server = await startServer(at, { maxBufferedBytes: 1_000 });
  const device = await logIn(server, 2);
  const data = `"${'x'.repeat(500_000)}"`;

  await push(at, server, 'private', entry(2, { data }));

  expect((await device.nextText()).length).toBe(data.length + '{"cmd":3,"data":}'.length);
  expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'proved' });
});
