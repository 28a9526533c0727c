import { expect, test } from 'vitest';
import { corner, entry, logIn, push, startServer } from './support.ts';

// P-15.7, P-15.8.

test('a message whose time is over is given to nobody, one whose time is to come is', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);
  const [seconds = '0'] = await at.redis.time();
  const inAMinute = (Number(seconds) + 60) * 1_000;

  await push(
    at,
    server,
    'private',
    entry(2, { data: '1', more: ',"x":{"expiresAt":1000}' }),
    entry(2, { data: '2', more: `,"x":{"expiresAt":${inAMinute}}` }),
  );

  expect(await at.nextResult()).toMatchObject({ code: 2, stage: 'queued', reason: 'OUTDATED', data: 1 });
  expect(await at.nextResult()).toMatchObject({ code: 0, data: 2 });
  expect(await device.next()).toMatchObject({ data: 2 });
});

test('of what is taken at once only the youngest with a key is given to its receiver', async () => {
  const at = corner();
  const server = await startServer(at);
  const [two, three] = [await logIn(server, 2), await logIn(server, 3)];
  const price = (userId: number, data: string, key = 'price'): string =>
    entry(userId, { data, more: `,"x":{"replaces":"${key}"}` });

  await push(
    at,
    server,
    'private',
    ...[price(2, '1'), price(3, '2'), price(2, '3', 'rain'), price(2, '4'), entry(2, { data: '5' })],
  );

  expect([await two.next(), await two.next(), await two.next()].map(({ data }) => data)).toEqual([3, 4, 5]);
  expect(await three.next()).toMatchObject({ data: 2 });
  const results = [];
  for (let n = 1; n <= 5; n += 1) results.push(await at.nextResult());
  const replaced = results.filter(({ reason }) => reason === 'REPLACED');
  expect(replaced).toEqual([expect.objectContaining({ code: 2, stage: 'queued', data: 1 })]);
});

test('a device that reads too slowly is spared what is no news any more, and not closed for it', async () => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 60_000 });
  const device = await logIn(server, 2);
  const count = 500;
  device.pause();

  for (let n = 1; n <= count; n += 1) {
    const data = `[${n},"${'x'.repeat(40_000)}"]`;
    await push(at, server, 'private', entry(2, { data, more: ',"x":{"replaces":"price"}' }));
  }
  await at.nextResult(); // the first of those that were replaced
  device.resume();

  const last = await device.next(({ data }) => (data as [number])[0] === count);
  expect(last.cmd).toBe(3);
  expect(device.frames.length).toBeLessThan(count);
});
