import { expect, test } from 'vitest';
import { corner, entry, logIn, push, startServer } from './support.ts';

// P-6.6, P-11.3.

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('a thousand entries for one user arrive in their order, across batches, pieces and pongs', async () => {
  const at = corner();
  const server = await startServer(at, { pullBatch: 64 });
  const device = await logIn(server, 2);
  const filler = 'x'.repeat(500);

  for (let first = 0; first < 1_000; first += 125) {
    const texts = numbers(125).map((n) => entry(2, { data: `{"n":${first + n},"f":"${filler}"}` }));
    await push(at, server, 'private', ...texts);
  }

  await device.next(({ cmd, data }) => cmd === 3 && (data as { n: number }).n === 999);
  const seen = device.frames.filter(({ cmd }) => cmd === 3).map(({ data }) => (data as { n: number }).n);
  expect(seen).toEqual(numbers(1_000));
  for (const n of numbers(1_000)) expect((await at.nextResult())['data']).toMatchObject({ n });
});

test('entries that waited before the device came back arrive in their order', async () => {
  const at = corner();
  const server = await startServer(at);
  const first = await logIn(server, 2, { devId: 'page' });
  const texts = numbers(100).map((n) => entry(2, { data: String(n) }));

  await push(at, server, 'private', ...texts.slice(0, 50));
  const second = await logIn(server, 2, { devId: 'page' });
  await push(at, server, 'private', ...texts.slice(50));
  await second.next(({ data }) => data === 99);

  const seen = [...first.frames, ...second.frames].filter(({ cmd }) => cmd === 3).map(({ data }) => data);
  expect(seen).toEqual([...seen].sort((a, b) => Number(a) - Number(b)));
  expect(new Set(seen).size).toBe(seen.length);
});

test('a private message overtakes fifty thousand queued group messages', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);
  const flood = numbers(50_000).map((n) => entry(2, { data: String(n), sendResult: false }));
  const group = at.key(`im:message:group:${server.id}`);

  // In one step: the server sees all of them or none.
  const together = at.redis.multi();
  for (let first = 0; first < flood.length; first += 5_000) {
    together.rpush(group, ...flood.slice(first, first + 5_000));
  }
  together.rpush(at.key(`im:message:private:${server.id}`), entry(2));
  await together.exec();

  await device.next(({ cmd }) => cmd === 3, { timeoutMs: 15_000 });
  expect(device.frames.filter(({ cmd }) => cmd === 4).length).toBeLessThan(10_000);
});

test('a flood for a device that reads arrives whole and in order', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);
  const texts = numbers(10_000).map((n) => entry(2, { data: String(n), sendResult: false }));

  for (let first = 0; first < texts.length; first += 2_500) {
    await push(at, server, 'group', ...texts.slice(first, first + 2_500));
  }

  await device.next(({ data }) => data === 9_999, { timeoutMs: 15_000 });
  const seen = device.frames.filter(({ cmd }) => cmd === 4).map(({ data }) => data);
  expect(seen).toEqual(numbers(10_000));
});

test('a device that fills the server with messages it does not prove is cut off, and the next one gets its own', async () => {
  const at = corner();
  const server = await startServer(at, { maxInFlight: 500, proofTimeoutMs: 60_000 });
  const bad = await logIn(server, 2, { autoPong: false });
  const good = await logIn(server, 3);

  await push(at, server, 'private', ...numbers(2_000).map((n) => entry(2, { data: String(n) })), entry(3));

  expect((await good.next()).cmd).toBe(3);
  expect((await bad.closed).code).toBe(4413);
  expect(await at.nextResult()).toMatchObject({
    code: 2,
    reason: 'SLOW_READER',
    receiver: { id: 2, terminal: 0 },
  });
});
